"""The completeness ledger: what was announced against what is held, for each topic and announcement day.

A day of a topic is *complete* when somebody who must know has told all of it (a listing of that day read whole, or a
list of changes asked for after the day was over) and every paper told is held. Until it is due it *waits*; then, if
nobody has told it, it is *late*; if papers told are not held, they are *missing*. Nothing is inferred from the day on
which we looked.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db import connection, transaction

from broadsheet.catalog.models import Announcement, Coverage, Identifier, Order, Record, Route
from broadsheet.catalog.rows import insert
from broadsheet.sources.place import Announced, Batch, Place, Source, Tells
from broadsheet.sources.place import Announcement as Told

# Announcements of days longer ago than this are not kept one by one: a backfill of decades is no morning's news.
KEPT = timedelta(days=120)
# How long after the midnight that begins its day a listing may take before it is called late.
PATIENCE = timedelta(hours=12)
# A topic that announced nothing on a day, but this many in the middle of its last days, has been left out by its place.
USUAL = 5
_LOOKED_BACK = 10
_LONGEST_SCOPE = 1_000
_COUNTED = (Announced.NEW, Announced.CROSS)


def scope_of(topics: Sequence[str]) -> str:
    """The name of what a route is asked for; of many topics, as long ones as addresses are, their digest."""
    name = " ".join(sorted(topics))
    return name if len(name) <= _LONGEST_SCOPE else hashlib.blake2b(name.encode(), digest_size=16).hexdigest()


def note(batch: Batch, source: Source, now: datetime) -> None:
    """Write what ``batch`` tells of announcements, in the caller's transaction."""
    place, since = source.place, (batch.asked_at or now).date() - KEPT
    rows = {
        (one.day, one.topic, one.source_id): (one.kind.value, one.certain)
        for one in batch.announcements
        if one.kind in _COUNTED and one.day >= since
    }
    # A listing that is still that of the day before tells nothing of the day that was due.
    whole = [one for one in batch.listings if not one.late]
    for listed in whole:
        for source_id in listed.ids:
            rows.setdefault((listed.day, listed.topic, source_id), (Announced.NEW.value, True))
    day_of = connection.ops.adapt_datefield_value
    insert(
        Announcement,
        ("place", "route", "day", "topic", "source_id", "kind", "certain"),
        [
            (place.name, source.route, day_of(day), topic, source_id, kind, certain)
            for (day, topic, source_id), (kind, certain) in sorted(rows.items())
        ],
        replace_on=("place", "day", "topic", "source_id", "route"),
    )
    for listed in whole:
        line, _ = Coverage.objects.get_or_create(place=place.name, topic=listed.topic, day=listed.day)
        if source.route not in line.listed:
            line.listed = sorted({*line.listed, source.route})
            line.save(update_fields=["listed"])


