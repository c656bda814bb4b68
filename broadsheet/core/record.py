"""Record: what one source says of one paper at one moment."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from broadsheet.core import ids, text
from broadsheet.core.ids import PaperId
from broadsheet.core.signal import Observation

MAX_TITLE = 1_000
MAX_ABSTRACT = 20_000
MAX_AUTHORS = 5_000
MAX_NAME = 200


class Precision(StrEnum):
    """How much of a date its source knew: ``2023-12`` is a month, ``2017`` a year."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class LinkKind(StrEnum):
    PAGE = "page"
    PDF = "pdf"
    CODE = "code"
    PROJECT = "project"
    THUMBNAIL = "thumbnail"
    MEDIA = "media"


@dataclass(frozen=True, slots=True)
class Link:
    kind: LinkKind
    url: str


@dataclass(frozen=True, slots=True)
class Version:
    """A numbered text of a paper, counted from 1."""

    number: int
    at: date | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """That a source put the paper into the edition of ``day`` at ``position`` (0 is the top).

    ``picked`` is true where people chose it (submitted it, featured it), false where it was announced
    with everything else of that day.
    """

    day: date
    position: int
    picked: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What ``source`` says. Empty means that the source did not say, never that there is none.

    ``source`` and ``source_id`` together name the record: a later one with the same name replaces it.
    Of two records with one name the one with the later version, then the later ``seen_at``, is kept.
    """

    source: str
    source_id: str
    title: str
    abstract: str = ""
    summary: str = ""
    summary_by: str = ""
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    ids: tuple[PaperId, ...] = ()
    versions: tuple[Version, ...] = ()
    published: date | None = None
    precision: Precision = Precision.DAY
    updated: date | None = None
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    venue: str = ""
    journal_ref: str = ""
    comment: str = ""
    licence: str = ""
    language: str = ""
    links: tuple[Link, ...] = ()
    placements: tuple[Placement, ...] = ()
    submitted_by: str = ""
    organization: str = ""
    observations: tuple[Observation, ...] = ()
    withdrawn: bool = False
    seen_at: datetime | None = None


class BadRecord(ValueError):
    """A record that cannot be kept; the message says which and why."""


def checked(record: Record) -> Record:
    """``record`` with its text cleaned and cut to size, and with at least one id.

    Raises:
        BadRecord: if it has no title, or its date is no date a paper can have.
    """
    title = text.one_line(record.title)[:MAX_TITLE]
    if not title:
        raise BadRecord(f"{record.source} record {record.source_id or '?'} has no title: give it one")
    if record.published and not 1000 <= record.published.year <= 2200:
        raise BadRecord(
            f"{record.source} record {record.source_id}: year {record.published.year} is not a year of a paper"
        )
    authors = tuple(name for raw in record.authors[:MAX_AUTHORS] if (name := text.one_line(raw)[:MAX_NAME]))
    known = tuple(dict.fromkeys(record.ids)) or (
        ids.local_id(text.title_key(title), authors[0] if authors else ""),
    )
    return replace(
        record,
        source_id=record.source_id or ids.best(known).key,
        title=title,
        abstract=text.paragraphs(record.abstract)[:MAX_ABSTRACT],
        summary=text.one_line(record.summary)[:2_000],
        authors=authors,
        author_count=max(record.author_count or 0, len(record.authors)) or None,
        ids=known,
        topics=tuple(dict.fromkeys(record.topics)),
        keywords=tuple(dict.fromkeys(word for raw in record.keywords[:60] if (word := text.one_line(raw)[:100]))),
        venue=text.one_line(record.venue)[:300],
        journal_ref=text.one_line(record.journal_ref)[:500],
        comment=text.one_line(record.comment)[:2_000],
        links=tuple(link for link in dict.fromkeys(record.links) if text.is_web_address(link.url)),
        submitted_by=text.one_line(record.submitted_by)[:MAX_NAME],
        organization=text.one_line(record.organization)[:MAX_NAME],
    )
