"""Made-up papers, as records of made-up sayings. Nobody wrote these sentences but us."""

from datetime import UTC, date, datetime
from typing import Any

from broadsheet.core import ids
from broadsheet.core.ids import PaperId
from broadsheet.core.record import Placement, Record, Version
from broadsheet.core.signal import Kind, Observation

TITLE = "Lanterns for Long Contexts: Reading Without Forgetting"
ABSTRACT = (
    "We hang lanterns along a long text, so that a reader finds the way back. They cost little and help a lot."
)
AUTHORS = ("Ada Marlow", "Bertil Quist")
DAY = date(2026, 2, 10)


def named(*names: str) -> tuple[PaperId, ...]:
    """The ids that ``names`` are; every one must be an id."""
    found = tuple(ids.parse(name) for name in names)
    assert all(found), names
    return tuple(one for one in found if one)


def record(source: str = "arxiv", source_id: str = "", title: str = TITLE, **said: Any) -> Record:
    """A record. ``ids`` may be written as texts; nothing else is filled in that the test does not say."""
    said["ids"] = tuple(one if isinstance(one, PaperId) else named(one)[0] for one in said.get("ids", ()))
    return Record(source, source_id, title, **said)


def preprint(number: str = "2602.01001", title: str = TITLE, **said: Any) -> Record:
    """What arXiv says of a paper announced on ``DAY``."""
    facts: dict[str, Any] = {
        "abstract": ABSTRACT,
        "authors": AUTHORS,
        "published": DAY,
        "topics": ("cs.CL", "cs.LG"),
        "versions": (Version(1, DAY),),
        "placements": (Placement(DAY, 0, picked=False),),
        "ids": (number,),
    }
    return record("arxiv", number, title, **(facts | said))


def at(day: date = DAY, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def votes(count: int, seen_at: datetime | None = None, source: str = "huggingface") -> Observation:
    return Observation(Kind.VOTES, source, count, seen_at or at())


def reading(kind: Kind, count: int, source: str, seen_at: datetime | None = None) -> Observation:
    return Observation(kind, source, count, seen_at or at())


def picked(position: int = 0, day: date = DAY, by: str = "") -> Placement:
    return Placement(day, position, picked=True, by=by)


def announced(position: int = 0, day: date = DAY, by: str = "") -> Placement:
    return Placement(day, position, picked=False, by=by)
