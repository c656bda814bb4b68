"""Harvest: what a place has said since it was last asked, into the catalogue and the ledger.

``harvest`` goes through these steps for one route:

1. take the route by a conditional update: whoever changed the row has it, for `LEASE`, renewed at every batch;
2. fetch the next batch, outside any transaction;
3. in one transaction: see that the route is still held, absorb the records with the days they were announced on,
   flag what is gone, write the ledger's notes and the readings, and set the cursor after the batch;
4. after the last batch of a list read to its end, note when it was asked: only then was everything seen.

Killed anywhere, the next run goes on from the last cursor and repeats at most one batch, which changes nothing.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from broadsheet.catalog.absorb import Absorbed
from broadsheet.catalog.models import Record as RecordRow
from broadsheet.catalog.models import Route, Run
from broadsheet.catalog.payload import unpack
from broadsheet.core.record import Placement, Record
from broadsheet.jobs import ledger, observe, rejects, runs
from broadsheet.jobs.reading import reject
from broadsheet.jobs.storing import stored
from broadsheet.sources.base import UNPLACED
from broadsheet.sources.http import Client, Refused
from broadsheet.sources.place import Announced, Announcement, Batch, Source, Tells, Wanted

JOB = "harvest"
LEASE = timedelta(minutes=10)


class RouteBusy(RuntimeError):
    """Another worker harvests this route."""


class RouteLost(RuntimeError):
    """The route was given to another worker meanwhile, since this one took too long; nothing more is stored here."""


@dataclass(slots=True)
class HarvestTally:
    """What a harvest did. ``finished``: a list was read to its end."""

    batches: int = 0
    seen: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    announced: int = 0
    rejected: int = 0
    finished: bool = False

    @property
    def records(self) -> int:
        return self.added + self.changed + self.unchanged


def harvest(
    source: Source,
    client: Client,
    wanted: Wanted,
    *,
    progress: Callable[[HarvestTally], None] = lambda _: None,
    until: datetime | None = None,
) -> HarvestTally:
    """Harvest one route until its list ends, or until the first batch after ``until``.

    Raises:
        RouteBusy: if another worker is at it.
        FetchFailed: if the place cannot be read, or no further; what was stored is kept and the next run goes on.
    """
    route = _taken(source, wanted)
    run = Run.objects.create(job=JOB, target=str(route), cursor={"route": route.pk})
    tally = HarvestTally()
    try:
        for batch in source.fetch(client, wanted, route.cursor):
            _store(batch, source, route, run, tally)
            progress(tally)
            if until is not None and timezone.now() >= until and not tally.finished:
                _end(run, route, "", stopped=True)
                return tally
    except BaseException as wrong:
        stopped = isinstance(wrong, KeyboardInterrupt)
        _end(run, route, "" if stopped else in_words(source, wrong), stopped=stopped)
        raise
    _end(run, route, "" if tally.finished else "the list ended without its end")
    return tally


def in_words(source: Source, wrong: BaseException) -> str:
    """What went wrong on a route, and where a person must act, how."""
    said = str(wrong) or type(wrong).__name__
    if isinstance(wrong, Refused):
        said += f" Once you have looked: `broadsheet sources reset {source.place.name}.{source.route}`."
    return said


def _taken(source: Source, wanted: Wanted) -> Route:
    """The route, held by us.

    Raises:
        RouteBusy: if another holds it.
    """
    row, _ = Route.objects.get_or_create(
        place=source.place.name, route=source.route, scope=ledger.scope_of(wanted.topics)
    )
    now = timezone.now()
    holder = uuid.uuid4().hex
    free = Q(holder="") | Q(held_until=None) | Q(held_until__lt=now)
    if not Route.objects.filter(free, pk=row.pk).update(holder=holder, held_until=now + LEASE):
        raise RouteBusy(f"another worker harvests {row}: wait until it is done")
    row.refresh_from_db()
    return row


def _store(batch: Batch, source: Source, route: Route, run: Run, tally: HarvestTally) -> None:
    """Store a batch, its notes and its cursor, whole or not at all."""
    place = source.place.name
    with transaction.atomic():
        now = timezone.now()
        told = {"cursor": dict(batch.cursor), "held_until": now + LEASE}
        if batch.finished:
            told |= {"asked_at": batch.asked_at or now, "succeeded_at": now, "failure": ""}
        if not Route.objects.filter(pk=route.pk, holder=route.holder).update(**told):
            raise RouteLost(f"{route} was taken over by another worker")
        announced = batch.announcements
        if source.tells is Tells.PAPERS:
            announced = [*announced, *ledger.read_in_listings(place, [one.source_id for one in batch.records])]
        records = list(_with_days(batch.records, announced, place))
        records += _withdrawn(batch, place)
        records += observe.observed(batch.readings) if batch.readings else []
        done = stored(records)
        refused = [reject(records[number], place, 0, reason) for number, reason in done.refused]
        refused += batch.rejects
        ledger.note(batch, source, now)
        _count(tally, batch, done, len(refused))
        file = rejects.path_of(settings.DATA, run.pk)
        end = rejects.append(file, refused, int(run.cursor.get("rejects_end", 0)))
        run.cursor = {"route": route.pk, "rejects_end": end}
        run.tally, run.beat_at = _told(tally), now
        run.save(update_fields=["cursor", "tally", "beat_at"])


def _with_days(records: Sequence[Record], announcements: Sequence[Announcement], place: str) -> Iterator[Record]:
    """``records``, and those held that were announced again, each with the days on which it was announced as new."""
    days: dict[str, list[Placement]] = defaultdict(list)
    for one in announcements:
        if one.kind is Announced.NEW:
            days[one.source_id].append(Placement(one.day, UNPLACED, picked=False, by=place, certain=one.certain))
    told = {record.source_id for record in records}
    for record in chain(records, _held(place, sorted(days.keys() - told))):
        known = {one.day for one in record.placements if one.certain}
        fresh = [one for one in days.get(record.source_id, ()) if one.day not in known]
        yield replace(record, placements=(*record.placements, *fresh)) if fresh else record


def _withdrawn(batch: Batch, place: str) -> list[Record]:
    """The records that the place no longer has, flagged: their pages and what readers said of them stay."""
    gone = {one.source_id: one.said_at for one in batch.gone}
    return [
        replace(record, withdrawn=True, seen_at=gone[record.source_id] or timezone.now())
        for record in _held(place, sorted(gone))
    ]


def _held(place: str, source_ids: Sequence[str]) -> Iterator[Record]:
    for row in RecordRow.objects.filter(source=place, source_id__in=source_ids):
        yield unpack(bytes(row.payload))


def _count(tally: HarvestTally, batch: Batch, done: Absorbed, rejected: int) -> None:
    tally.batches += 1
    tally.seen = batch.seen
    tally.added += done.added
    tally.changed += done.changed
    tally.unchanged += done.unchanged
    tally.gone += len(batch.gone)
    tally.announced += sum(one.kind is Announced.NEW for one in batch.announcements)
    tally.rejected += rejected
    tally.finished = batch.finished


def _told(tally: HarvestTally) -> dict[str, int]:
    return {
        "added": tally.added,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "gone": tally.gone,
        "announced": tally.announced,
        "rejected": tally.rejected,
    }


def _end(run: Run, route: Route, failure: str, *, stopped: bool = False) -> None:
    """Let the route go and say how the run ended."""
    now = timezone.now()
    let_go: dict[str, Any] = {"holder": "", "held_until": None}
    if failure:
        let_go |= {"failed_at": now, "failure": failure[:2_000]}
    Route.objects.filter(pk=route.pk, holder=route.holder).update(**let_go)
    state = Run.State.STOPPED if stopped else Run.State.FAILED if failure else Run.State.DONE
    runs.end(run, state, failure)
