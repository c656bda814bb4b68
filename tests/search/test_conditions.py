"""Dates, years, has: and lang: as they are written."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.conditions import Unreadable, narrowed, span_of_days, span_of_years
from broadsheet.search.filters import Filters

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-01-31", date(2026, 1, 31), date(2026, 1, 31)),
        ("2026/1/5", date(2026, 1, 5), date(2026, 1, 5)),
        ("30d", date(2026, 10, 23), date(2026, 10, 23)),
        ("2w", date(2026, 11, 8), date(2026, 11, 8)),
        ("1y", date(2025, 11, 22), date(2025, 11, 22)),
        ("today", TODAY, TODAY),
        ("yesterday", date(2026, 11, 21), date(2026, 11, 21)),
        ("9999y", date(1, 1, 1), date(1, 1, 1)),
    ],
)
def test_a_day_is_read(value: str, first: date, last: date) -> None:
    assert span_of_days(value, TODAY) == (first, last)


@pytest.mark.parametrize(
    "value", ["soon", "2026-13", "2026-00", "2026-02-30", "2026-01-00", "0999", "12345d", "٢٠٢٦", ""]
)
def test_what_is_no_day_is_unreadable(value: str) -> None:
    with pytest.raises(Unreadable, match="write a day such as"):
        span_of_days(value, TODAY)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2020", 2020, 2020),
        ("2020..2024", 2020, 2024),
        ("2020-2024", 2020, 2024),
        ("2024..2020", 2020, 2024),
        ("2020..", 2020, None),
        ("..2024", None, 2024),
        (">=2020", 2020, None),
        (">2020", 2021, None),
        ("<2020", None, 2019),
        ("<=2020", None, 2020),
    ],
)
def test_a_span_of_years_is_read(value: str, first: int | None, last: int | None) -> None:
    assert span_of_years(value) == (first, last)


@pytest.mark.parametrize("value", ["..", "20", "99999", "0000", "3000", "2020..x", ""])
def test_what_is_no_year_is_unreadable(value: str) -> None:
    with pytest.raises(Unreadable, match="write year:2024"):
        span_of_years(value)


def test_two_bounds_of_days_are_both_kept_to() -> None:
    once = narrowed(Filters(), "since", "2020", False, TODAY)
    assert narrowed(once, "since", "2019", False, TODAY).since == date(2020, 1, 1)


def test_languages_are_any_of_those_named() -> None:
    assert narrowed(Filters(), "lang", "de,FR", False, TODAY).lang == ("de", "fr")


def test_only_has_can_be_negated() -> None:
    assert narrowed(Filters(), "has", "code", True, TODAY).has_code is False
    with pytest.raises(Unreadable, match="minus does not work with year:"):
        narrowed(Filters(), "year", "2020", True, TODAY)


@given(st.sampled_from(["since", "until", "year", "has", "lang"]), st.text(max_size=20), st.booleans(), st.dates())
def test_any_value_is_read_or_unreadable(field: str, value: str, negated: bool, today: date) -> None:
    with suppress(Unreadable):
        narrowed(Filters(), field, value, negated, today)
