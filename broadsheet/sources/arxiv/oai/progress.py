"""Where a harvest by OAI-PMH stands: of one set, what was read and whether it can be believed."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

from broadsheet.sources.arxiv.oai.adapt import READ_AGAIN
from broadsheet.sources.arxiv.oai.parse import Item, Page

# Each list begins this many days before the last one did, so that every day is read twice after it has ended.
OVERLAP = READ_AGAIN
MAX_PASSES = 4

_MOST = 1 << 64


@dataclass(frozen=True, slots=True)
class Reading:
    """A list that is being read, from ``start`` on; ``began`` is the server's clock at its first page.

    arXiv's tokens count how many records of a day to skip. If one that was read is edited meanwhile, it leaves that
    day, and as many that were not read yet are skipped with it. Days that the next list reads again heal by
    themselves. For those before, ``exposed`` (from its first to its last, neither to be read again), the list is
    read once more: ``total`` is a sum over what was read of those days, whatever the order, and when two passes
    agree nothing moved.

    ``origin``: where the list began, however often a dead token made it begin anew at a later ``start``.
    ``day``: the datestamp of the last record, ``before`` the sum over the days before it: where a dead token is
    replaced by asking from that day on. ``ordered``: datestamps never went back, without which that would not do.
    """

    start: str
    origin: str = ""
    began: str = ""
    token: str = ""
    seen: int = 0
    pages: int = 0
    day: str = ""
    before: int = 0
    total: int = 0
    ordered: bool = True
    number: int = 1
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """``read_on``: the day of the server's clock on which the last list that was read to its end began."""

    read_on: str = ""
    reading: Reading | None = None

    @property
    def known(self) -> date | None:
        return date.fromisoformat(self.read_on) if self.read_on else None

    def begin(self, since: date | None) -> Reading:
        """The list to read next: from the last one's day minus the overlap; at first from ``since``, or everything."""
        if self.read_on:
            start = (date.fromisoformat(self.read_on) - OVERLAP).isoformat()
        else:
            start = since.isoformat() if since else ""
        return Reading(start, start)


def load(held: Mapping[str, Any]) -> Progress:
    """Progress from JSON. What a later release wrote and this does not know is left out."""
    reading = held.get("reading")
    known = {one.name for one in fields(Reading)}
    made = Reading(**{key: value for key, value in reading.items() if key in known}) if reading else None
    return Progress(str(held.get("read_on", "")), made)


def dump(progress: Progress) -> dict[str, Any]:
    return {"read_on": progress.read_on, "reading": asdict(progress.reading) if progress.reading else None}


def after_page(progress: Progress, reading: Reading, page: Page) -> Reading:
    """``reading`` after ``page``, which was read whole."""
    began = reading.began or page.at.isoformat()
    first, end = exposed(progress, replace(reading, began=began))
    day, before, total, ordered = reading.day, reading.before, reading.total, reading.ordered
    for item in page.items:
        stamp = item.datestamp.isoformat()
        if stamp < day:
            ordered = False
        elif stamp > day:
            day, before = stamp, total
        if first <= stamp < end:
            total = (total + _sum(item)) % _MOST
    return replace(
        reading,
        began=began,
        token=page.token,
        seen=reading.seen + len(page.items),
        pages=reading.pages + 1,
        day=day,
        before=before,
        total=total,
        ordered=ordered,
    )


def after_dead_token(reading: Reading) -> Reading:
    """Tokens die every day: ask anew from the day of the last record, or from the start if the order was not theirs."""
    if reading.ordered and reading.day:
        return replace(reading, start=reading.day, token="", total=reading.before, day="", before=0)
    return replace(reading, token="", total=0, day="", before=0, ordered=True)


def after_list(progress: Progress, reading: Reading) -> Progress:
    """Progress after the last page: done, or the exposed days once more."""
    first, end = exposed(progress, reading)
    if reading.pages > 1 and first < end and reading.total != reading.last:
        if reading.number < MAX_PASSES:
            again = Reading(first, first, began=reading.began, seen=reading.seen, number=reading.number + 1)
            return replace(progress, reading=replace(again, last=reading.total))
        # Never twice the same: what was read is kept, but the next harvest begins where this one did.
        return Progress(progress.read_on)
    return Progress(reading.began[:10])


def exposed(progress: Progress, reading: Reading) -> tuple[str, str]:
    """First and end (not included) of the days that only this list reads after they ended."""
    end = (date.fromisoformat(reading.began[:10]) - OVERLAP).isoformat()
    return progress.read_on or reading.origin, end


def not_later_than(page: Page, now: datetime) -> Page:
    """``page``, its time no later than ours: a clock ahead, there or here, must not skip a day; one behind only
    reads some again."""
    return replace(page, at=min(page.at, now.astimezone(UTC)))


def _sum(item: Item) -> int:
    return int.from_bytes(
        hashlib.blake2b(f"{item.identifier} {item.datestamp} {item.deleted}".encode(), digest_size=8).digest()
    )