def read_in_listings(place: str, source_ids: Collection[str]) -> list[Told]:
    """What listings told of these papers: a paper asked for by name is filed on the day it was listed."""
    rows = Announcement.objects.filter(
        place=place, source_id__in=source_ids, certain=True, kind=Announced.NEW.value
    )
    return [
        Told(source_id, day, topic, Announced.NEW, certain=True)
        for source_id, day, topic in rows.values_list("source_id", "day", "topic")
    ]


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found: how many lines there are, are late and are whole again, and the ids announced but not held."""

    lines: int
    late: int
    missing: dict[str, tuple[str, ...]]
    healed: int

    @property
    def complete(self) -> bool:
        return not self.late and not self.missing


def audit(sources: Sequence[Source], order: Order, now: datetime, first: date | None = None) -> Audit:
    """Write the ledger's lines of the place that ``sources`` are the routes to, from ``first`` (by default what its order has been asked for) to today.

    Safe to run at any time and twice.
    """
    place = sources[0].place
    today = now.astimezone(place.zone).date()
    first = max(first or order.since or order.given_at.astimezone(place.zone).date(), today - KEPT)
    asked_at = _asked_at(sources, scope_of(order.topics))
    missing: dict[str, tuple[str, ...]] = {}
    lines = late = healed = 0
    for topic in order.topics or [""]:
        told = _told(place, topic, first)
        held = _held(place.name, {one for routes in told.values() for ids in routes.values() for one in ids})
        before = {line.day: line for line in Coverage.objects.filter(place=place.name, topic=topic, day__gte=first)}
        new: list[Coverage] = []
        changed: list[Coverage] = []
        counts: list[int] = []
        for day in (first + timedelta(days=number) for number in range((today - first).days + 1)):
            line = before.get(day) or Coverage(place=place.name, topic=topic, day=day)
            was, facts = line.state, _facts(line)
            gone = _judge(line, place, told.get(day, {}), held, asked_at, counts, now)
            if gone:
                missing[f"{topic} {day}".strip()] = tuple(gone)
            healed += was in Coverage.WRONG and line.state not in Coverage.WRONG
            late += line.state == Coverage.State.LATE
            lines += 1
            if day not in before:
                new.append(line)
            elif _facts(line) != facts:
                changed.append(line)
            if line.announced:
                counts.append(line.announced)
        _write(new, changed)
        Coverage.objects.filter(place=place.name, topic=topic, day__gte=first, day__lte=today).update(
            checked_at=now
        )
    return Audit(lines, late, missing, healed)


_FACTS = ("state", "announced", "held", "missing", "disputed", "complete_at")


def _facts(line: Coverage) -> tuple[object, ...]:
    return tuple(getattr(line, name) for name in _FACTS)


@transaction.atomic
def _write(new: Sequence[Coverage], changed: Sequence[Coverage]) -> None:
    """Most lines of an audit are as they were: those alone are written that are new or have changed."""
    Coverage.objects.bulk_create(new)
    Coverage.objects.bulk_update(changed, _FACTS, batch_size=200)


def _judge(
    line: Coverage,
    place: Place,
    routes: dict[str, set[str]],
    held: Collection[str],
    asked_at: datetime | None,
    counts: Sequence[int],
    now: datetime,
) -> list[str]:
    """Set what ``line`` tells; the ids that were announced and are not held."""
    announced = set[str]().union(*routes.values())
    gone = sorted(one for one in announced if one not in held)
    line.announced, line.missing = len(announced), len(gone)
    line.held = line.announced - line.missing
    told_all = _told_all(line, place, asked_at)
    line.disputed = _disputed(line, routes, told_all)
    usual = median(counts[-_LOOKED_BACK:]) if counts else 0
    # Two routes that both tell of nothing are believed; one alone may have left the topic out.
    suspicious = not announced and usual >= USUAL and not (line.listed and _changes_tell(line, place, asked_at))
    begins = datetime.combine(line.day, time(), place.zone)
    due = place.announces(line.day)
    if gone:
        line.state = Coverage.State.MISSING
    elif due is False and not announced:
        line.state = Coverage.State.QUIET
    elif told_all and not (due and suspicious):
        line.state = Coverage.State.COMPLETE if announced or due else Coverage.State.QUIET
    elif due and now >= begins + PATIENCE:
        line.state = Coverage.State.LATE
    else:
        line.state = Coverage.State.WAITING if due or announced else Coverage.State.QUIET
    line.complete_at = (line.complete_at or now) if line.state == Coverage.State.COMPLETE else None
    return gone


def _told_all(line: Coverage, place: Place, asked_at: datetime | None) -> bool:
    """Whether somebody has told every paper of the day: its listing, or a list of changes asked for after it."""
    return bool(line.listed) or _changes_tell(line, place, asked_at)


def _changes_tell(line: Coverage, place: Place, asked_at: datetime | None) -> bool:
    """Whether a list of changes that was begun after all of the day was public has been read to its end."""
    whole = datetime.combine(line.day, time(), place.zone) + place.told_after
    return asked_at is not None and asked_at >= whole


def _disputed(line: Coverage, routes: dict[str, set[str]], told_all: bool) -> int:
    """Papers that a route which told of this day at all leaves out, once the day has been told."""
    if not told_all or len(routes) < 2:
        return 0
    return len(set[str]().union(*routes.values()) - set[str].intersection(*routes.values()))


def _told(place: Place, topic: str, first: date) -> dict[date, dict[str, set[str]]]:
    """For each day, the ids that each route told; a paper whose day was read counts on no day that was concluded."""
    rows = Announcement.objects.filter(place=place.name, topic=topic, day__gte=first).values_list(
        "day", "route", "source_id", "certain"
    )
    told: dict[date, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    listed: dict[str, set[date]] = defaultdict(set)
    held = list(rows)
    for day, _, source_id, certain in held:
        if certain:
            listed[source_id].add(day)
    for day, route, source_id, certain in held:
        if certain or source_id not in listed or day in listed[source_id]:
            told[day][route].add(source_id)
        else:
            # The other route knows the paper; it only could not know that it was held back some days.
            for read in listed[source_id]:
                told[read][route].add(source_id)
    return told


def _asked_at(sources: Sequence[Source], scope: str) -> datetime | None:
    """When a route that tells all changes last began a list that it read to its end."""
    routes = [one.route for one in sources if one.tells is Tells.CHANGES]
    return (
        Route.objects.filter(place__in={one.place.name for one in sources}, scope=scope, asked_at__isnull=False)
        .filter(route__in=routes)
        .order_by("-asked_at")
        .values_list("asked_at", flat=True)
        .first()
    )


def _held(place: str, source_ids: Iterable[str]) -> set[str]:
    """Those of ``source_ids`` of which the place's record, or under the same name another's, is held."""
    ids = sorted(source_ids)
    held: set[str] = set()
    for start in range(0, len(ids), 1_000):
        some = ids[start : start + 1_000]
        held |= set(Identifier.objects.filter(key__in=some).values_list("key", flat=True))
        held |= set(Record.objects.filter(source=place, source_id__in=some).values_list("source_id", flat=True))
    return held


def prune(now: datetime) -> int:
    """Forget announcements one by one that are older than the ledger looks back; its lines stay."""
    with transaction.atomic():
        gone, _ = Announcement.objects.filter(day__lt=now.date() - KEPT).delete()
    return gone
