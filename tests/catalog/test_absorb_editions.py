"""Editions, as the papers that are absorbed open and fill them."""

from datetime import timedelta

import pytest

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Edition, Entry, Paper
from broadsheet.jobs.edition import print_editions
from tests.factories import DAY, at, picked, preprint, record, votes

pytestmark = pytest.mark.django_db
AFTER = DAY + timedelta(days=9)


def paper(key: str = "2602.01001") -> Paper:
    return Paper.objects.get(identifiers__key=key)


def test_a_closed_edition_opens_again_for_a_paper_that_comes_late() -> None:
    absorb_batch([preprint()])
    print_editions(AFTER)
    assert Edition.objects.get().closed_at

    absorb_batch([preprint("2602.01002", title="A Paper That Comes a Day Late", placements=(picked(),))])

    assert Edition.objects.get().closed_at is None
    print_editions(AFTER)
    assert list(Entry.objects.order_by("position").values_list("paper__key", flat=True)) == [
        "2602.01002",
        "2602.01001",
    ]


def test_votes_and_another_position_at_the_source_leave_a_closed_edition_closed() -> None:
    absorb_batch(
        [
            record(
                "huggingface",
                "1",
                placements=(picked(5),),
                observations=(votes(1, at(hour=8)),),
                seen_at=at(hour=8),
            )
        ]
    )
    print_editions(AFTER)

    absorb_batch(
        [
            record(
                "huggingface",
                "1",
                placements=(picked(1),),
                observations=(votes(99, at(hour=9)),),
                seen_at=at(hour=9),
            )
        ]
    )

    assert Edition.objects.get().closed_at
    assert Entry.objects.get().placed == 1


def test_a_paper_that_people_pick_after_all_opens_the_edition_it_was_announced_in() -> None:
    absorb_batch([preprint()])
    print_editions(AFTER)

    absorb_batch([record("huggingface", "1", ids=("2602.01001",), placements=(picked(0),))])

    assert Edition.objects.get().closed_at is None
    assert Entry.objects.get().picked


def test_an_edition_that_loses_a_paper_is_counted_anew() -> None:
    page = record("page", placements=(picked(0, DAY),))
    absorb_batch([page, preprint("2602.01002", authors=("Cora Vane",), abstract="Oil.", placements=())])
    print_editions(AFTER)

    absorb_batch([preprint("2602.01001", placements=())])
    print_editions(AFTER)

    assert Entry.objects.get().paper.key == "2602.01001"
    assert paper("2602.01002").listed_on is None
