"""Readings into points and heat."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Outbox, Paper, Tallied, Trend
from broadsheet.core.record import Record
from broadsheet.jobs.tally import tally
from broadsheet.ranking.trending import standing
from tests.catalog.tables import outbox
from tests.factories import ABSTRACT, DAY, announced, at, preprint, record, votes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Its last moment is the time; a test moves it on by adding another."""
    moments = [at(DAY, 15)]
    monkeypatch.setattr(timezone, "now", lambda: moments[-1])
    return moments


def trends(key: str = "2602.01001") -> dict[str, float]:
    return dict(Trend.objects.filter(paper__key=key).values_list("window", "heat"))


def test_a_paper_with_votes_gets_points_and_heat_and_goes_to_the_index() -> None:
    absorb_batch([preprint(observations=(votes(7),))])
    Outbox.objects.all().delete()

    assert tally() == 1

    paper = Paper.objects.get()
    assert (paper.points, paper.heat) == (3.0, standing({"huggingface.votes": [(DAY, 7)]}, DAY))
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


def test_a_paper_trends_in_every_window_in_which_it_gained_something() -> None:
    absorb_batch([preprint(observations=(votes(7),))])

    tally()

    assert trends() == {"day": 3.0, "week": 3.0, "month": 3.0, "year": 3.0}


def test_another_reading_counts_as_a_gain_of_its_day(clock: list[datetime]) -> None:
    absorb_batch([preprint(observations=(votes(8, at(DAY)),))])
    tally()
    clock.append(at(DAY + timedelta(days=2), 15))
    absorb_batch([preprint(observations=(votes(8, at(DAY + timedelta(days=1))),))])
    absorb_batch([preprint(observations=(votes(11, at(DAY + timedelta(days=2))),))])

    tally()

    assert trends()["day"] == 2.0  # three more today
    assert trends()["week"] == 3.0  # and eight of two days ago, counted half
    assert Paper.objects.get().points == pytest.approx(3.585, abs=1e-3)


def test_with_a_new_day_what_was_gained_before_is_a_day_older(clock: list[datetime]) -> None:
    absorb_batch([preprint(observations=(votes(7),))])
    tally()
    Outbox.objects.all().delete()
    other = preprint("2602.01002", "Oil for Lamps", placements=(announced(0, DAY + timedelta(days=2)),))
    clock.append(at(DAY + timedelta(days=2), 15))
    absorb_batch([other])
    Outbox.objects.all().delete()

    assert tally() == 0  # the figures that the index has need no recomputing

    assert trends().keys() == {"week", "month", "year"}
    assert trends()["week"] == pytest.approx(2.17, abs=1e-2)  # 3.5 votes
    assert outbox() == []


def test_a_catalogue_that_rests_trends_as_on_its_last_day(clock: list[datetime]) -> None:
    absorb_batch([preprint(observations=(votes(7),))])
    clock.append(datetime(2029, 1, 1, tzinfo=UTC))

    tally()
    tally()

    assert Tallied.objects.get().until == DAY
    assert trends()["day"] == 3.0


def test_a_reading_from_a_clock_that_is_fast_does_not_bring_tomorrow() -> None:
    absorb_batch([preprint(observations=(votes(7, at(date(2031, 1, 1))),))])

    tally()

    assert Tallied.objects.get().until == DAY


def test_a_withdrawn_paper_does_not_trend() -> None:
    absorb_batch([preprint(observations=(votes(7),))])
    tally()

    absorb_batch([preprint(withdrawn=True)])
    tally()

    assert trends() == {}


def test_only_papers_with_news_are_looked_at_again(clock: list[datetime]) -> None:
    absorb_batch([lantern(number) for number in range(1, 9)])
    clock.append(at(DAY, 16))
    tally()
    clock.append(at(DAY, 17))
    absorb_batch([lantern(3, votes(20, at(DAY, 17)))])

    with CaptureQueriesContext(connection) as asked:
        tally()

    read = [one["sql"] for one in asked.captured_queries if 'FROM "paper" WHERE "paper"."id" IN' in one["sql"]]
    assert [sql.split(" IN ")[1].split(")")[0] for sql in read] == [f"({Paper.objects.get(key='2602.00003').id}"]


def test_a_tally_with_no_news_asks_little(clock: list[datetime]) -> None:
    absorb_batch([lantern(number) for number in range(1, 9)])
    clock.append(at(DAY, 16))
    tally()
    clock.append(at(DAY, 17))

    with CaptureQueriesContext(connection) as asked:
        tally()

    assert not [one for one in asked.captured_queries if '"signals"' in one["sql"]]


def test_the_facets_of_a_window_count_what_trends_in_it() -> None:
    absorb_batch([lantern(1), lantern(2, None), lantern(3)])

    tally()

    assert Tallied.objects.get().facets["week"] == {
        "topic": {"cs.CL": 2, "cs.LG": 2}, "source": {"arxiv": 2}, "code": {"yes": 0}
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_tallying_what_is_new_comes_to_the_same_as_tallying_everything(clock: list[datetime], seed: int) -> None:
    chance = Random(seed)
    for hours in sorted(chance.sample(range(24 * 60), 25)):
        clock.append(at(DAY) + timedelta(hours=hours))
        told = [
            lantern(number, votes(chance.randrange(60), clock[-1] - timedelta(hours=chance.choice((0, 1, 50)))))
            for number in chance.sample(range(1, 9), 2)
        ]
        absorb_batch([replace(one, withdrawn=chance.random() < 0.1) for one in told])
        if chance.random() < 0.7:
            tally()
    tally()
    step_by_step = figures()

    Tallied.objects.all().delete()
    Trend.objects.all().delete()
    tally()

    assert step_by_step == figures()
    assert step_by_step["trends"]


def figures() -> dict[str, object]:
    return {
        "papers": [
            (key, round(points, 6), round(heat, 6))
            for key, points, heat in Paper.objects.order_by("id").values_list("key", "points", "heat")
        ],
        "trends": [
            (*name, round(heat, 6))
            for *name, heat in Trend.objects.order_by("paper", "window").values_list("paper_id", "window", "heat")
        ],
        "until": Tallied.objects.get().until,
        "facets": Tallied.objects.get().facets,
    }


def lantern(number: int, reading: object = votes(3)) -> Record:
    return preprint(
        f"2602.{number:05}",
        f"Lantern number {number} of many lanterns",
        observations=(reading,) if reading else (),
    )
