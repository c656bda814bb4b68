from datetime import date

import pytest

from broadsheet.core.day import PeriodKind, parse_period
from broadsheet.web.wording import counted, headline, short


@pytest.mark.parametrize(
    ("kind", "slug", "told"),
    [
        ("date", "2026-02-10", "Tuesday, February 10, 2026"),
        ("week", "2026-W07", "February 9 to 15, 2026"),
        ("week", "2026-W14", "March 30 to April 5, 2026"),
        ("week", "2025-W01", "December 30, 2024 to January 5, 2025"),
        ("month", "2026-02", "February 2026"),
    ],
)
def test_a_headline_names_its_days(kind: str, slug: str, told: str) -> None:
    assert headline(parse_period(PeriodKind(kind), slug)) == told


@pytest.mark.parametrize(
    ("kind", "slug", "told"),
    [
        ("date", "2026-02-09", "Mon, Feb 9"),
        ("date", "2025-12-31", "Wed, Dec 31, 2025"),
        ("week", "2026-W06", "Week 6"),
        ("week", "2020-W53", "Week 53, 2020"),
        ("month", "2026-01", "January"),
        ("month", "2025-01", "January, 2025"),
    ],
)
def test_a_neighbour_is_named_with_its_year_unless_it_is_this_one(kind: str, slug: str, told: str) -> None:
    assert short(parse_period(PeriodKind(kind), slug), date(2026, 2, 11)) == told


@pytest.mark.parametrize(("count", "told"), [(0, "0 papers"), (1, "1 paper"), (2_412, "2,412 papers")])
def test_counts_agree_with_their_noun(count: int, told: str) -> None:
    assert counted(count, "paper", "papers") == told
