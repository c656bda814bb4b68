"""Readings into points and heat."""

import pytest

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Outbox, Paper
from broadsheet.jobs.tally import tally
from broadsheet.ranking.trending import heat
from tests.catalog.tables import outbox
from tests.factories import ABSTRACT, DAY, preprint, record, votes

pytestmark = pytest.mark.django_db


def test_a_paper_with_votes_gets_points_and_heat_and_goes_to_the_index() -> None:
    absorb_batch([preprint(observations=(votes(7),))])
    Outbox.objects.all().delete()

    assert tally() == 1

    paper = Paper.objects.get()
    assert (paper.points, paper.heat) == (3.0, heat({"huggingface.votes": 7}, DAY).heat)
    assert outbox() == [(paper.id, "put")]


def test_tallying_twice_changes_nothing() -> None:
    absorb_batch([preprint(observations=(votes(7),))])
    tally()
    Outbox.objects.all().delete()

    assert tally() == 0
    assert outbox() == []


def test_a_paper_that_nobody_noticed_is_left_alone() -> None:
    absorb_batch([preprint()])

    assert tally() == 0
    assert Paper.objects.get().heat == 0


def test_a_paper_that_lost_its_votes_loses_its_points() -> None:
    other = preprint("2602.01002", authors=("Cora Vane",), abstract="Oil.")
    absorb_batch([record("page", observations=(votes(7),)), other])
    tally()
    assert Paper.objects.get(key="2602.01002").points == 3.0

    absorb_batch([preprint("2602.01001", abstract=ABSTRACT)])
    tally()

    assert Paper.objects.get(key="2602.01002").points == 0.0
    assert Paper.objects.get(key="2602.01001").points == 3.0


def test_more_papers_than_a_batch_are_tallied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.jobs.tally.BATCH", 3)
    absorb_batch([
        preprint(f"2602.{number:05}", title=f"Lantern number {number} of ten lanterns", observations=(votes(number),))
        for number in range(1, 11)
    ])  # fmt: skip

    assert tally() == 10
