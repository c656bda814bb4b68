"""Records into rows, case by case. ``test_absorb_order`` holds the laws."""

from datetime import timedelta

import pytest
from django.db import transaction

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Edition, Entry, Identifier, Observation, Outbox, Paper, Version
from broadsheet.catalog.models import Record as RecordRow
from broadsheet.core import record as core_record
from broadsheet.core.record import Record
from broadsheet.jobs.edition import print_editions
from tests.catalog.tables import everything, outbox
from tests.factories import ABSTRACT, AUTHORS, DAY, TITLE, announced, at, picked, preprint, record, votes

pytestmark = pytest.mark.django_db
AFTER = DAY + timedelta(days=9)


def paper(key: str = "2602.01001") -> Paper:
    return Paper.objects.get(identifiers__key=key)


def keys() -> list[str]:
    return sorted(Paper.objects.values_list("key", flat=True))


def test_a_new_record_makes_a_paper_with_its_names_authors_version_and_place() -> None:
    done = absorb_batch([preprint()])

    assert (done.added, done.changed, done.unchanged, done.refused) == (1, 0, 0, [])
    assert paper().title == TITLE
    assert list(paper().identifiers.values_list("key", "scheme")) == [("2602.01001", "arxiv")]
    assert list(paper().authorships.order_by("position").values_list("author__key", "position")) == [
        ("ada-marlow", 0),
        ("bertil-quist", 1),
    ]
    assert list(paper().versions.values_list("number", "at")) == [(1, DAY)]
    assert list(paper().entries.values_list("edition__day", "picked", "by")) == [(DAY, False, "arxiv")]
    assert outbox() == [(paper().id, "put")]


def test_saying_it_again_changes_nothing() -> None:
    absorb_batch([preprint(), record("page", authors=AUTHORS)])
    before, told = everything(), outbox()

    done = absorb_batch([preprint(), record("page", authors=AUTHORS)])

    assert (done.added, done.changed, done.unchanged) == (0, 0, 2)
    assert everything() == before
    assert outbox() == told


PREPRINT = preprint()
VENUE = record("acl", "2026.acl-long.7", ids=("acl:2026.acl-long.7",), authors=AUTHORS, venue="ACL 2026")
PAGE = record("page", abstract=ABSTRACT[:70], author_count=2)


@pytest.mark.parametrize(
    "order", [(PREPRINT, VENUE, PAGE), (PAGE, VENUE, PREPRINT), (VENUE, PAGE, PREPRINT), (PAGE, PREPRINT, VENUE)]
)
def test_preprint_venue_and_saved_page_are_one_paper_in_any_order(order: tuple[Record, ...]) -> None:
    for one in order:
        absorb_batch([one])

    assert keys() == ["2602.01001"]
    assert paper().venue == "ACL 2026"
    assert paper().abstract == ABSTRACT
    assert paper().sources == ["arxiv", "acl", "page"]
    assert {one.key for one in Identifier.objects.all()} >= {"2602.01001", "acl:2026.acl-long.7"}


def test_a_bare_title_that_came_first_goes_to_one_paper_of_that_title_and_not_to_both() -> None:
    absorb_batch([record("page")])
    absorb_batch([preprint("2602.01001")])
    absorb_batch([preprint("2602.01002", authors=("Cora Vane",), abstract="Oil.")])

    assert keys() == ["2602.01001", "2602.01002"]
    assert RecordRow.objects.get(source="page").paper.key == "2602.01001"


def test_a_bare_title_that_comes_last_does_not_join_two_papers_of_that_title() -> None:
    absorb_batch([preprint("2602.01001"), preprint("2602.01002", authors=("Cora Vane",), abstract="Oil.")])
    absorb_batch([record("page")])

    assert keys() == ["2602.01001", "2602.01002"]


