"""What every format of file gives: entries, each with its records or with the reason why there is none.

What every place on the network gives, and how a job harvests it, is told in ``place.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO, Protocol

from broadsheet.core.record import Record

RAW_KEPT = 2_000

# The position of a placement whose source told the day but not the order: every known position comes before it.
UNPLACED = 9_999


class BadFile(ValueError):
    """A file that cannot be read at all, or no further; the message says why and what to do."""


class BadEntry(ValueError):
    """One entry of a file that makes no record; the message says why."""


@dataclass(frozen=True, slots=True)
class Reject:
    """An entry, or a whole file (``line`` 0), that was left out. ``raw`` is its beginning, for the rejects file."""

    member: str
    line: int
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry at ``position`` (counted from 1) of a file, which begins at ``line`` (0 if it has no lines)."""

    position: int
    line: int
    records: tuple[Record, ...] = ()
    reject: Reject | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a file besides its bytes. ``year`` is what the user says of dates without a year."""

    name: str
    today: date
    year: int | None = None


class Format(Protocol):
    """One format of file. ``sniff`` judges by the first bytes; ``read`` leaves out the first ``start`` positions.

    ``read`` raises `BadFile` where the file as a whole is not what it seemed; an entry that cannot be read
    is yielded with its reject and never raises.
    """

    name: str
    title: str

    def sniff(self, head: bytes) -> bool: ...

    def read(self, stream: BinaryIO, about: About, start: int = 0) -> Iterator[Entry]: ...


@dataclass(slots=True)
class Progress:
    """How far a file has been read: bytes as they lie on disk, compressed or not."""

    bytes_read: int = 0
    bytes_total: int = 0
    member: str = field(default="")


def reject(about: About, position: int, line: int, reason: str, raw: str | bytes = "") -> Entry:
    if isinstance(raw, bytes):
        raw = raw[:RAW_KEPT].decode("utf-8", "backslashreplace")
    return Entry(position, line, reject=Reject(about.name, line, reason, raw[:RAW_KEPT]))
