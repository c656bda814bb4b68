"""An item of Daily Papers into a Record."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from broadsheet.core import ids
from broadsheet.core.record import LinkKind, Placement, Record
from broadsheet.core.signal import Kind, Observation
from broadsheet.sources import loose
from broadsheet.sources.base import BadEntry

SOURCE = "huggingface"


def record(item: Mapping[str, Any], day: date | None, position: int, at: datetime | None = None) -> Record:
    """``item``, which stood at ``position`` (0 is the top) of the list of ``day``, read ``at`` (with a zone).

    Without a day it counts for the day on which it was submitted to Daily Papers, if the item tells that. Without
    a moment, as in a file, it counts as read at the end of its day.

    Raises:
        BadEntry: if it has no arXiv id or no title.
    """
    paper = loose.mapping(item.get("paper"))
    named = ids.parse_arxiv(loose.string(paper.get("id")))
    if not named:
        raise BadEntry(f"its id {loose.string(paper.get('id'))[:80]!r} is not an arXiv id")
    title = loose.string(paper.get("title")) or loose.string(item.get("title"))
    if not title:
        raise BadEntry(f"{named[0].key} has no title")
    day = day or submitted_day(item)
    published = loose.full_day(paper.get("publishedAt"))
    summary = _either(paper, item, "ai_summary")
    seen_on = day or loose.full_day(item.get("publishedAt")) or published
    seen_at = at or (loose.end_of(seen_on) if seen_on else None)
    return Record(
        source=SOURCE,
        source_id=named[0].key,
        title=title,
        abstract=loose.block(paper.get("summary")) or loose.block(item.get("summary")),
        summary=summary,
        summary_by=(_either(paper, item, "ai_summary_model") or "Hugging Face")[:200] if summary else "",
        authors=tuple(_authors(paper.get("authors"))),
        ids=(named[0],),
        published=published,
        keywords=loose.strings(paper.get("ai_keywords") or item.get("ai_keywords")),
        links=loose.links(
            (
                (LinkKind.PAGE, f"https://huggingface.co/papers/{named[0].value}"),
                (LinkKind.CODE, paper.get("githubRepo") or item.get("githubRepo")),
                (LinkKind.PROJECT, paper.get("projectPage") or item.get("projectPage")),
                (LinkKind.THUMBNAIL, item.get("thumbnail")),
                *((LinkKind.MEDIA, url) for url in _media(item, paper)),
            )
        ),
        placements=(Placement(day, position, picked=True, by=SOURCE),) if day else (),
        submitted_by=_person(item.get("submittedBy")) or _person(paper.get("submittedOnDailyBy")),
        organization=_person(paper.get("organization")) or _person(item.get("organization")),
        observations=tuple(_observations(item, paper, seen_at)) if seen_at else (),
        withdrawn=bool(paper.get("withdrawnAt")),
        seen_at=seen_at,
    )


def submitted_day(item: Mapping[str, Any]) -> date | None:
    """The day of the list that an item was submitted to.

    It is the day in UTC: all 4,610 saved items that tell both agree, while New York's day would put those
    that were submitted there in the evening, which are most, one day too early.
    """
    paper = loose.mapping(item.get("paper"))
    moment = loose.moment(paper.get("submittedOnDailyAt"))
    return moment.date() if moment else None


def _either(paper: Mapping[str, Any], item: Mapping[str, Any], name: str) -> str:
    return loose.string(paper.get(name)) or loose.string(item.get(name))


def _authors(value: object) -> Iterator[str]:
    for author in loose.items(value):
        name = loose.string(author.get("name"))
        if not author.get("hidden") and any(char.isalpha() for char in name):
            yield name


def _person(value: object) -> str:
    said = loose.mapping(value)
    return loose.string(said.get("fullname")) or loose.string(said.get("name")) or loose.string(said.get("user"))


def _media(item: Mapping[str, Any], paper: Mapping[str, Any]) -> tuple[str, ...]:
    """Uploaded pictures and films. Early items have one ``mediaUrl`` instead, which is the thumbnail again."""
    return loose.strings(item.get("mediaUrls") or paper.get("mediaUrls") or [])


def _observations(item: Mapping[str, Any], paper: Mapping[str, Any], seen_at: datetime) -> Iterator[Observation]:
    for kind, source, value in (
        (Kind.VOTES, SOURCE, paper.get("upvotes")),
        (Kind.COMMENTS, SOURCE, item.get("numComments")),
        (Kind.STARS, "github", paper.get("githubStars") or item.get("githubStars")),
    ):
        read = loose.count(value)
        if read is not None:
            yield Observation(kind, source, read, seen_at)