def test_two_held_papers_that_a_third_record_names_become_one() -> None:
    absorb_batch([preprint(), record("acl", "1", ids=("10.1234/lantern",), title="Lanterns, Revisited and Relit")])
    numbers = set(Paper.objects.values_list("id", flat=True))
    Outbox.objects.all().delete()

    absorb_batch([record("openreview", "x", ids=("2602.01001", "10.1234/lantern"))])

    assert keys() == ["2602.01001"]
    kept = paper().id
    assert paper("10.1234/lantern").id == kept
    assert sorted(outbox()) == sorted([(kept, "put"), *((one, "delete") for one in numbers - {kept})])


def test_a_joined_paper_stands_once_in_an_edition_and_keeps_its_place() -> None:
    absorb_batch([
        preprint("2602.01009", title="Another Paper of the Same Day, Listed Above", placements=(announced(0),)),
        preprint(placements=(announced(1),)),
        record("acl", "1", ids=("10.1234/lantern",), title="Lanterns, Revisited", placements=(announced(2),)),
    ])  # fmt: skip
    print_editions(AFTER)

    absorb_batch([record("openreview", "x", ids=("2602.01001", "10.1234/lantern"))])
    print_editions(AFTER)

    assert list(Entry.objects.order_by("position").values_list("paper__key", "position")) == [
        ("2602.01009", 0),
        ("2602.01001", 1),
    ]
    assert Edition.objects.get().papers == 2


def test_a_corrected_id_parts_what_the_wrong_one_joined() -> None:
    wrong = record(
        "acl", "1", ids=("2602.01001", "10.1234/x"), title="Ladders for Short Memories", seen_at=at(hour=8)
    )
    right = record("acl", "1", ids=("10.1234/x",), title="Ladders for Short Memories", seen_at=at(hour=9))
    absorb_batch([preprint(), wrong])
    assert keys() == ["2602.01001"]

    absorb_batch([right])

    assert keys() == ["10.1234/x", "2602.01001"]
    assert paper("2602.01001").title == TITLE
    assert paper("10.1234/x").title == "Ladders for Short Memories"


def test_two_papers_may_exchange_their_ids() -> None:
    one = {"title": "Lanterns, the First of Two Volumes", "authors": ("Ada Marlow",)}
    two = {"title": "Ladders, the Second of Two Volumes", "authors": ("Dov Lind",)}
    absorb_batch([record("a", "1", ids=("10.1234/1",), **one), record("a", "2", ids=("10.1234/2",), **two)])

    absorb_batch([record("a", "1", ids=("10.1234/2",), **one), record("a", "2", ids=("10.1234/1",), **two)])

    assert paper("10.1234/2").title == "Lanterns, the First of Two Volumes"
    assert paper("10.1234/1").title == "Ladders, the Second of Two Volumes"


def test_a_paper_keeps_its_number_when_a_better_id_renames_it() -> None:
    absorb_batch([record("page", authors=AUTHORS)])
    number, old_key = Paper.objects.values_list("id", "key").get()

    absorb_batch([preprint()])

    assert paper("2602.01001").id == number
    assert paper(old_key).key == "2602.01001"


def test_a_record_that_moves_takes_its_readings_along() -> None:
    page = record("page", observations=(votes(5),))
    absorb_batch([page, preprint("2602.01002", authors=("Cora Vane",), abstract="Oil.")])
    assert paper("2602.01002").signals == {"huggingface.votes": 5}

    absorb_batch([preprint("2602.01001")])

    assert paper("2602.01002").signals == {}
    assert Observation.objects.get().record.paper.key == "2602.01001"


def test_a_bad_record_is_refused_with_its_number_and_the_rest_goes_on() -> None:
    done = absorb_batch(
        [preprint("2602.01001"), record(title=" "), preprint("2602.01002", title="Another Fine Title Here")]
    )

    assert done.refused == [(1, "arxiv record ? has no title: give it one")]
    assert keys() == ["2602.01001", "2602.01002"]


