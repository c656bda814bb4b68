"""Days, weeks and months of editions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.day import (
    BadPeriod,
    Period,
    PeriodKind,
    day_period,
    edition_day,
    in_words,
    month_period,
    parse_period,
    period_of,
    week_period,
)

days = st.dates(date(1900, 1, 8), date(2199, 12, 24))


@pytest.mark.parametrize(
    ("kind", "slug", "first", "last"),
    [
        (PeriodKind.DAY, "2026-02-10", date(2026, 2, 10), date(2026, 2, 10)),
        (PeriodKind.DAY, "2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        (PeriodKind.WEEK, "2026-W07", date(2026, 2, 9), date(2026, 2, 15)),
        (PeriodKind.WEEK, "2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        (PeriodKind.WEEK, "2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        (PeriodKind.MONTH, "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (PeriodKind.MONTH, "2025-12", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_a_slug_names_its_days(kind: PeriodKind, slug: str, first: date, last: date) -> None:
    assert parse_period(kind, slug) == Period(kind, first, last)


@pytest.mark.parametrize(
    "slug",
    ["2026-02-30", "2026-2-10", "2026-02-10 ", "", "today", "1899-12-31", "2200-01-01", "٢٠٢٦-٠٢-١٠", "2026-W07"],
)
def test_what_is_no_day_is_told_with_the_right_form(slug: str) -> None:
    with pytest.raises(BadPeriod, match="is not a day: write it like 2026-02-10"):
        parse_period(PeriodKind.DAY, slug)


@pytest.mark.parametrize(
    ("kind", "slug"),
    [
        (PeriodKind.WEEK, "2026-W54"),
        (PeriodKind.WEEK, "2026-W00"),
        (PeriodKind.WEEK, "2025-W53"),
        (PeriodKind.MONTH, "2026-13"),
    ],
)
def test_a_week_or_month_that_the_calendar_lacks_is_refused(kind: PeriodKind, slug: str) -> None:
    with pytest.raises(BadPeriod, match=f"is not a {kind}"):
        parse_period(kind, slug)


@given(st.sampled_from(PeriodKind), days)
def test_a_period_is_named_by_its_slug_and_holds_its_days(kind: PeriodKind, day: date) -> None:
    period = period_of(kind, day)

    assert parse_period(kind, period.slug) == period
    assert day in period
    assert period.first - timedelta(days=1) not in period
    assert period.last + timedelta(days=1) not in period


@given(days)
def test_a_week_has_seven_days_from_monday(day: date) -> None:
    week = week_period(day)

    assert (week.last - week.first).days == 6
    assert week.first.weekday() == 0


@given(days)
def test_the_day_after_a_month_begins_the_next(day: date) -> None:
    assert month_period(month_period(day).last + timedelta(days=1)).first.day == 1
    assert day_period(day).first == day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 2, 10, 4, 59, tzinfo=UTC), date(2026, 2, 9)),
        (datetime(2026, 2, 10, 5, 0, tzinfo=UTC), date(2026, 2, 10)),
        (datetime(2026, 7, 10, 3, 59, tzinfo=UTC), date(2026, 7, 9)),
        (datetime(2026, 7, 10, 4, 0, tzinfo=UTC), date(2026, 7, 10)),
        (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), date(2026, 3, 8)),
        (datetime(2026, 11, 1, 4, 30, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 4, 59, tzinfo=UTC), date(2026, 11, 1)),
    ],
)
def test_an_edition_s_day_is_the_day_in_new_york_in_summer_and_in_winter(moment: datetime, day: date) -> None:
    assert edition_day(moment) == day


def test_every_day_of_a_year_with_both_changes_of_the_clock_comes_once() -> None:
    start = datetime(2026, 1, 1, 5, tzinfo=UTC)
    seen = [edition_day(start + timedelta(hours=hour)) for hour in range(365 * 24)]
    counts = {day: seen.count(day) for day in dict.fromkeys(seen)}

    assert list(counts) == [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
    assert {day: count for day, count in counts.items() if count != 24} == {
        date(2026, 3, 8): 23,
        date(2026, 11, 1): 25,
    }


@pytest.mark.parametrize(
    ("day", "precision", "words"),
    [
        (date(2026, 2, 1), "day", "Feb 1"),
        (date(2025, 2, 1), "day", "Feb 1, 2025"),
        (date(2026, 2, 1), "month", "Feb 2026"),
        (date(2024, 1, 1), "year", "2024"),
    ],
)
def test_a_date_is_told_as_far_as_it_is_known_and_without_this_year(day: date, precision: str, words: str) -> None:
    assert in_words(day, date(2026, 11, 22), precision) == words
