"""Dates as the pages print them: ``Sep 16`` in the year of the page, else ``Feb 23, 2016``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_LIST = date(2023, 5, 4)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PRINTED = re.compile(r"([A-Z][a-z]{2})[a-z]*\.? (\d{1,2})(?:, (\d{4}))?")
_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed date; ``year`` is None where the page left it out."""

    month: int
    day: int
    year: int | None

    def within(self, year: int) -> date | None:
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


def read(text: str) -> Printed | None:
    found = _PRINTED.fullmatch(text.strip())
    if not found or found[1].lower() not in _MONTHS:
        return None
    printed = Printed(_MONTHS.index(found[1].lower()) + 1, int(found[2]), int(found[3]) if found[3] else None)
    return printed if printed.within(printed.year or 2024) else None


def page_day(header: Printed | None, entries: Iterable[Printed], today: date, year: int | None) -> date | None:
    """The day at the head of the page, if only one year can be meant.

    ``year`` is what the user says. Without it: a page prints the year of every date but those of its own year,
    so its year is later than each year printed; its day has a list, and there are none before `FIRST_LIST`, at
    weekends and in the future. Where that leaves two years, the answer is None rather than a guess.
    """
    if header is None:
        return None
    if year or header.year:
        return header.within(year or header.year or 0)
    after = max((one.year for one in entries if one.year), default=0)
    days = [header.within(one) for one in range(max(FIRST_LIST.year, after + 1), today.year + 1)]
    possible = [day for day in days if day and FIRST_LIST <= day <= today and day.weekday() < 5]
    return possible[0] if len(possible) == 1 else None


def full(printed: Printed, page: date | None) -> date | None:
    """The whole date. Without a year it is in the page's year, or the year before if it would lie ahead of the page.

    The page's head shows the last day that has a list, so a paper may be a few days newer than it.
    """
    if printed.year:
        return printed.within(printed.year)
    if page is None:
        return None
    same = printed.within(page.year)
    return printed.within(page.year - 1) if same and same > page + _AHEAD else same