@pytest.mark.parametrize(
    "hostile", ["\x00", "\ud800", "\u202e", "'; DROP TABLE paper; --", "%s", "😀", "a" * 100_000]
)
def test_hostile_text_in_every_field_is_kept_or_refused_and_stops_nothing(hostile: str) -> None:
    said = Record(
        source="page",
        source_id=hostile,
        title=f"Lanterns {hostile}",
        abstract=hostile,
        summary=hostile,
        summary_by=hostile,
        authors=(hostile, "Ada Marlow"),
        topics=(hostile,),
        keywords=(hostile,),
        venue=hostile,
        journal_ref=hostile,
        comment=hostile,
        licence=hostile,
        language=hostile,
        links=(core_record.Link(core_record.LinkKind.CODE, f"https://code.example/{hostile}"),),
        placements=(picked(by=hostile),),
        submitted_by=hostile,
        organization=hostile,
    )

    done = absorb_batch([said, preprint()])

    assert done.added + len(done.refused) == 2
    assert "2602.01001" in keys()
    assert absorb_batch([said, preprint()]).added == 0


def test_if_the_transaction_fails_nothing_stays() -> None:
    def absorb_and_fail() -> None:
        with transaction.atomic():
            absorb_batch([preprint()])
            assert Outbox.objects.count() == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        absorb_and_fail()

    assert not any(everything().values())
    assert outbox() == []


def test_a_paper_and_its_outbox_row_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("no room on the disk")

    monkeypatch.setattr("broadsheet.catalog.rows.write_outbox", broken)
    with pytest.raises(OSError, match="no room"), transaction.atomic():
        absorb_batch([preprint()])

    assert not any(everything().values())


def test_what_changes_nothing_about_the_paper_leaves_the_index_alone() -> None:
    absorb_batch([preprint(seen_at=at(hour=8))])
    Outbox.objects.all().delete()

    done = absorb_batch([preprint(seen_at=at(hour=9))])

    assert (done.added, done.changed) == (0, 0)
    assert outbox() == []


def test_a_new_name_alone_goes_to_the_index() -> None:
    absorb_batch([preprint()])
    Outbox.objects.all().delete()

    absorb_batch([preprint(ids=("2602.01001", "10.1234/lantern"))])

    assert outbox() == [(paper().id, "put")]


def test_the_version_never_goes_back() -> None:
    second = preprint(title="Lanterns for Long Contexts, Second Version", versions=(core_record.Version(2, AFTER),))
    absorb_batch([second])

    done = absorb_batch([preprint(seen_at=at(AFTER))])

    assert paper().title == "Lanterns for Long Contexts, Second Version"
    assert list(Version.objects.order_by("number").values_list("number", "at")) == [(1, DAY), (2, AFTER)]
    assert RecordRow.objects.get().version == 2
    assert done.refused == []


def test_an_old_reading_that_comes_late_is_kept_and_the_last_one_counts() -> None:
    absorb_batch([record("huggingface", "1", observations=(votes(9, at(hour=9)),), seen_at=at(hour=9))])
    absorb_batch([record("huggingface", "1", observations=(votes(4, at(hour=8)),), seen_at=at(hour=8))])

    assert Paper.objects.get().signals == {"huggingface.votes": 9}
    assert list(Observation.objects.order_by("seen_at").values_list("value", flat=True)) == [4, 9]


def test_all_readings_of_one_record_are_kept() -> None:
    absorb_batch([record("huggingface", "1", observations=tuple(votes(n, at(hour=n)) for n in range(5)))])

    assert Observation.objects.count() == 5
    assert Paper.objects.get().signals == {"huggingface.votes": 4}


def test_of_two_readings_at_one_moment_the_larger_stays() -> None:
    absorb_batch([record("huggingface", "1", observations=(votes(9),))])
    absorb_batch([record("huggingface", "1", observations=(votes(7),))])

    assert Observation.objects.get().value == 9
    assert Paper.objects.get().signals == {"huggingface.votes": 9}
