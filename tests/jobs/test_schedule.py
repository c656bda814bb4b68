"""What is done when nobody asks, and when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django_q.models import Schedule

from broadsheet.catalog.models import Alarm, Coverage, Edition, Order, Route, Run
from broadsheet.jobs import alarms, schedule
from broadsheet.sources.place import Tells
from tests.jobs.places import Told

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 17, 17, tzinfo=UTC)
TODAY = date(2026, 11, 17)
FEED = Told([])
CHANGES = Told([], route="oai", tells=Tells.CHANGES)
PAPERS = Told([], route="query", tells=Tells.PAPERS)


@pytest.fixture
def order() -> Order:
    return Order.objects.create(place="arxiv", topics=["cs.CL"], since=date(2026, 11, 16))


def asked(source: Told, ago: timedelta, failure: str = "") -> Route:
    at = NOW - ago
    told = {"failed_at": at, "failure": failure} if failure else {"succeeded_at": at}
    return Route.objects.create(place="arxiv", route=source.route, scope="cs.CL", **told)


def whole(day: date = TODAY, state: str = "complete") -> None:
    Coverage.objects.create(place="arxiv", topic="cs.CL", day=day, state=state)


def test_what_was_never_asked_is_due_but_for_what_only_mends(order: Order) -> None:
    assert [schedule.due(order, one, NOW) for one in (FEED, CHANGES, PAPERS)] == [True, True, False]


def test_a_day_that_is_whole_is_left_alone_for_hours(order: Order) -> None:
    whole()
    asked(FEED, timedelta(minutes=50))
    asked(CHANGES, timedelta(hours=10))
    assert not schedule.due(order, FEED, NOW)
    assert not schedule.due(order, CHANGES, NOW)


@pytest.mark.parametrize("state", ["waiting", "late", "missing"])
def test_a_day_that_is_not_whole_is_asked_for_again_soon(order: Order, state: str) -> None:
    whole(state=state)
    asked(FEED, timedelta(minutes=31))
    asked(CHANGES, timedelta(hours=2))
    assert schedule.due(order, FEED, NOW)
    assert schedule.due(order, CHANGES, NOW)


def test_a_failure_is_not_followed_by_a_fast_loop(order: Order) -> None:
    whole(state="late")
    asked(FEED, timedelta(minutes=5), failure="503")
    assert not schedule.due(order, FEED, NOW)


def test_a_harvest_that_was_stopped_in_the_middle_goes_on_at_once(order: Order) -> None:
    row = asked(CHANGES, timedelta(0))
    Route.objects.filter(pk=row.pk).update(succeeded_at=None, failed_at=NOW, cursor={"at": 3})
    assert schedule.due(order, CHANGES, NOW)


def test_the_schedule_is_written_once_however_often_a_worker_starts() -> None:
    schedule.install()
    Schedule.objects.filter(name="harvest").update(next_run=NOW)
    schedule.install()
    assert sorted(Schedule.objects.values_list("name", flat=True)) == ["editions", "harvest", "prune"]
    assert Schedule.objects.get(name="harvest").next_run == NOW


def test_a_job_that_is_no_more_leaves_the_schedule() -> None:
    Schedule.objects.create(name="old", func="broadsheet.jobs.schedule.gone")
    schedule.install()
    assert not Schedule.objects.filter(name="old").exists()


def test_yesterdays_edition_closes_with_nobody_there() -> None:
    Edition.objects.create(day=date(2020, 1, 6))
    schedule.turn_the_page()
    assert Edition.objects.get().closed_at is not None
    assert Run.objects.get(job="editions").tally == {"printed": 1}


def test_that_there_was_nothing_to_do_leaves_no_run() -> None:
    schedule.turn_the_page()
    schedule.prune()
    assert not Run.objects.exists()


def test_an_alarm_is_told_once_while_it_lasts_and_once_when_it_is_over(
    order: Order, mailoutbox: list[object], settings: object
) -> None:
    whole(state="late")
    Route.objects.create(place="arxiv", route="oai", succeeded_at=NOW)
    assert len(alarms.sound(NOW)) == 1
    assert alarms.sound(NOW) == []
    assert Alarm.objects.count() == 1

    Coverage.objects.update(state="complete")
    assert alarms.sound(NOW) == []
    assert not Alarm.objects.exists()


def test_silence_over_a_weekend_is_no_alarm_and_over_a_working_day_is(order: Order) -> None:
    friday_night = datetime(2026, 11, 14, 1, tzinfo=UTC)
    Route.objects.create(place="arxiv", route="oai", succeeded_at=friday_night)
    assert alarms.ringing(datetime(2026, 11, 16, 3, tzinfo=UTC)) == []
    (rings,) = alarms.ringing(datetime(2026, 11, 17, 17, tzinfo=UTC))
    assert "has not been read to the end since 2026-11-14" in rings.said


def test_an_order_for_a_place_that_is_no_more_stops_no_other_job() -> None:
    Order.objects.create(place="gopher", topics=[])
    Edition.objects.create(day=date(2020, 1, 6))
    assert schedule.harvest_what_is_due() == 0
    schedule.turn_the_page()
    assert Edition.objects.get().closed_at is not None
    assert "'gopher' is no source" in Alarm.objects.get().said
