"""What the tests of harvesting share: a clock that is told the time, and the least that a job must keep."""

import random
from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from broadsheet.core.record import Record
from broadsheet.core.saying import filed, followed, settled
from broadsheet.sources.base import Reject
from broadsheet.sources.http import Client
from broadsheet.sources.pace import Clock
from broadsheet.sources.place import Announcement, Batch, Cursor, Listed, Source, Wanted
from broadsheet.sources.wire import Limits
from tests.sources.arxiv_truth import World

QUICK = Limits(connect=5.0, silence=5.0, whole=10.0, packed=8 << 20, body=8 << 20)
# For servers that are slow on purpose. On a busy machine others may seem so too, and be asked once more.
HASTY = Limits(connect=5.0, silence=0.4, whole=0.8, packed=8 << 20, body=8 << 20)


class ToldClock:
    """A clock of a machine started at 0. Sleeping moves it on and costs nothing."""

    def __init__(self, at: datetime, started: str = "one") -> None:
        self.started = started
        self.at = at
        self.since_start = 1_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.since_start

    def wall(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        self.since_start += seconds
        self.at += timedelta(seconds=seconds)


class WorldClock(ToldClock):
    """The clock of whoever lives in ``world``: it says arXiv's own time, which asking does not move."""

    def __init__(self, world: World) -> None:
        super().__init__(world.now)
        self._world = world

    def wall(self) -> float:
        return self._world.now.timestamp()


def client(folder: Path, clock: Clock, *, limits: Limits = QUICK, seed: int = 0) -> Client:
    return Client(folder, private=True, limits=limits, clock=clock, chance=random.Random(seed))


class Held:
    """What a job keeps, kept in memory: records as they follow one another, the ledger, the cursor."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.gone: set[str] = set()
        self.announcements: set[Announcement] = set()
        self.listings: list[Listed] = []
        self.rejects: list[Reject] = []
        self.cursors: dict[str, Cursor] = {}

    def take(self, route: str, batch: Batch) -> None:
        for record in batch.records:
            held = self.records.get(record.source_id)
            self.records[record.source_id] = followed(held, record) if held else settled(record)
            self.gone.discard(record.source_id)
        self.gone |= {one.source_id for one in batch.gone}
        self.announcements |= set(batch.announcements)
        self.listings += batch.listings
        self.rejects += batch.rejects
        self.cursors[route] = batch.cursor

    def harvest(self, source: Source, asking: Client, wanted: Wanted) -> Batch | None:
        """Harvest to the end; the last batch."""
        return next(iter(deque(self.steps(source, asking, wanted), maxlen=1)), None)

    def steps(self, source: Source, asking: Client, wanted: Wanted) -> Iterator[Batch]:
        for batch in source.fetch(asking, wanted, self.cursors.get(source.route, {})):
            self.take(source.route, batch)
            yield batch

    def day_of(self, key: str) -> date | None:
        """The day of the one edition that the paper is in."""
        days = {place.day for place in filed([self.records[key]])}
        assert len(days) <= 1, f"{key} is in {len(days)} editions"
        return days.pop() if days else None
