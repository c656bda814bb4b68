"""The values of year:, since:, until:, has: and lang:, read into filters."""

import calendar
import re
from dataclasses import replace
from datetime import date, timedelta

from broadsheet.search.filters import Filters

_DAY = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?", re.ASCII)
_AGO = re.compile(r"(\d{1,4})([dwmy])", re.ASCII | re.IGNORECASE)
_YEARS = re.compile(r"(\d{4})?(\.{2,3}|-)(\d{4})?", re.ASCII)
_YEAR_BOUND = re.compile(r"(>=|<=|>|<)?(\d{4})", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:,[a-z]{2,3}){0,7}", re.ASCII)
_DAYS_IN = {"d": 1, "w": 7, "m": 30.4375, "y": 365.25}
FIRST_YEAR, LAST_YEAR = 1000, 2200


class Unreadable(ValueError):
    """A value that means nothing; the message shows what can be written."""


def narrowed(filters: Filters, field: str, value: str, negated: bool, today: date) -> Filters:
    """``filters`` with the condition ``field:value`` added.

    Raises:
        Unreadable: if the value cannot be read, or cannot be negated.
    """
    if negated and field != "has":
        raise Unreadable(f"minus does not work with {field}:")
    match field:
        case "since":
            first = span_of_days(value, today)[0]
            return replace(filters, since=max(filters.since or first, first))
        case "until":
            last = span_of_days(value, today)[1]
            return replace(filters, until=min(filters.until or last, last))
        case "year":
            first_year, last_year = span_of_years(value)
            return replace(filters, first_year=first_year, last_year=last_year)
        case "has":
            if value.lower() != "code":
                raise Unreadable("only has:code is known")
            return replace(filters, has_code=not negated)
        case _:
            if not _LANGUAGE.fullmatch(value.lower()):
                raise Unreadable("write a code such as lang:en or lang:de,fr")
            return replace(filters, lang=tuple(dict.fromkeys((*filters.lang, *value.lower().split(",")))))


def span_of_days(value: str, today: date) -> tuple[date, date]:
    """First and last day of ``2026``, ``2026-03``, ``2026-03-01``, ``30d``, ``2w``, ``6m``, ``1y``, ``today``.

    Raises:
        Unreadable: if ``value`` is none of these, or no day of the calendar.
    """
    if value.lower() in ("today", "yesterday"):
        day = today - timedelta(days=value.lower() == "yesterday")
        return day, day
    if ago := _AGO.fullmatch(value):
        back = round(int(ago[1]) * _DAYS_IN[ago[2].lower()])
        day = date.fromordinal(max(1, today.toordinal() - back))
        return day, day
    if (found := _DAY.fullmatch(value)) and FIRST_YEAR <= (year := int(found[1])) <= LAST_YEAR:
        month = int(found[2] or 0)
        if not month and not found[2]:
            return date(year, 1, 1), date(year, 12, 31)
        if 1 <= month <= 12:
            days = calendar.monthrange(year, month)[1]
            if not found[3]:
                return date(year, month, 1), date(year, month, days)
            if 1 <= int(found[3]) <= days:
                day = date(year, month, int(found[3]))
                return day, day
    raise Unreadable("write a day such as 2026-01-31, a month 2026-01, a year 2026, or 30d, 2w, 6m, 1y")


def span_of_years(value: str) -> tuple[int | None, int | None]:
    """First and last year of ``2020``, ``2020..2024``, ``2020..``, ``..2024``, ``2020-2024``, ``>=2020``.

    Raises:
        Unreadable: if ``value`` is none of these.
    """
    first: int | None = None
    last: int | None = None
    if found := _YEARS.fullmatch(value):
        first, last = (int(year) if year else None for year in (found[1], found[3]))
        if first and last and first > last:
            first, last = last, first
    elif found := _YEAR_BOUND.fullmatch(value):
        sign, year = found[1] or "", int(found[2])
        first = None if "<" in sign else year + (sign == ">")
        last = None if ">" in sign else year - (sign == "<")
    if (first or last) and all(year is None or FIRST_YEAR <= year <= LAST_YEAR for year in (first, last)):
        return first, last
    raise Unreadable("write year:2024, year:2020..2024, year:2020.. or year:..2024")
