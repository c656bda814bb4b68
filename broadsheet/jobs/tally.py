"""Tally: readings of signals into points and heat."""

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction

from broadsheet.catalog.models import Outbox, Paper
from broadsheet.catalog.rows import insert
from broadsheet.ranking.trending import heat

BATCH = 500


def tally() -> int:
    """Recompute points and heat of every paper that has signals, or had. Returns how many changed.

    Safe to run twice: only rows whose figures differ are written, and they go to the index by the outbox.
    """
    changed = 0
    for rows in _batches():
        fresh = []
        for number, signals, listed_on, points, old_heat in rows:
            now = heat(signals, listed_on)
            if abs(now.points - points) > 1e-9 or abs(now.heat - old_heat) > 1e-9:
                fresh.append((now.points, now.heat, number))
        if fresh:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany("UPDATE paper SET points = %s, heat = %s WHERE id = %s", fresh)
                insert(Outbox, ("paper", "verb"), [(number, Outbox.Verb.PUT.value) for _, _, number in fresh])
            changed += len(fresh)
    return changed


def _batches() -> Iterator[list[tuple[int, dict[str, int], date | None, float, float]]]:
    last = 0
    while True:
        rows = list(
            Paper.objects.filter(id__gt=last)
            # A paper may lose its signals: a record that told them turned out to speak of another.
            .exclude(signals={}, points=0, heat=0)
            .order_by("id")
            .values_list("id", "signals", "listed_on", "points", "heat")[:BATCH]
        )
        if not rows:
            return
        last = rows[-1][0]
        yield rows
