"""An entry of the details endpoint, which is one version of a paper, into our Record."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from broadsheet.core import ids
from broadsheet.core.record import LinkKind, Record, Version
from broadsheet.sources import loose, names
from broadsheet.sources.base import BadEntry


def record(entry: Mapping[str, Any], server: str) -> Record:
    """The record that ``entry`` of ``server`` (``biorxiv`` or ``medrxiv``) makes. Its date is that of its version.

    Raises:
        BadEntry: if it has no DOI or no title.
    """
    own = ids.parse_doi(loose.string(entry.get("doi")))
    if own is None:
        raise BadEntry(f"{loose.string(entry.get('doi'))[:80]!r} is not a DOI")
    title = loose.string(entry.get("title"))
    if not title:
        raise BadEntry(f"{own.key} has no title")
    number = version(entry)
    day = loose.full_day(entry.get("date"))
    # "NA" until a journal has published it.
    published_as = ids.parse_doi(loose.string(entry.get("published")))
    kind = loose.string(entry.get("type"))
    category = loose.string(entry.get("category")).lower()
    return Record(
        source=server,
        source_id=own.value,
        title=title,
        abstract=loose.block(entry.get("abstract")),
        authors=tuple(names.split(loose.string(entry.get("authors")))),
        ids=(own,) if published_as is None or published_as == own else (own, published_as),
        versions=(Version(number, day),),
        published=day if number == 1 else None,
        updated=day if number > 1 else None,
        topics=(category,) if category else (),
        comment=kind,
        licence=loose.string(entry.get("license")),
        links=loose.links([(LinkKind.PAGE, f"https://www.{server}.org/content/{own.value}v{number}")]),
        withdrawn=kind.lower() in ("withdrawn", "withdrawal", "removed") or title.upper().startswith("WITHDRAWN:"),
        seen_at=datetime.combine(day, time(), UTC) if day else None,
    )


def version(entry: Mapping[str, Any]) -> int:
    """The number of its version; 1 where it says none."""
    return loose.count(entry.get("version")) or 1
