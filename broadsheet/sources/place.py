"""What every place on the network gives: batches of records, what it says it announced, and where to go on.

A `Place` (arXiv) states facts and terms; a `Source` is one *route* to it (``oai``, ``feed``, ``query``).
Nothing here stores anything: the job that harvests does, and this is how it uses a source::

    client = Client(data / "sources", contact=option("contact"))
    cursor = run.cursor                                      # {} for the first harvest
    for batch in source.fetch(client, wanted, cursor):       # may raise any of http.FetchFailed
        with transaction.atomic():
            absorb_batch(batch.records)                      # each already passed core.record.checked
            withdraw(batch.gone)                             # deleted at the source: flagged, never erased
            note(batch.announcements)                        # into the ledger, by announcement day and topic
            observe(batch.readings)                          # signals of papers that the batch has no record of
            run.cursor = cursor = batch.cursor               # in the same transaction, so that a kill repeats, never skips

Rules that every source keeps, so that a job need not know which source it has:

1. A batch holds at most `BATCH` records. Absorbing one twice, or an older one after a newer, changes nothing.
2. ``batch.cursor`` is JSON and opaque. Fetching from it goes on after the batch, on any machine, days later.
3. A reply that is not whole (cut, not the format asked for, empty where more was promised) raises before any of
   its records is given, so the cursor never passes what was not read. `http.FetchFailed` says in words what to do.
4. ``batch.finished`` is true on the last batch of a list that was read to its end. Only then has the source been
   asked for everything up to ``batch.asked_at``; a harvest is a success only if it ends with such a batch.
5. One bad entry never stops a list: it stands in ``batch.rejects`` with the reason.
6. What a record's day in an edition is, is decided from ``announcements``, not from when it was fetched: `certain`
   ones were read in a listing of that day, others follow from when the paper was submitted. A record of a source
   has a placement only where the source itself said the day.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from broadsheet.core.ids import PaperId
from broadsheet.core.record import Record
from broadsheet.core.signal import Observation
from broadsheet.sources.base import Reject
from broadsheet.sources.pace import Budget

if TYPE_CHECKING:
    from broadsheet.sources.http import Client

BATCH = 500

Cursor = Mapping[str, Any]


class UnknownTopic(ValueError):
    """A topic that the place does not have; the message shows what its topics look like."""


class Announced(StrEnum):
    """As what a paper stood in a listing. Only ``NEW`` puts it into an edition; the others never count as new."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


@dataclass(frozen=True, slots=True)
class Announcement:
    """That a source announced the record ``source_id`` under ``topic`` on ``day``, its day by its own clock.

    ``topic`` is empty where a source has none. ``certain``: read in the listing of that day, not concluded.
    """

    source_id: str
    day: date
    topic: str
    kind: Announced
    certain: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """That the listing of ``day`` and ``topic`` was read whole, so that the ledger knows what "all" is.

    ``ids``: the source ids it announced, replacements left out. ``late``: that listing was due and the source still
    shows an earlier one; then ``ids`` is empty and says nothing.
    """

    day: date
    topic: str
    ids: tuple[str, ...]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """That the source no longer has the record ``source_id``: to be flagged as withdrawn, its page kept."""

    source_id: str
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a signal of a paper which the batch has no record of."""

    paper: PaperId
    observation: Observation


@dataclass(slots=True)
class Batch:
    """What one step of a harvest gave, and the cursor after it; see the rules above.

    ``asked_at``: the source's own clock where it tells one, when the list was begun. ``seen``: entries read so far
    in this list, for progress; no source tells reliably how many there are.
    """

    cursor: Cursor
    records: list[Record] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    listings: list[Listed] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    asked_at: datetime | None = None
    seen: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to harvest. No topics: everything that the source has. ``since`` counts for the first harvest only.

    ``ids``: these papers alone, for a route that can be asked for single papers. ``code``: papers and the addresses
    of their code, for one that is asked for what it knows of that.
    """

    topics: tuple[str, ...] = ()
    since: date | None = None
    ids: tuple[PaperId, ...] = ()
    code: tuple[tuple[PaperId, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Facts and terms of a place, for `broadsheet sources`, the ledger and the pages.

    ``zone``: whose midnight parts its announcement days. ``announces``: whether it announces on a day; None where
    that cannot be known beforehand, which is never an alarm. ``told_after``: how long after the midnight that begins
    a day a list of changes has all of that day. ``key``: what its key is called, empty if it needs none.
    """

    name: str
    title: str
    home: str
    terms: str
    terms_at: str
    zone: ZoneInfo
    budget: Budget
    announces: Callable[[date], bool | None]
    told_after: timedelta = timedelta(days=1)
    key: str = ""


class Tells(StrEnum):
    """What a route is good for."""

    CHANGES = "changes"
    """All that changed since it was last asked: a day is told once a list begun after it was read to its end."""
    LISTINGS = "listings"
    """The listing of one day at a time: that it was asked says nothing of the days before."""
    PAPERS = "papers"
    """The papers named in ``wanted.ids``, or those of some days: asked to heal, not every morning."""


class Source(Protocol):
    """One route to a place. ``fetch`` goes on from ``cursor`` (``{}`` is the beginning) and may be stopped anywhere.

    Raises while iterated: ``http.FetchFailed`` where the source cannot be read now or no further.
    """

    @property
    def place(self) -> Place: ...

    @property
    def route(self) -> str: ...

    @property
    def tells(self) -> Tells: ...

    def fetch(self, client: "Client", wanted: Wanted, cursor: Cursor) -> Iterator[Batch]: ...
