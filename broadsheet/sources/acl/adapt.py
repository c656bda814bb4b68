"""A paper of the Anthology into our Record."""

import re
from collections.abc import Iterator
from datetime import date, datetime

from broadsheet.core import ids
from broadsheet.core.ids import PaperId
from broadsheet.core.record import LinkKind, Precision, Record, Version
from broadsheet.sources import loose
from broadsheet.sources.acl.parse import Item
from broadsheet.sources.base import BadEntry

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"\d{4}", re.ASCII)


def record(item: Item, at: datetime) -> Record:
    """The record that ``item``, read ``at``, makes.

    Raises:
        BadEntry: if it has no id or no title.
    """
    own = identifier(item)
    if own is None:
        named = f"{item.volume.collection}-{item.volume.identifier}.{item.identifier}"
        raise BadEntry(f"{named[:80]!r} is no id of the Anthology")
    title = " ".join(item.said.said("title").split())
    if not title:
        raise BadEntry(f"{own.key} has no title")
    doi = ids.parse_doi(item.said.said("doi"))
    published, precision = _date(item)
    return Record(
        source="acl",
        source_id=own.value,
        title=title,
        abstract=item.said.said("abstract"),
        authors=tuple(_authors(item)),
        ids=(own,) if doi is None else (own, doi),
        versions=tuple(_versions(item)),
        published=published,
        precision=precision,
        venue=" ".join((item.said.said("booktitle") or item.volume.title).split()),
        comment="; ".join(one.text for one in item.said.all("award") if one.text),
        language=item.said.said("language"),
        links=loose.links(((LinkKind.PAGE, own.page), (LinkKind.PDF, own.pdf))),
        withdrawn=item.said.find("retracted") is not None or item.said.find("removed") is not None,
        seen_at=at,
    )


def identifier(item: Item) -> PaperId | None:
    """The id that the paper's own address is; where that leads elsewhere, it is made as the Anthology makes it."""
    written = item.said.said("url")
    own = ids.parse_acl(written) or ids.parse(written)
    if own is not None and own.scheme is ids.Scheme.ACL:
        return own
    name, volume, number = item.volume.collection, item.volume.identifier, item.identifier
    if "." in name:
        return ids.parse_acl(f"{name}-{volume}.{number}")
    if not (volume.isascii() and volume.isdigit() and number.isascii() and number.isdigit()):
        return None
    # Workshops have many volumes of few papers, others few volumes of many.
    if name.startswith("W") or name == "C69" or (name == "D19" and int(volume) >= 5):
        return ids.parse_acl(f"{name}-{int(volume):02}{int(number):02}")
    return ids.parse_acl(f"{name}-{int(volume)}{int(number):03}")


def added(item: Item) -> date | None:
    """The day on which the Anthology took the paper in."""
    return loose.full_day(item.said.attributes.get("ingest-date")) or item.volume.added


def _authors(item: Item) -> Iterator[str]:
    for author in item.said.all("author"):
        yield f"{author.said('first')} {author.said('last')}".strip()


def _versions(item: Item) -> Iterator[Version]:
    """A revision is a later version; that there is a first is told only beside others."""
    dates = {loose.count(one.attributes.get("id")): one.attributes.get("date") for one in item.said.all("revision")}
    known = {number: day for number, day in dates.items() if number}
    for number, day in sorted(({1: None} | known).items() if known else ()):
        yield Version(number, loose.full_day(day))


def _date(item: Item) -> tuple[date | None, Precision]:
    year = item.said.said("year") or item.volume.year
    if not _YEAR.fullmatch(year):
        return None, Precision.DAY
    month = (item.said.said("month") or item.volume.month)[:3].lower()
    if month in _MONTHS:
        return date(int(year), _MONTHS.index(month) + 1, 1), Precision.MONTH
    return date(int(year), 1, 1), Precision.YEAR
