"""Days, weeks and months of editions: their names in URLs, their bounds and their neighbours."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# The day of an edition is the day in New York: arXiv announces there, and Daily Papers counts there too.
EDITION_ZONE = ZoneInfo("America/New_York")

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class PeriodKind(StrEnum):
    DAY = "date"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """A run of days, ``first`` to ``last``, both included. ``slug`` is its name in URLs."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def slug(self) -> str:
        match self.kind:
            case PeriodKind.DAY:
                return self.first.isoformat()
            case PeriodKind.WEEK:
                year, week, _ = self.first.isocalendar()
                return f"{year:04}-W{week:02}"
            case _:
                return f"{self.first:%Y-%m}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


class BadPeriod(ValueError):
    """A name that is no day, week or month; the message shows the right form."""


def day_period(day: date) -> Period:
    return Period(PeriodKind.DAY, day, day)


def week_period(day: date) -> Period:
    """The ISO week, Monday to Sunday, that holds ``day``."""
    monday = day - timedelta(days=day.weekday())
    return Period(PeriodKind.WEEK, monday, monday + timedelta(days=6))


def month_period(day: date) -> Period:
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Period(PeriodKind.MONTH, day.replace(day=1), following - timedelta(days=1))


def period_of(kind: PeriodKind, day: date) -> Period:
    return {PeriodKind.DAY: day_period, PeriodKind.WEEK: week_period, PeriodKind.MONTH: month_period}[kind](day)


def parse_period(kind: PeriodKind, slug: str) -> Period:
    """The period that ``slug`` names.

    Raises:
        BadPeriod: if it names none, or one outside the years 1900 to 2199.
    """
    forms = {
        PeriodKind.DAY: (_DAY, "2026-02-10"),
        PeriodKind.WEEK: (_WEEK, "2026-W07"),
        PeriodKind.MONTH: (_MONTH, "2026-02"),
    }
    pattern, example = forms[kind]
    found = pattern.fullmatch(slug)
    try:
        if not found:
            raise ValueError("form")
        numbers = [int(part) for part in found.groups()]
        match kind:
            case PeriodKind.DAY:
                day = date(*numbers)
            case PeriodKind.WEEK:
                day = date.fromisocalendar(numbers[0], numbers[1], 1)
            case _:
                day = date(numbers[0], numbers[1], 1)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError("range")
    except ValueError:
        name = "day" if kind is PeriodKind.DAY else kind.value
        raise BadPeriod(f"{slug!r} is not a {name}: write it like {example}") from None
    return period_of(kind, day)


def edition_day(moment: datetime) -> date:
    """The day, in the editions' zone, that ``moment`` (with a zone) belongs to."""
    return moment.astimezone(EDITION_ZONE).date()


def in_words(day: date, today: date, precision: str = "day") -> str:
    """``Feb 10``, with the year unless it is this year's; ``Feb 2024`` or ``2024`` if no more is known."""
    if precision == "year":
        return f"{day:%Y}"
    if precision == "month":
        return f"{day:%b %Y}"
    return f"{day:%b} {day.day}" if day.year == today.year else f"{day:%b} {day.day}, {day.year}"
