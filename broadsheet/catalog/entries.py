"""The papers' places in editions, written for a whole batch in the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection

from broadsheet.catalog.models import Edition, Entry
from broadsheet.catalog.rows import insert
from broadsheet.core.record import Placement, Record
from broadsheet.core.saying import better_place, filed


def write_entries(said: Mapping[int, Sequence[Record]], held: set[int]) -> None:
    """The places that the records of each paper tell of; other places of papers in ``held`` are deleted.

    An edition that gets or loses a paper, or in which one is picked that was only announced, is open again until
    it is next closed: completeness comes before its frozen order. Another position at the source leaves it closed.
    """
    wanted = _places(said)
    before = {
        (entry.paper_id, entry.edition.day): entry
        for entry in Entry.objects.filter(paper__in=held).select_related("edition")
    }
    gone = [entry for name, entry in before.items() if name not in wanted]
    if gone:
        Entry.objects.filter(pk__in=[entry.pk for entry in gone]).delete()
    editions = _editions({day for paper, day in wanted.keys() - before.keys()})
    new = [
        (editions[day], paper, place.picked, place.position, place.position, place.by)
        for (paper, day), place in wanted.items()
        if (paper, day) not in before
    ]
    insert(Entry, ("edition_id", "paper_id", "picked", "placed", "position", "by"), new)
    moved, picked = [], []
    for name, entry in before.items():
        place = wanted.get(name)
        if place and (entry.picked, entry.placed, entry.by) != (place.picked, place.position, place.by):
            if entry.picked != place.picked:
                picked.append(entry)
            entry.picked, entry.placed, entry.by = place.picked, place.position, place.by
            moved.append(entry)
    Entry.objects.bulk_update(moved, ["picked", "placed", "by"], batch_size=200)
    if reopened := {row[0] for row in new} | {entry.edition_id for entry in (*gone, *picked)}:
        Edition.objects.filter(id__in=reopened).update(closed_at=None)


def _places(said: Mapping[int, Sequence[Record]]) -> dict[tuple[int, date], Placement]:
    """The place of each paper on each day, with who put it there."""
    places: dict[tuple[int, date], Placement] = {}
    for paper, records in said.items():
        for place in filed(records):
            places[paper, place.day] = better_place(places.get((paper, place.day), place), place)
    return places


def _editions(days: set[date]) -> dict[date, int]:
    if not days:
        return {}
    insert(
        Edition,
        ("day", "papers", "picked", "facets", "note"),
        [(connection.ops.adapt_datefield_value(day), 0, 0, "{}", "") for day in sorted(days)],
    )
    return dict(Edition.objects.filter(day__in=days).values_list("day", "id"))
