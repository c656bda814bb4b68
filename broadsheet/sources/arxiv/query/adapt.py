"""An entry of the query API into our Record."""

from datetime import UTC

from broadsheet.core import ids
from broadsheet.core.record import Placement, Record, Version
from broadsheet.sources.arxiv import calendar, withdrawal
from broadsheet.sources.arxiv.query.parse import Entry
from broadsheet.sources.base import UNPLACED, BadEntry


def record(entry: Entry) -> Record:
    """The record that ``entry`` makes. ``published`` of the API is the first version's time, to the second.

    Raises:
        BadEntry: if it has no id or no title.
    """
    named = ids.parse_arxiv(entry.identifier)
    if named is None:
        raise BadEntry(f"{entry.identifier[:80]!r} is not an id of arXiv")
    own, version = named
    if not entry.title:
        raise BadEntry(f"{own.key} has no title")
    doi = ids.parse_doi(entry.doi.split(" ")[0])
    first = entry.published.date() if entry.published else None
    last = entry.updated.date() if entry.updated else None
    versions = {1: first} | ({version: last if version > 1 else first} if version else {})
    day = calendar.announcement_day(entry.published) if entry.published else None
    return Record(
        source="arxiv",
        source_id=own.key,
        title=entry.title,
        abstract=entry.abstract,
        authors=entry.authors,
        ids=(own,) if doi is None or doi == own else (own, doi),
        versions=tuple(Version(number, at) for number, at in sorted(versions.items())),
        published=first,
        updated=last if version and version > 1 else None,
        topics=entry.topics,
        journal_ref=entry.journal_ref,
        comment=entry.comment,
        placements=(Placement(day, UNPLACED, picked=False, by="arxiv", certain=False),) if day else (),
        withdrawn=withdrawal.is_said(entry.abstract, entry.comment),
        seen_at=entry.updated.astimezone(UTC) if entry.updated else None,
    )
