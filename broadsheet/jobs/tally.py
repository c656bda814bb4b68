"""Tally: readings of signals into points, heat and what is trending."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from broadsheet.catalog.models import Edition, Observation, Outbox, Paper, Tallied, Trend
from broadsheet.catalog.readings import readings_of
from broadsheet.catalog.rows import insert
from broadsheet.core.day import edition_day
from broadsheet.jobs.facets import facets_of
from broadsheet.ranking.trending import COUNTED, Window, heat, standing, totals

BATCH = 500
# A paper is stamped before it is stored: one stored while the last tally ran may bear an earlier time than it.
OVERLAP = timedelta(minutes=10)
# Over all time it is the points on the paper that count.
_WINDOWS = tuple(one for one in Window if one is not Window.ALL)
_LEAST_HEAT = 0.01
_NAMES = frozenset(COUNTED)
_SAME = 1e-9


def tally() -> int:
    """Recompute points and heat of the papers whose readings or age ask for it. Returns how many changed.

    1. Find the day with which the windows end: the last, up to today, that has an edition or a reading.
    2. Choose the papers: those that changed or were read anew since the last tally; where the day is another one,
       also those that trend in a window, for what they gained is a day older; at the first tally all.
    3. Write the figures that differ; papers whose points or heat did go to the index by the outbox.
    4. Count the facets of each window, if any of it changed.

    Safe to run twice and at any moment.
    """
    began = timezone.now()
    held = Tallied.objects.first()
    reading = Observation.objects.aggregate(last=Max("id"))["last"] or 0
    until = _until(held, edition_day(began))
    changed, moved = 0, held is None or held.until != until
    for rows in _batches(_chosen(held, until)):
        papers, trends = _tallied(rows, until)
        changed += papers
        moved = moved or trends
    facts: dict[str, Any] = {"until": until, "changed_at": began, "reading": reading}
    if moved or changed:
        facts["facets"] = {window.value: _facets(window) for window in Window}
    Tallied.objects.update_or_create(pk=held.pk if held else 1, defaults=facts)
    return changed


def _until(held: Tallied | None, today: date) -> date:
    news = _news(held).filter(source__in={name.partition(".")[0] for name in COUNTED})
    # A clock that is fast elsewhere does not bring tomorrow here.
    days = [
        one for at in (news.aggregate(last=Max("seen_at"))["last"],) if at and (one := edition_day(at)) <= today
    ]
    days += Edition.objects.filter(day__lte=today).order_by("-day").values_list("day", flat=True)[:1]
    if held and held.until <= today:
        days.append(held.until)
    return max(days, default=today)


def _news(held: Tallied | None) -> "QuerySet[Observation]":
    return Observation.objects.filter(id__gt=held.reading if held else 0)


def _chosen(held: Tallied | None, until: date) -> set[int] | None:
    """The numbers of the papers to look at; None for all."""
    if held is None or until < held.until:
        return None
    chosen = set(Paper.objects.filter(changed_at__gte=held.changed_at - OVERLAP).values_list("id", flat=True))
    chosen |= set(_news(held).values_list("record__paper_id", flat=True))
    if until != held.until:
        chosen |= set(Trend.objects.values_list("paper_id", flat=True).distinct())
    return chosen


_Row = tuple[int, dict[str, int], date | None, bool, float, float]


def _batches(chosen: set[int] | None) -> Iterator[list[int]]:
    if chosen is not None:
        numbers = sorted(chosen)
        yield from (numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH))
        return
    last = 0
    while True:
        numbers = list(
            Paper.objects.filter(id__gt=last)
            # A paper may lose its signals: a record that told them turned out to speak of another.
            .exclude(signals={}, points=0, heat=0)
            .order_by("id")
            .values_list("id", flat=True)[:BATCH]
        )
        if not numbers:
            return
        last = numbers[-1]
        yield numbers


@transaction.atomic
def _tallied(numbers: list[int], until: date) -> tuple[int, bool]:
    """How many papers' points or heat changed, and whether any trend did."""
    rows: list[_Row] = list(
        Paper.objects.filter(id__in=numbers)
        .select_for_update()
        .values_list("id", "signals", "listed_on", "withdrawn", "points", "heat")
    )
    readings = readings_of([row[0] for row in rows if not _NAMES.isdisjoint(row[1])], COUNTED)
    papers: list[tuple[float, float, int]] = []
    trends: dict[tuple[int, str], float] = {}
    for number, signals, listed_on, withdrawn, points, old_heat in rows:
        told = readings.get(number, {})
        now, stands = totals(signals).points, standing(told, listed_on)
        if abs(now - points) > _SAME or abs(stands - old_heat) > _SAME:
            papers.append((now, stands, number))
        for window in _WINDOWS if told and not withdrawn else ():
            value = heat(told, listed_on, window, until).points
            if value >= _LEAST_HEAT:
                trends[number, window.value] = value
    if papers:
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE paper SET points = %s, heat = %s WHERE id = %s", papers)
        insert(Outbox, ("paper", "verb"), [(number, Outbox.Verb.PUT.value) for _, _, number in papers])
    return len(papers), _write_trends(numbers, trends)


def _write_trends(numbers: list[int], trends: dict[tuple[int, str], float]) -> bool:
    held = {
        (paper, window): (pk, value)
        for pk, paper, window, value in Trend.objects.filter(paper__in=numbers).values_list(
            "pk", "paper_id", "window", "heat"
        )
    }
    gone = [pk for name, (pk, _) in held.items() if name not in trends]
    fresh = [
        (*name, value) for name, value in trends.items() if name not in held or abs(held[name][1] - value) > _SAME
    ]
    for at in range(0, len(gone), BATCH):
        Trend.objects.filter(pk__in=gone[at : at + BATCH]).delete()
    insert(Trend, ("paper_id", "window", "heat"), fresh, replace_on=("paper_id", "window"))
    return bool(gone or fresh)


def _facets(window: Window) -> dict[str, dict[str, int]]:
    """How many papers of ``window`` have each topic and source, and how many have code."""
    trending = (
        Paper.objects.visible().filter(points__gt=0, listed_on__isnull=False)
        if window is Window.ALL
        else Paper.objects.filter(trends__window=window.value)
    )
    return facets_of(trending.values_list("topics", "sources", "links"))
