"""What the tests of this room share: bytes in, entries out."""

import io
from datetime import date
from pathlib import Path

from broadsheet.core.record import Record
from broadsheet.sources import files, registry
from broadsheet.sources.base import About, Entry, Progress, Reject

TODAY = date(2026, 11, 22)


def read(format_name: str, payload: bytes | str, name: str = "some.file", year: int | None = None) -> list[Entry]:
    raw = payload.encode() if isinstance(payload, str) else payload
    return list(registry.named(format_name).read(io.BytesIO(raw), About(name, TODAY, year)))


def record(format_name: str, payload: bytes | str, name: str = "some.file") -> Record:
    """The one record that ``payload`` makes."""
    (entry,) = read(format_name, payload, name)
    assert entry.reject is None, entry.reject
    (made,) = entry.records
    return made


def rejected(format_name: str, payload: bytes | str) -> Reject:
    """The reject of the one entry in ``payload``."""
    (entry,) = read(format_name, payload)
    assert entry.reject is not None
    assert entry.records == ()
    return entry.reject


def walked(path: Path, start: tuple[int, int] = (0, 0)) -> list[files.Found]:
    return list(files.entries(path, Progress(), TODAY, start=start))


def titles(found: list[files.Found]) -> list[str]:
    return [record.title for one in found for record in one.entry.records]


def reasons(found: list[files.Found]) -> list[str]:
    return [one.entry.reject.reason for one in found if one.entry.reject]
