"""What absorbing costs: the same few queries, however large a batch is."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Paper
from broadsheet.core import record as core_record
from broadsheet.core.record import Record
from tests.factories import announced, preprint, record, votes

pytestmark = pytest.mark.django_db


def keys() -> list[str]:
    return sorted(Paper.objects.values_list("key", flat=True))


def made_up(start: int, count: int) -> list[Record]:
    return [
        preprint(
            f"2603.{number:05}",
            title=f"Lantern number {number} for contexts of length {number}",
            authors=(f"Ada Marlow {number}", "Bertil Quist"),
            placements=(announced(number, date(2026, 3, 1) + timedelta(days=number % 7)),),
            observations=(votes(number),),
        )
        for number in range(start, start + count)
    ]


def queries(records: list[Record]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        absorb_batch(records)
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_the_batch() -> None:
    few, many = queries(made_up(0, 5)), queries(made_up(1_000, 400))

    assert many <= few + 2


def test_the_number_of_queries_does_not_grow_with_the_number_of_changed_papers() -> None:
    absorb_batch(made_up(0, 300))
    said = [
        core_record.replace(one, title=f"{one.title}, again", authors=("Cora Vane",)) for one in made_up(0, 300)
    ]

    few, many = queries(said[:5]), queries(said[5:])

    assert many <= few + 2


def test_the_number_of_queries_does_not_grow_with_the_number_of_joined_papers() -> None:
    absorb_batch(made_up(0, 100))
    absorb_batch(
        [
            record("acl", str(n), ids=(f"10.1234/{n}",), title=f"A proceedings paper numbered {n}")
            for n in range(100)
        ]
    )
    joining = [record("both", str(n), ids=(f"10.1234/{n}", f"2603.{n:05}"), title=f"Both {n}") for n in range(100)]

    few, many = queries(joining[:5]), queries(joining[5:])

    assert many <= few + 2
    assert Paper.objects.count() == 100


def test_a_title_that_hundreds_of_records_have_names_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.catalog.absorb.COMMON_TITLE", 4)
    numbered = [
        record("jsonl", str(n), "Proceedings of the Lantern Workshop", ids=(f"10.1234/{n}",)) for n in range(9)
    ]

    absorb_batch(numbered[:3])
    assert len(keys()) == 1

    for one in numbered[3:]:
        absorb_batch([one])
    absorb_batch([core_record.replace(numbered[0], venue="Lantern Workshop")])
    assert len(keys()) == 9


def test_papers_of_a_common_title_are_read_in_even_time() -> None:
    """Compared each with each, these would take minutes, and a file of them hours."""
    for start in range(0, 3_000, 500):
        absorb_batch([
            record("jsonl", str(n), "Untitled", ids=(f"10.1234/{n}",), authors=(f"Ada Marlow{n}",))
            for n in range(start, start + 500)
        ])  # fmt: skip

    assert Paper.objects.count() == 3_000
    assert queries([record("jsonl", "last", "Untitled", ids=("10.1234/last",))]) < 30
