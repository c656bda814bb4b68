"""An item of a feed into our Record."""

from datetime import date, datetime, time, timedelta

from broadsheet.core import ids
from broadsheet.core.record import Placement, Record, Version
from broadsheet.sources.arxiv import people, withdrawal
from broadsheet.sources.arxiv.calendar import ZONE
from broadsheet.sources.arxiv.feed.parse import Item
from broadsheet.sources.base import BadEntry
from broadsheet.sources.place import Announced

# A feed says less than OAI-PMH (no comment, so no withdrawal), and the listing before may stand in it under a new
# date. So of one version what OAI-PMH said on any day of the week before has the last word.
SAYS_LESS = timedelta(days=7)


def kind(item: Item) -> Announced:
    """As what the item is announced.

    Raises:
        BadEntry: if it says nothing that is known, since then it may not count as new.
    """
    try:
        return Announced(item.kind.strip().lower())
    except ValueError:
        raise BadEntry(f"{item.identifier[:80] or 'an item'} is announced as {item.kind[:40]!r}") from None


def record(item: Item, day: date, position: int, *, certain: bool = True) -> Record:
    """The record that the item at ``position`` of the listing of ``day`` makes. Only a new one is in its edition.

    Raises:
        BadEntry: if it has no id or no title.
    """
    named = ids.parse_arxiv(item.identifier)
    if named is None:
        raise BadEntry(f"{item.identifier[:80]!r} is not an id of arXiv")
    own, version = named
    if not item.title:
        raise BadEntry(f"{own.key} has no title")
    doi = ids.parse_doi(item.doi)
    is_new = kind(item) is Announced.NEW
    return Record(
        source="arxiv",
        source_id=own.key,
        title=item.title,
        abstract=item.abstract,
        authors=people.split(item.creators),
        ids=(own,) if doi is None or doi == own else (own, doi),
        versions=(Version(version),) if version else (),
        published=day if is_new else None,
        topics=item.topics,
        journal_ref=item.journal_ref,
        licence=item.rights,
        placements=(Placement(day, position, picked=False, by="arxiv", certain=certain),) if is_new else (),
        withdrawn=withdrawal.is_said(item.abstract, ""),
        seen_at=datetime.combine(day - SAYS_LESS, time(), ZONE),
    )
