"""arXiv's calendar against its own page on availability, both changes of the clock included.

2026: November 22 is a Sunday; clocks go forward on March 8 and back on November 1. Days here were looked up by hand.
"""

import gzip
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import orjson
import pytest

from broadsheet.sources.arxiv import calendar
from broadsheet.sources.arxiv.calendar import ZONE
from tests.sources.arxiv_truth import World

DAY = timedelta(days=1)


def eastern(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


# The table on arXiv's page, by the dates of one week in November 2026: 16 is a Monday.
@pytest.mark.parametrize(
    ("submitted", "announced"),
    [
        (eastern(11, 16, 14), date(2026, 11, 18)),
        (eastern(11, 17, 13, 59), date(2026, 11, 18)),
        (eastern(11, 17, 14), date(2026, 11, 19)),
        (eastern(11, 18, 13, 59), date(2026, 11, 19)),
        (eastern(11, 18, 14), date(2026, 11, 20)),
        (eastern(11, 19, 13, 59), date(2026, 11, 20)),
        (eastern(11, 19, 14), date(2026, 11, 23)),
        (eastern(11, 20, 13, 59), date(2026, 11, 23)),
        (eastern(11, 20, 14), date(2026, 11, 24)),
        (eastern(11, 21, 12), date(2026, 11, 24)),
        (eastern(11, 22, 23), date(2026, 11, 24)),
        (eastern(11, 23, 13, 59), date(2026, 11, 24)),
    ],
)
def test_submissions_are_announced_as_the_table_says(submitted: datetime, announced: date) -> None:
    assert calendar.announcement_day(submitted) == announced


def test_the_clock_in_new_york_counts_wherever_the_moment_was_read() -> None:
    assert calendar.announcement_day(datetime(2026, 11, 17, 18, 59, tzinfo=UTC)) == date(2026, 11, 18)
    assert calendar.announcement_day(datetime(2026, 11, 17, 19, 0, tzinfo=UTC)) == date(2026, 11, 19)


def test_in_summer_the_cut_off_is_an_hour_earlier_in_utc() -> None:
    assert calendar.announcement_day(datetime(2026, 7, 14, 17, 59, tzinfo=UTC)) == date(2026, 7, 15)
    assert calendar.announcement_day(datetime(2026, 7, 14, 18, 0, tzinfo=UTC)) == date(2026, 7, 16)


def test_the_weekend_on_which_clocks_go_forward_is_an_hour_short() -> None:
    first, end = calendar.window(date(2026, 3, 10))
    assert (first, end) == (eastern(3, 6, 14), eastern(3, 9, 14))
    assert end.astimezone(UTC) - first.astimezone(UTC) == 3 * DAY - timedelta(hours=1)


def test_the_weekend_on_which_clocks_go_back_is_an_hour_long() -> None:
    first, end = calendar.window(date(2026, 11, 3))
    assert (first, end) == (eastern(10, 30, 14), eastern(11, 2, 14))
    assert end.astimezone(UTC) - first.astimezone(UTC) == 3 * DAY + timedelta(hours=1)


def test_a_moment_in_the_hour_that_comes_twice_has_a_day() -> None:
    early = datetime(2026, 11, 1, 1, 30, tzinfo=ZONE)
    assert calendar.announcement_day(early) == calendar.announcement_day(early.replace(fold=1)) == date(2026, 11, 3)


def test_mailings_go_out_at_eight_in_the_evening_of_new_york_all_year() -> None:
    assert calendar.mailed_at(date(2026, 1, 7)).astimezone(UTC) == datetime(2026, 1, 7, 1, tzinfo=UTC)
    assert calendar.mailed_at(date(2026, 7, 8)).astimezone(UTC) == datetime(2026, 7, 8, 0, tzinfo=UTC)


def test_there_is_no_listing_of_a_saturday_or_sunday() -> None:
    assert [calendar.is_announcement_day(date(2026, 11, 14) + n * DAY) for n in range(7)] == [False] * 2 + [
        True
    ] * 5


# Evenings that arXiv's page names for 2025; a mailing belongs to the morning after.
@pytest.mark.parametrize("evening", [(1, 1), (1, 20), (6, 19), (7, 6), (9, 1), (11, 27)])
def test_the_holidays_of_2025_have_no_listing(evening: tuple[int, int]) -> None:
    day = date(2025, *evening) + DAY
    assert not calendar.is_announcement_day(day)
    assert calendar.announces(day) is False


@pytest.mark.parametrize("day", [(1, 2), (1, 20), (6, 22), (7, 6)])
def test_the_holidays_of_2026_that_have_been(day: tuple[int, int]) -> None:
    assert calendar.announces(date(2026, *day)) is False


def test_thanksgiving_leaves_its_papers_to_sunday() -> None:
    assert not calendar.is_announcement_day(date(2025, 11, 28))
    assert calendar.announcement_day(eastern(11, 26, 15, year=2025)) == date(2025, 12, 1)
    assert calendar.window(date(2025, 12, 1)) == (eastern(11, 26, 14, year=2025), eastern(11, 28, 14, year=2025))


def test_a_holiday_to_come_is_presumed_and_raises_no_alarm() -> None:
    thanksgiving = date(2026, 11, 26)
    assert not calendar.is_announcement_day(thanksgiving + DAY)
    assert calendar.announces(thanksgiving + DAY) is None
    assert calendar.announces(date(2026, 11, 24)) is True


def test_between_the_years_nothing_is_sure() -> None:
    assert calendar.announces(date(2026, 12, 30)) is None
    assert calendar.announces(date(2031, 1, 2)) is None


def test_a_fourth_of_july_on_a_saturday_moved_the_mailing_of_sunday() -> None:
    assert date(2026, 7, 4).strftime("%a") == "Sat"
    assert not calendar.is_mailing(date(2026, 7, 5))


def test_what_had_been_announced_at_a_moment() -> None:
    assert calendar.announced_by(eastern(11, 22, 19, 59)) == date(2026, 11, 20)
    assert calendar.announced_by(eastern(11, 22, 20, 0)) == date(2026, 11, 23)
    assert calendar.announced_by(eastern(11, 21, 9)) == date(2026, 11, 20)


def test_the_windows_of_a_year_leave_no_moment_out_and_none_twice() -> None:
    day, before = calendar.next_announcement_day(date(2025, 12, 31)), None
    while day < date(2027, 1, 10):
        first, end = calendar.window(day)
        assert before is None or first == before
        assert calendar.announcement_day(first) == calendar.announcement_day(end - timedelta(seconds=1)) == day
        assert calendar.announcement_day(end) > day
        day, before = calendar.next_announcement_day(day), end


def test_ten_years_agree_with_the_same_rules_written_another_way() -> None:
    holidays = {
        date(2019, 12, 31) + n * DAY
        for n in range(3_660)
        if not calendar.is_mailing(date(2019, 12, 31) + n * DAY)
        and (date(2019, 12, 31) + n * DAY).strftime("%a") not in ("Fri", "Sat")
    }
    world = World(1, holidays=frozenset(holidays))
    for day in world.days(date(2020, 1, 5), date(2029, 12, 20)):
        first, end = world.window(day - DAY)
        assert calendar.announcement_day(first) == calendar.announcement_day(end - timedelta(minutes=1)) == day
    assert 7 * 9 <= len(holidays) <= 7 * 11


@pytest.mark.data
def test_real_listings_were_empty_on_the_evenings_that_are_known_to_be_deferred(data: Path) -> None:
    listed: Counter[date] = Counter()
    with gzip.open(data / "papers.jsonl.gz") as lines:
        for line in lines:
            said = orjson.loads(line)
            if said.get("source") == "arxiv:dw-dengwei" and len(said.get("date", "")) == 10:
                listed[date.fromisoformat(said["date"])] += 1
    usual = median(
        listed[date(2025, 4, 1) + n * DAY]
        for n in range(450)
        if calendar.is_announcement_day(date(2025, 4, 1) + n * DAY)
    )
    deferred = [date(2025, 4, 1) + n * DAY for n in range(450)]
    deferred = [day for day in deferred if day.weekday() < 5 and not calendar.is_announcement_day(day)]
    assert len(deferred) >= 7
    assert all(listed[day] < usual / 2.5 for day in deferred), [(day, listed[day]) for day in deferred]
