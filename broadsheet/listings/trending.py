"""What is trending, over a window that the reader chooses."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from broadsheet.catalog.models import Paper, Tallied, Trend
from broadsheet.catalog.readings import readings_of
from broadsheet.core.card import Card, Facet, Listing
from broadsheet.core.topics import topic_name
from broadsheet.listings.cards import Scope, cards_by_number, offset_of
from broadsheet.listings.edition import latest_day
from broadsheet.ranking.trending import COUNTED, DAYS, Window, reasons, since

__all__ = ["TrendingPage", "Window", "trending_page"]

NOBODY = "Nobody has voted on these papers yet: they stand newest first."


@dataclass(frozen=True, slots=True)
class TrendingPage:
    """A page of the papers noticed from ``since`` to ``until``, hottest first."""

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
    """The window ends on the last day that has an edition or a reading, so that a catalogue that rests still has a
    front page. A paper is in it that gained something within it, whenever it was listed."""
    scope = scope or Scope()
    tallied = Tallied.objects.first()
    until = tallied.until if tallied else min(latest_day(today) or today, today)
    first = since(window, until) if window in DAYS else None
    ordered, notes = _ordered(window, first, until, tallied)
    offset = offset_of(page, limit)
    if scope:
        rows = ordered.values_list(*_columns(ordered))
        numbers = [row[0] for row in rows if scope.admits(row[1], row[2], row[3])]
        total, shown = len(numbers), numbers[offset : offset + limit]
    else:
        number = _columns(ordered)[0]
        total, shown = ordered.count(), list(ordered.values_list(number, flat=True)[offset : offset + limit])
    listing = Listing(
        _cards(shown, window, until, today, last_visit),
        total,
        offset,
        limit,
        _facets(tallied, window, scope),
        notes,
    )
    return TrendingPage(window, first, until, listing)


def _ordered(
    window: Window, first: date | None, until: date, tallied: Tallied | None
) -> tuple["QuerySet[Any]", tuple[str, ...]]:
    trends = Trend.objects.filter(window=window.value)
    if window is not Window.ALL and trends.exists():
        return trends.order_by("-heat", "-paper_id"), ()
    papers = Paper.objects.visible().filter(listed_on__lte=until)
    if first:
        papers = papers.filter(listed_on__gte=first)
    # Points are there before the first tally of trends too: a catalogue of an older release has them.
    noticed = papers.filter(points__gt=0)
    if (window is Window.ALL or tallied is None) and noticed.exists():
        return noticed.order_by("-points", "-id"), ()
    return papers.order_by("-listed_on", "id"), (NOBODY,)


def _columns(ordered: "QuerySet[Any]") -> tuple[str, str, str, str]:
    """Where the rows of ``ordered`` have the number, topics, sources and links of their papers."""
    of = "paper__" if ordered.model is Trend else ""
    return ("paper_id" if of else "id", f"{of}topics", f"{of}sources", f"{of}links")


def _cards(
    numbers: list[int], window: Window, until: date, today: date, last_visit: datetime | None
) -> tuple[Card, ...]:
    readings = readings_of(numbers, COUNTED)
    return tuple(
        replace(one, reasons=reasons(readings.get(one.paper, {}), one.day, window, until, today))
        for one in cards_by_number(numbers, last_visit=last_visit)
    )


def _facets(tallied: Tallied | None, window: Window, scope: Scope) -> dict[str, tuple[Facet, ...]]:
    """How many papers of the whole window have each value, as the tally counted them."""
    counted = tallied.facets.get(window.value, {}) if tallied else {}
    chosen = {"topic": scope.topic, "source": scope.source, "code": "yes" if scope.has_code else ""}
    return {
        name: tuple(
            Facet(value, topic_name(value) if name == "topic" else value, count, value == chosen[name])
            for value, count in counted[name].items()
            if count
        )
        for name in chosen
        if name in counted
    }
