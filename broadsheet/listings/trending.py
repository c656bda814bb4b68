"""What is trending, over a window that the reader chooses."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from broadsheet.catalog.models import Paper
from broadsheet.core.card import Listing
from broadsheet.listings.cards import Scope, cards_by_number, offset_of
from broadsheet.listings.edition import latest_day
from broadsheet.ranking.trending import reasons


class Window(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


_DAYS = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30, Window.YEAR: 365}


@dataclass(frozen=True, slots=True)
class TrendingPage:
    """A page of the papers listed from ``since`` to ``until``, hottest first."""

    window: Window
    since: date | None
    until: date
    listing: Listing


def trending_page(
    window: Window,
    today: date,
    *,
    page: int = 1,
    scope: Scope | None = None,
    limit: int = 50,
    last_visit: datetime | None = None,
) -> TrendingPage:
    """The window ends on the day of the last edition, so that a catalogue that rests still has a front page.

    Within a day or a week age counts (heat); over longer windows the window itself is the limit (points).
    """
    scope = scope or Scope()
    until = min(latest_day(today) or today, today)
    since = until - timedelta(days=_DAYS[window] - 1) if window in _DAYS else None
    papers = Paper.objects.visible().filter(listed_on__lte=until)
    if since:
        papers = papers.filter(listed_on__gte=since)
    measure = "heat" if window in (Window.DAY, Window.WEEK) else "points"
    noticed = papers.filter(points__gt=0)
    notes: tuple[str, ...] = ()
    if noticed.exists():
        ordered = noticed.order_by(f"-{measure}", "-id")
    else:
        ordered = papers.order_by("-listed_on", "id")
        notes = ("Nobody has voted on these papers yet: they stand newest first.",)
    offset = offset_of(page, limit)
    if scope:
        rows = ordered.values_list("id", "topics", "sources", "links")
        numbers = [row[0] for row in rows if scope.admits(row[1], row[2], row[3])]
        total, shown = len(numbers), numbers[offset : offset + limit]
    else:
        total, shown = ordered.count(), list(ordered.values_list("id", flat=True)[offset : offset + limit])
    cards = tuple(
        replace(one, reasons=reasons(one.signals, one.day, today))
        for one in cards_by_number(shown, last_visit=last_visit)
    )
    return TrendingPage(window, since, until, Listing(cards, total, offset, limit, notes=notes))
