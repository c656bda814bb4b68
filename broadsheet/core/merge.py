"""Several records of one paper, made one set of facts, each with the source it came from.

The result depends on the records alone, not on the order in which they arrived: replaying a harvest or an
import in any order ends in the same facts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from broadsheet.core import ids, text
from broadsheet.core.ids import PaperId
from broadsheet.core.record import Link, LinkKind, Precision, Record, Version
from broadsheet.core.saying import filed
from broadsheet.core.signal import Observation

# Who is believed first: the place that publishes a paper, then those that list it, then what people typed.
# A source not named here stands between the lists and the typed ones.
AUTHORITY = ("arxiv", "acl", "openreview", "biorxiv", "medrxiv", "huggingface")
TYPED = ("bibtex", "ris", "page", "starter")

_SHARPNESS = {Precision.DAY: 0, Precision.MONTH: 1, Precision.YEAR: 2}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is held of one paper. ``origins`` names the source of each fact that is not empty."""

    ids: tuple[PaperId, ...]
    title: str
    abstract: str
    summary: str
    summary_by: str
    authors: tuple[str, ...]
    author_count: int
    published: date | None
    precision: Precision
    updated: date | None
    topics: tuple[str, ...]
    keywords: tuple[str, ...]
    venue: str
    journal_ref: str
    comment: str
    licence: str
    language: str
    links: tuple[Link, ...]
    submitted_by: str
    organization: str
    versions: tuple[Version, ...]
    withdrawn: bool
    listed_on: date | None
    sources: tuple[str, ...]
    signals: dict[str, int]
    origins: dict[str, str]

    @property
    def key(self) -> str:
        return ids.best(self.ids).key

    def link(self, kind: LinkKind) -> str:
        return next((link.url for link in self.links if link.kind is kind), "")


def authority(source: str) -> int:
    """0 is believed first."""
    if source in AUTHORITY:
        return AUTHORITY.index(source)
    if source in TYPED:
        return len(AUTHORITY) + 1 + TYPED.index(source)
    return len(AUTHORITY)


def merge(records: Sequence[Record]) -> Facts:
    """The facts of the paper that ``records`` (one or more, already checked) speak of.

    Raises:
        ValueError: if there is no record.
    """
    if not records:
        raise ValueError("a paper needs at least one record")
    ordered = sorted(records, key=lambda one: (authority(one.source), one.source, one.source_id))
    origins: dict[str, str] = {}

    def first(name: str) -> str:
        for record in ordered:
            if said := getattr(record, name):
                origins[name] = record.source
                return str(said)
        return ""

    authors = _longest_authors(ordered, origins)
    published, precision = _date(ordered, origins)
    summary = first("summary")
    return Facts(
        ids=tuple(sorted({one for record in ordered for one in record.ids}, key=_key_order)),
        title=first("title"),
        abstract=first("abstract"),
        summary=summary,
        summary_by=next((one.summary_by for one in ordered if one.summary == summary), "") if summary else "",
        authors=authors,
        author_count=max([len(authors), *(one.author_count or 0 for one in ordered)]),
        published=published,
        precision=precision,
        updated=max((one.updated for one in ordered if one.updated), default=None),
        topics=_union(one.topics for one in ordered),
        keywords=_unlike(word for one in ordered for word in one.keywords),
        venue=first("venue"),
        journal_ref=first("journal_ref"),
        comment=first("comment"),
        licence=first("licence"),
        language=first("language"),
        links=_one_link_a_kind(ordered, origins),
        submitted_by=first("submitted_by"),
        organization=first("organization"),
        versions=_versions(ordered),
        withdrawn=any(one.withdrawn for one in ordered),
        listed_on=max((place.day for place in filed(ordered)), default=None),
        sources=tuple(dict.fromkeys(one.source for one in ordered)),
        signals=_latest(observation for one in ordered for observation in one.observations),
        origins=origins,
    )


def _key_order(one: PaperId) -> tuple[int, str]:
    return ids.KEY_ORDER.index(one.scheme), one.value


def _longest_authors(ordered: Sequence[Record], origins: dict[str, str]) -> tuple[str, ...]:
    """The first named list that is complete by its own count; failing that the longest.

    Some listings print "A. Author, B. Author and 6 others": a complete list elsewhere is better.
    """
    named = [one for one in ordered if one.authors]
    if not named:
        return ()
    best = next((one for one in named if len(one.authors) >= (one.author_count or 0)), None)
    best = best or max(named, key=lambda one: len(one.authors))
    origins["authors"] = best.source
    return best.authors


def _date(ordered: Sequence[Record], origins: dict[str, str]) -> tuple[date | None, Precision]:
    dated = [one for one in ordered if one.published]
    if not dated:
        return None, Precision.DAY
    best = min(dated, key=lambda one: (_SHARPNESS[one.precision], authority(one.source)))
    origins["published"] = best.source
    return best.published, best.precision


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))


def _unlike(words: Iterable[str]) -> tuple[str, ...]:
    """``words`` without those that differ from an earlier one only in case, accents or punctuation."""
    kept: dict[str, str] = {}
    for word in words:
        kept.setdefault(text.name_key(word) or word, word)
    return tuple(kept.values())[:60]


def _one_link_a_kind(ordered: Sequence[Record], origins: dict[str, str]) -> tuple[Link, ...]:
    kept: dict[LinkKind, Link] = {}
    for record in ordered:
        for link in record.links:
            if link.kind not in kept:
                kept[link.kind] = link
                origins[f"{link.kind} link"] = record.source
    return tuple(kept.values())


def _versions(ordered: Sequence[Record]) -> tuple[Version, ...]:
    dates: dict[int, date | None] = {}
    for record in ordered:
        for version in record.versions:
            dates[version.number] = dates.get(version.number) or version.at
    return tuple(Version(number, dates[number]) for number in sorted(dates))


def _latest(observations: Iterable[Observation]) -> dict[str, int]:
    """Name of each signal -> its last reading; of two readings at one moment the larger."""
    newest: dict[str, Observation] = {}
    for one in observations:
        held = newest.get(one.name)
        if held is None or (one.seen_at, one.value) > (held.seen_at, held.value):
            newest[one.name] = one
    return {name: newest[name].value for name in sorted(newest)}
