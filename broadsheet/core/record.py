"""Record: what one source says of one paper at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from broadsheet.core import ids, text
from broadsheet.core.day import FIRST_DAY, LAST_DAY, Period, PeriodKind
from broadsheet.core.ids import PaperId
from broadsheet.core.signal import Observation

MAX_TITLE = 1_000
MAX_ABSTRACT = 20_000
MAX_AUTHORS = 5_000
MAX_NAME = 200
MAX_SOURCE = 40
MAX_SOURCE_ID = 400
MAX_TOPICS = 60
MAX_KEYWORDS = 60
# What fits the whole numbers of every database.
MOST = 2_147_483_647
MOST_VERSIONS = 9_999
_TIMES = Period(PeriodKind.DAY, FIRST_DAY, LAST_DAY)


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
    with everything else of that day. ``certain`` is false where nobody read the day in a listing and it
    follows from when the paper was submitted; ``saying.filed`` says what then becomes of it.
    """

    day: date
    position: int
    picked: bool
    by: str = ""
    certain: bool = True


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
        BadRecord: if it has no title, or says what no paper, edition or count can have.
    """
    source, source_id = text.one_line(record.source), text.one_line(record.source_id)
    named = f"{source or 'nameless'} record {source_id[:80] or '?'}"
    title = _line(record.title, MAX_TITLE)
    if not title:
        raise BadRecord(f"{named} has no title: give it one")
    if not 0 < len(source) <= MAX_SOURCE or len(source_id) > MAX_SOURCE_ID:
        raise BadRecord(
            f"{named}: a source is named in 1 to {MAX_SOURCE} characters and a record in at most {MAX_SOURCE_ID}"
        )
    if wrong := _impossible(record):
        raise BadRecord(f"{named}: {wrong}")
    written = [name for raw in record.authors if (name := _line(raw, MAX_NAME))]
    authors = tuple(written[:MAX_AUTHORS])
    known = tuple(dict.fromkeys(record.ids)) or (
        ids.local_id(text.title_key(title), authors[0] if authors else ""),
    )
    return replace(
        record,
        source=source,
        source_id=source_id or ids.best(known).key,
        title=title,
        abstract=text.paragraphs(record.abstract)[:MAX_ABSTRACT].rstrip(),
        summary=_line(record.summary, 2_000),
        summary_by=_line(record.summary_by, 200),
        authors=authors,
        author_count=max(record.author_count or 0, len(written)) or None,
        ids=known,
        topics=_lines(record.topics, MAX_TOPICS),
        keywords=_lines(record.keywords, MAX_KEYWORDS),
        venue=_line(record.venue, 300),
        journal_ref=_line(record.journal_ref, 500),
        comment=_line(record.comment, 2_000),
        licence=_line(record.licence, 300),
        language=_line(record.language, 20),
        links=tuple(link for link in dict.fromkeys(record.links) if text.is_web_address(link.url)),
        placements=tuple(replace(place, by=_line(place.by, MAX_NAME)) for place in record.placements),
        submitted_by=_line(record.submitted_by, MAX_NAME),
        organization=_line(record.organization, MAX_NAME),
    )


def _line(raw: str, most: int) -> str:
    return text.one_line(raw)[:most].rstrip()


def _lines(raw: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for one in raw if (line := _line(one, 100))))[:most]


def _impossible(record: Record) -> str:
    """What in ``record`` cannot be, in words; empty if all can."""
    if record.published and not 1000 <= record.published.year <= 2200:
        return f"year {record.published.year} is not a year of a paper"
    if record.seen_at is not None and record.seen_at.tzinfo is None:
        return f"it was seen at {record.seen_at}, which has no time zone"
    if record.seen_at is not None and record.seen_at.date() not in _TIMES:
        return f"{record.seen_at} is not a time at which a record was seen"
    if record.author_count is not None and not 0 <= record.author_count <= MOST:
        return f"{record.author_count} is not a number of authors"
    for version in record.versions:
        if not 1 <= version.number <= MOST_VERSIONS:
            return f"{version.number} is not the number of a version"
    for place in record.placements:
        if not FIRST_DAY <= place.day <= LAST_DAY:
            return f"{place.day} is not the day of an edition"
        if not 0 <= place.position <= MOST:
            return f"{place.position} is not a place in an edition"
    for reading in record.observations:
        if reading.value > MOST:
            return f"{reading.value} is not a count of {reading.source} {reading.kind}"
        if len(reading.source) > MAX_SOURCE or text.one_line(reading.source) != reading.source:
            return f"{reading.source[:80]!r} is not the name of a source"
        if reading.seen_at.date() not in _TIMES:
            return f"{reading.seen_at} is not a time at which a count was read"
    return ""
