"""An item of OAI-PMH into our Record, and into what arXiv announced of it."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from broadsheet.core import ids
from broadsheet.core.record import Placement, Record, Version
from broadsheet.sources import loose
from broadsheet.sources.arxiv import calendar, people, withdrawal
from broadsheet.sources.arxiv.oai.parse import Item
from broadsheet.sources.base import UNPLACED, BadEntry
from broadsheet.sources.markup import Element

PREFIX = "oai:arXiv.org:"

# A paper whose only version was submitted no longer ago than this was held back by a moderator if it comes late;
# later, its record was edited.
HELD_BACK = timedelta(days=10)
# Announcements further back are of the archive, not of any edition that a harvest is about.
ANNOUNCED_WITHIN = timedelta(days=60)

# Within these days before, a list reads again what the one before may have missed.
READ_AGAIN = timedelta(days=2)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# As arXiv writes every date; Python's own reader, which knows all that mails hold, takes ten times as long.
_USUAL = re.compile(r"[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT", re.ASCII)
_VERSION = re.compile(r"v([1-9]\d{0,3})", re.ASCII)


def source_id(item: Item) -> str:
    """The arXiv id that the item is of.

    Raises:
        BadEntry: if it is none.
    """
    named = ids.parse_arxiv(item.identifier.removeprefix(PREFIX))
    if named is None:
        raise BadEntry(f"{item.identifier[:80]!r} is not the identifier of a paper of arXiv")
    return named[0].key


def stamped(item: Item) -> datetime:
    """When the item was last changed; of that only the day is known."""
    return loose.end_of(item.datestamp)


def record(item: Item, read_on: date | None = None) -> Record:
    """The record that ``item``, which is not deleted, makes. ``read_on``: up to when everything was read before.

    Raises:
        BadEntry: if it has no id, no title or no metadata of a kind that is known.
    """
    key = source_id(item)
    said = item.metadata
    if said is None or said.name not in ("arXivRaw", "arXiv"):
        raise BadEntry(f"{key} comes without metadata of arXiv")
    title = said.said("title")
    if not title:
        raise BadEntry(f"{key} has no title")
    named = ids.parse_arxiv(key)
    own = named[0] if named else None
    doi = ids.parse_doi(said.said("doi").split(" ")[0])
    versions = _versions(said)
    abstract, comment = said.said("abstract"), said.said("comments")
    day = announced(item.datestamp, versions, read_on)
    return Record(
        source="arxiv",
        source_id=key,
        title=title,
        abstract=abstract,
        authors=_authors(said),
        ids=tuple(one for one in dict.fromkeys((own, doi)) if one is not None),
        versions=tuple(Version(number, at.date() if at else None) for number, at in versions),
        published=_published(said, versions),
        updated=_updated(said, versions),
        topics=tuple(said.said("categories").split()),
        journal_ref=said.said("journal-ref"),
        comment=comment,
        licence=said.said("license"),
        placements=(Placement(day, UNPLACED, picked=False, by="arxiv", certain=False),) if day else (),
        withdrawn=_last_is_withdrawn(said) or withdrawal.is_said(abstract, comment),
        # The same record asked for again must be the same to the letter, so its own day counts, not that of asking.
        seen_at=stamped(item),
    )


def announced(
    datestamp: date, versions: Sequence[tuple[int, datetime | None]], read_on: date | None
) -> date | None:
    """The announcement day, concluded from when the versions were submitted; None where it cannot be.

    ``datestamp`` is the day of the last edit, so of an old paper it tells nothing: a day on which arXiv edits a
    hundred thousand old records announces none of them. In the first harvest (no ``read_on``) an old paper is of the
    day for which it was submitted. Later, a paper submitted for a day that was read before has been seen on its day,
    unless a moderator held it back. Of the days on which that one may have come the last is told: if the paper was
    seen before, an earlier one is held, and of concluded days the earliest counts.
    """
    if not versions or versions[0][0] != 1 or versions[0][1] is None:
        return None
    day = calendar.announcement_day(versions[0][1])
    if read_on is None and datestamp - day > ANNOUNCED_WITHIN:
        return None
    # Records are dated in UTC, in which a mailing goes out on the announcement day itself, at 00:00 or 01:00.
    second = versions[1][1] if len(versions) > 1 else None
    latest = calendar.last_announcement_day(second.date() if second else datestamp)
    if len(versions) > 1 and (read_on is None or day > read_on):
        return day
    if read_on is not None and latest < read_on - READ_AGAIN:
        return None
    if day < latest <= day + HELD_BACK:
        return latest
    return day if latest <= day or read_on is None or day > read_on else None


def _versions(said: Element) -> list[tuple[int, datetime | None]]:
    found = {}
    for one in said.all("version"):
        if number := _VERSION.fullmatch(one.attributes.get("version", "")):
            found[int(number[1])] = _moment(one.said("date"))
    return sorted(found.items(), key=lambda pair: pair[0])


def _moment(written: str) -> datetime | None:
    """The moment that ``written`` (``Mon, 2 Apr 2018 19:18:42 GMT``) is."""
    if usual := _USUAL.fullmatch(written):
        day, month, year, hour, minute, second = usual.groups()
        try:
            return datetime(
                int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC
            )
        except ValueError:
            return None
    read = loose.mail_date(written)
    if read is None:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _published(said: Element, versions: list[tuple[int, datetime | None]]) -> date | None:
    """In ``arXiv``, ``created`` is of the newest version; without ``updated`` that is the first as well."""
    if versions:
        first = versions[0][1]
        return first.date() if first else None
    return None if said.said("updated") else loose.full_day(said.said("created"))


def _updated(said: Element, versions: list[tuple[int, datetime | None]]) -> date | None:
    if len(versions) > 1 and (last := versions[-1][1]):
        return last.date()
    return loose.full_day(said.said("updated"))


def _authors(said: Element) -> tuple[str, ...]:
    listed = said.find("authors")
    if listed is None:
        return ()
    if not listed.children:
        return people.split(listed.text)
    parts = ((one.said("forenames"), one.said("keyname"), one.said("suffix")) for one in listed.all("author"))
    return tuple(name for one in parts if (name := " ".join(part for part in one if part)))


def _last_is_withdrawn(said: Element) -> bool:
    """Type ``I`` ("ignore") stands for a version that holds no paper any more."""
    listed = said.all("version")
    return bool(listed) and "I" in listed[-1].said("source_type")
