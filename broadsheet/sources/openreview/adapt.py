"""A note, which is a submission to a venue, into our Record."""

from datetime import date, datetime

from broadsheet.core import ids
from broadsheet.core.record import LinkKind, Record
from broadsheet.sources import loose
from broadsheet.sources.base import BadEntry
from broadsheet.sources.openreview.parse import Note

_HOME = "https://openreview.net"
_CODE = ("code", "code_link", "github", "code_URL", "software_url")


def record(note: Note, at: datetime) -> Record:
    """The record that ``note``, read ``at``, makes. Without authors while they are not told to everyone.

    Raises:
        BadEntry: if it is no submission, or has no title.
    """
    own = ids.parse_openreview(note.forum or note.identifier)
    if own is None or (note.forum and note.forum != note.identifier):
        raise BadEntry(f"{note.identifier[:80]!r} is no submission")
    title = loose.string(note.content.get("title"))
    if not title:
        raise BadEntry(f"{own.key} has no title")
    published = note.accepted or note.online or note.created
    venue_id = loose.string(note.content.get("venueid"))
    pdf = loose.string(note.content.get("pdf"))
    area = loose.string(note.content.get("primary_area"))
    return Record(
        source="openreview",
        source_id=own.value,
        title=title,
        abstract=loose.block(note.content.get("abstract")),
        summary=loose.string(note.content.get("TLDR") or note.content.get("TL;DR")),
        summary_by="the authors",
        authors=_authors(note),
        ids=(own,),
        published=published.date() if published else None,
        topics=(area,) if area else (),
        keywords=loose.strings(note.content.get("keywords") or []),
        venue=loose.string(note.content.get("venue")) or venue_id,
        licence=note.licence,
        links=loose.links(
            (
                (LinkKind.PAGE, own.page),
                (LinkKind.PDF, f"{_HOME}{pdf}" if pdf.startswith("/") else pdf),
                *((LinkKind.CODE, note.content.get(name)) for name in _CODE),
                (LinkKind.PROJECT, note.content.get("project_page")),
            )
        ),
        withdrawn=venue_id.rpartition("/")[2].lower().startswith("withdrawn"),
        seen_at=min(note.changed, at) if note.changed else at,
    )


def opened(note: Note) -> date | None:
    """The day on which everyone could first read it, as far as it says."""
    moment = note.online or note.accepted or note.created
    return moment.date() if moment else None


def _authors(note: Note) -> tuple[str, ...]:
    written = note.content.get("authors")
    if isinstance(written, list):
        # Some venues list authors as objects with a name and a profile.
        names = [loose.string(one.get("fullname") or one.get("name")) if isinstance(one, dict) else loose.string(one)
                 for one in written]  # fmt: skip
        return tuple(name for name in names if name and name.lower() != "anonymous")
    return loose.strings(written)
