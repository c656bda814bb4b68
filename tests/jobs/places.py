"""A place whose sayings a test writes down: every batch is what a source of that route would have given."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from broadsheet.sources.http import Client
from broadsheet.sources.place import (
    Announced,
    Announcement,
    Batch,
    Budget,
    Cursor,
    Listed,
    Place,
    Tells,
    Wanted,
)


def on_weekdays(day: date) -> bool:
    return day.weekday() < 5


PLACE = Place(
    name="arxiv",
    title="A place",
    home="https://papers.example.org",
    terms="free",
    terms_at="https://papers.example.org/terms",
    zone=ZoneInfo("America/New_York"),
    budget=Budget("example", 0.0),
    announces=on_weekdays,
)


@dataclass
class Told:
    """A route that tells ``batches``, each from the position that the cursor names, then fails with ``failure``."""

    batches: list[Batch]
    route: str = "feed"
    place: Place = PLACE
    failure: BaseException | None = None
    tells: Tells = Tells.LISTINGS
    asked: list[Cursor] = field(default_factory=list)

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        self.asked.append(cursor)
        start = int(cursor.get("at", 0))
        for number, batch in enumerate(self.batches[start:], start + 1):
            batch.cursor = {"at": number}
            batch.finished = number == len(self.batches) and self.failure is None
            yield batch
        if self.failure is not None:
            raise self.failure


def new(source_id: str, day: date, topic: str = "cs.CL", *, certain: bool = True) -> Announcement:
    return Announcement(source_id, day, topic, Announced.NEW, certain)


def listed(day: date, *source_ids: str, topic: str = "cs.CL") -> Listed:
    return Listed(day, topic, tuple(source_ids))
