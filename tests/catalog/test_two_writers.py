"""Two harvests at once on PostgreSQL, where nothing but a lock makes them take turns. SQLite's turns: tests/config."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Edition, Paper
from broadsheet.jobs.edition import print_editions
from tests.factories import DAY, picked, preprint, record

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time by itself"),
]


def at_once(*works: Callable[[], object]) -> None:
    failed: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as wrong:
            failed.append(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed


def test_the_two_halves_of_a_new_paper_meet() -> None:
    """Each writer tells of the same ten papers under another name; without turns each would make its own ten."""
    titles = [f"Lantern number {number} of ten lanterns" for number in range(10)]
    arxiv = [preprint(f"2602.{number:05}", title=title) for number, title in enumerate(titles)]
    page = [record("page", title=title) for title in reversed(titles)]

    at_once(*[lambda one=one: absorb_batch([one]) for one in (*arxiv, *page)])

    assert Paper.objects.count() == 10


def test_a_paper_that_comes_while_its_edition_is_closed_opens_it_again() -> None:
    absorb_batch([preprint("2602.00001", title="The First Lantern of That Day")])
    closing, coming = threading.Event(), threading.Event()

    def close() -> None:
        with transaction.atomic():
            Edition.objects.select_for_update().get(day=DAY)
            closing.set()
            coming.wait(30)
            print_editions(DAY.replace(day=20))

    def come() -> None:
        closing.wait(30)
        coming.set()
        absorb_batch([preprint("2602.00002", title="A Lantern That Comes Late", placements=(picked(),))])

    at_once(close, come)

    assert Edition.objects.get(day=DAY).closed_at is None
