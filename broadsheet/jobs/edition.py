"""Edition: put the papers of each open day in order, count them, and close the days that are over."""

from collections import defaultdict
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from broadsheet.catalog.models import Coverage, Edition, Entry
from broadsheet.jobs.facets import facets_of
from broadsheet.ranking.editions import Place, in_order

# How long an edition waits, after its day, for sources that are late; then it closes and says what it lacks.
DEADLINE = timedelta(days=2)


def print_editions(today: date) -> int:
    """Order every open edition; close those of days before ``today``. Returns how many were ordered.

    A day of which the ledger lacks something stays open until it is there, or until `DEADLINE` has passed: its
    note then says what is missing. Safe to run twice: a closed edition is left alone, whatever its papers' votes
    have become since.
    """
    printed = 0
    lacks = _lacks(today)
    for number in list(Edition.objects.filter(closed_at=None).order_by("day").values_list("id", flat=True)):
        with transaction.atomic():
            # Held, so that a paper that comes meanwhile opens the edition again after it is closed, not before.
            edition = Edition.objects.select_for_update().get(id=number)
            missing = lacks.get(edition.day, "")
            edition.note = missing and f"Not all is here: {missing}."
            _print(edition, close=edition.day < today and (not missing or edition.day + DEADLINE < today))
        printed += 1
    return printed


def _lacks(today: date) -> dict[date, str]:
    """What the ledger lacks of each day that is over, in words."""
    found: dict[date, list[str]] = defaultdict(list)
    for line in Coverage.objects.filter(day__lt=today, state__in=Coverage.LACKING).order_by("place", "topic"):
        missing = line.state == Coverage.State.MISSING
        found[line.day].append(
            f"{line.of} lacks {line.missing} of {line.announced}" if missing else f"{line.of} is late"
        )
    return {day: ", ".join(said) for day, said in found.items()}


def _print(edition: Edition, *, close: bool) -> None:
    entries = list(
        Entry.objects.filter(edition=edition).values_list(
            "id", "picked", "placed", "position", "paper__points", "paper__key",
            "paper__topics", "paper__sources", "paper__links", "paper__withdrawn",
        )
    )  # fmt: skip
    held = {entry[0]: entry[3] for entry in entries}
    places = in_order(Place(entry[0], entry[1], entry[4], entry[2], entry[5]) for entry in entries)
    moved = [(position, one.entry) for position, one in enumerate(places) if held[one.entry] != position]
    if moved:
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE entry SET position = %s WHERE id = %s", moved)
    shown = [entry for entry in entries if not entry[9]]
    edition.papers = len(shown)
    edition.picked = sum(entry[1] for entry in shown)
    edition.facets = facets_of((entry[6], entry[7], entry[8]) for entry in shown)
    if close:
        edition.closed_at = timezone.now()
    edition.save(update_fields=["papers", "picked", "facets", "note", "closed_at"])
