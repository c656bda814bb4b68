"""Editions put in order, counted and closed."""

from datetime import timedelta

import pytest

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Edition, Entry, Paper
from broadsheet.core.record import Link, LinkKind
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.tally import tally
from tests.factories import DAY, announced, at, picked, preprint, votes

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(days=1)


def order() -> list[str]:
    return list(Entry.objects.order_by("edition__day", "position").values_list("paper__key", flat=True))


def lanterns() -> None:
    """Three papers of one day: one announced, two picked with 1 and 3 votes."""
    absorb_batch([
        preprint("2602.01001", title="An Announced Paper About Lanterns"),
        preprint("2602.01002", title="A Picked Paper About Lanterns", placements=(picked(0),), observations=(votes(1),)),
        preprint("2602.01003", title="A Loved Paper About Lanterns", placements=(picked(1),), observations=(votes(3),)),
    ])  # fmt: skip
    tally()


def test_picked_papers_lead_by_votes_and_positions_count_from_nothing() -> None:
    lanterns()
    assert print_editions(NEXT) == 1

    assert order() == ["2602.01003", "2602.01002", "2602.01001"]
    assert list(Entry.objects.order_by("position").values_list("position", flat=True)) == [0, 1, 2]


def test_today_s_edition_stays_open_and_yesterday_s_is_closed() -> None:
    lanterns()

    print_editions(DAY)
    assert Edition.objects.get().closed_at is None
    print_editions(NEXT)
    assert Edition.objects.get().closed_at


def test_an_open_edition_follows_the_votes() -> None:
    lanterns()
    print_editions(DAY)

    absorb_batch([preprint("2602.01002", title="A Picked Paper About Lanterns", placements=(picked(0),),
                           observations=(votes(99, at(hour=20)),))])  # fmt: skip
    tally()
    print_editions(DAY)

    assert order()[0] == "2602.01002"


def test_a_closed_edition_keeps_its_order_whatever_the_votes_become() -> None:
    lanterns()
    print_editions(NEXT)
    closed_at = Edition.objects.get().closed_at

    absorb_batch([preprint("2602.01002", title="A Picked Paper About Lanterns", placements=(picked(0),),
                           observations=(votes(99, at(hour=20)),))])  # fmt: skip
    tally()

    assert print_editions(NEXT) == 0
    assert order() == ["2602.01003", "2602.01002", "2602.01001"]
    assert Edition.objects.get().closed_at == closed_at


def test_an_edition_counts_its_papers_by_topic_source_and_code() -> None:
    code = Link(LinkKind.CODE, "https://code.example/lanterns")
    absorb_batch([
        preprint("2602.01001", title="A Paper With Code About Lanterns", links=(code,)),
        preprint("2602.01002", title="A Paper Without It About Lanterns", topics=("cs.CL",)),
    ])  # fmt: skip
    print_editions(NEXT)

    edition = Edition.objects.get()
    assert (edition.papers, edition.picked) == (2, 0)
    assert edition.facets == {"topic": {"cs.CL": 2, "cs.LG": 1}, "source": {"arxiv": 2}, "code": {"yes": 1}}


def test_a_withdrawn_paper_is_not_counted() -> None:
    absorb_batch([preprint(), preprint("2602.01002", title="A Paper Taken Back by Its Authors", withdrawn=True)])
    print_editions(NEXT)

    assert Edition.objects.get().papers == 1


def test_a_paper_may_stand_in_two_editions() -> None:
    absorb_batch([preprint(placements=(announced(0), picked(0, NEXT)))])
    print_editions(NEXT + timedelta(days=1))

    assert list(Edition.objects.order_by("day").values_list("day", "papers", "picked")) == [
        (DAY, 1, 0),
        (NEXT, 1, 1),
    ]
    assert Paper.objects.get().listed_on == NEXT
