"""A line of our JSON Lines into a Record. ``docs/import.md`` describes every field; ``write.py`` is the inverse."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from broadsheet.core import ids
from broadsheet.core.ids import PaperId, Scheme
from broadsheet.core.record import Link, LinkKind, Placement, Precision, Record, Version
from broadsheet.core.signal import Kind, Observation
from broadsheet.sources import loose, names
from broadsheet.sources.base import UNPLACED, BadEntry

_SOURCE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_RENAMED = {"acl-anthology": "acl", "hf-daily": "huggingface", "hf-daily-extra": "huggingface", "seeds": "page"}
_ARXIV_TOPIC = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?")
_NOT_TAKEN = ("Reject", "Withdraw", "Active")

# A count without a moment is dated like the paper itself, or so: every dated reading must be newer.
_LONG_AGO = date(1970, 1, 1)


def record(said: Mapping[str, Any]) -> Record:
    """The record that ``said`` makes.

    Raises:
        BadEntry: if it has no title.
    """
    title = loose.string(said.get("title"))
    if not title:
        what = "is not text" if said.get("title") else "is missing"
        raise BadEntry(f"its title {what}: every paper needs one")
    source = source_name(said.get("source"))
    urls = loose.mapping(said.get("urls"))
    named = tuple(_ids(said, urls))
    own = ids.parse(loose.string(said.get("id")))
    published, precision = loose.day(said.get("date")) or loose.day(said.get("year")) or (None, Precision.DAY)
    authors, counted = names.tidied(names.from_json(said.get("authors")))
    venue, comment = _venue(said)
    summary, summary_by = _summary(said, source)
    return Record(
        source=source,
        source_id=loose.string(said.get("source_id"))[:400] or (own.key if own else ""),
        title=title,
        abstract=loose.block(said.get("abstract")),
        summary=summary,
        summary_by=summary_by[:200],
        authors=authors,
        author_count=loose.count(said.get("author_count")) or counted,
        ids=named,
        versions=tuple(_versions(said)),
        published=published,
        precision=precision,
        updated=loose.full_day(said.get("updated")),
        topics=tuple(_topics(said, named)),
        keywords=tuple(_keywords(said)),
        venue=venue,
        journal_ref=loose.string(said.get("journal_ref")),
        comment=comment,
        licence=loose.string(said.get("licence"))[:300],
        language=loose.string(said.get("lang"))[:20],
        links=_links(said, urls),
        placements=tuple(_placements(said, source, published if precision is Precision.DAY else None)),
        submitted_by=loose.string(said.get("submitted_by")),
        organization=loose.string(said.get("organization")),
        observations=tuple(_observations(said, source, published or _LONG_AGO)),
        withdrawn=said.get("withdrawn") is True,
        seen_at=loose.moment(said.get("seen_at")),
    )


def source_name(said: object) -> str:
    """The source before the colon (``arxiv:somebody's list`` is arxiv), by the one name that we give it."""
    name = loose.string(said).partition(":")[0].lower()
    name = _RENAMED.get(name, name)
    return name if _SOURCE.fullmatch(name) else "jsonl"


def _ids(said: Mapping[str, Any], urls: Mapping[str, Any]) -> Iterator[PaperId]:
    if isinstance(said.get("ids"), list):
        found = [ids.parse(one) for one in loose.strings(said["ids"])]
    else:
        arxiv = ids.parse_arxiv(loose.string(said.get("arxiv_id")))
        found = [
            ids.parse(loose.string(said.get("id"))),
            arxiv[0] if arxiv else None,
            ids.parse_acl(loose.string(said.get("acl_id"))),
            ids.parse_doi(loose.string(said.get("doi"))),
            *(ids.parse(loose.string(urls.get(kind))) for kind in ("doi", "abs", "page")),
        ]
    yield from dict.fromkeys(one for one in found if one)


def _versions(said: Mapping[str, Any]) -> Iterator[Version]:
    if isinstance(said.get("versions"), list):
        for one in loose.items(said["versions"]):
            number = loose.count(one.get("number"))
            if number and number < 1_000:
                yield Version(number, loose.full_day(one.get("date")))
        return
    arxiv = ids.parse_arxiv(loose.string(said.get("arxiv_id")) or loose.string(said.get("id")))
    if arxiv and arxiv[1]:
        yield Version(arxiv[1])


def _topics(said: Mapping[str, Any], named: tuple[PaperId, ...]) -> Iterator[str]:
    """Topics as they are; of categories the primary one first, without the codes of other classifications.

    arXiv's lists mix MSC and ACM codes (``68T50``, ``I.2.7``) into the categories.
    """
    if isinstance(said.get("topics"), list):
        yield from (topic[:100] for topic in loose.strings(said["topics"]))
        return
    on_arxiv = any(one.scheme is Scheme.ARXIV for one in named)
    primary = loose.string(said.get("primary_category"))
    for topic in (primary, *loose.strings(said.get("categories"))):
        for one in re.split(r"[,;]\s*", topic) if on_arxiv else [topic]:
            if one and len(one) <= 100 and (not on_arxiv or _ARXIV_TOPIC.fullmatch(one)):
                yield one


def _keywords(said: Mapping[str, Any]) -> Iterator[str]:
    yield from loose.strings(said.get("keywords"))
    yield from loose.strings(said.get("ai_keywords"))
    if area := loose.string(said.get("primary_area")):
        yield area


def _summary(said: Mapping[str, Any], source: str) -> tuple[str, str]:
    """``(summary, who wrote it)``: ours, else the authors' own, else a machine's."""
    if summary := loose.block(said.get("summary")):
        return summary, loose.string(said.get("summary_by"))
    if tldr := loose.block(said.get("tldr")):
        return tldr, "the authors"
    if made := loose.block(said.get("ai_summary")):
        by = loose.string(said.get("ai_summary_model"))
        there = source == "huggingface" or bool(loose.mapping(said.get("hf")))
        return made, by or ("Hugging Face" if there else "a language model")
    return "", ""


def _venue(said: Mapping[str, Any]) -> tuple[str, str]:
    """``(venue, comment)``. A paper that its venue did not take was not published there."""
    venue = loose.string(said.get("venue"))
    comment = loose.string(said.get("comment"))
    status = loose.string(said.get("status"))
    if venue and status in _NOT_TAKEN:
        return "", comment or f"Submitted to {venue}"
    return venue, comment or status


def _links(said: Mapping[str, Any], urls: Mapping[str, Any]) -> tuple[Link, ...]:
    if isinstance(said.get("links"), list):
        kinds = {kind.value: kind for kind in LinkKind}
        pairs = ((kinds.get(loose.string(one.get("kind"))), one.get("url")) for one in loose.items(said["links"]))
        return loose.links((kind, url) for kind, url in pairs if kind)
    return loose.links(
        (
            (LinkKind.PAGE, urls.get("page") or urls.get("abs")),
            (LinkKind.PDF, urls.get("pdf") or urls.get("arxiv_pdf")),
            (LinkKind.CODE, urls.get("github") or urls.get("code")),
            (LinkKind.PROJECT, urls.get("project")),
        )
    )


def _placements(said: Mapping[str, Any], source: str, published: date | None) -> Iterator[Placement]:
    if isinstance(said.get("placements"), list):
        for one in loose.items(said["placements"]):
            if on := loose.full_day(one.get("day")):
                position = loose.count(one.get("position"))
                yield Placement(
                    on,
                    UNPLACED if position is None else position,
                    picked=one.get("picked") is True,
                    by=loose.string(one.get("by"))[:200],
                    certain=one.get("certain") is not False,
                )
        return
    if source == "arxiv" and published:
        yield Placement(published, UNPLACED, picked=False, by="arxiv")
    if on := loose.full_day(loose.mapping(said.get("hf")).get("date")):
        yield Placement(on, UNPLACED, picked=True, by="huggingface")


def _observations(said: Mapping[str, Any], source: str, undated: date) -> Iterator[Observation]:
    if isinstance(said.get("signals"), list):
        kinds = {kind.value: kind for kind in Kind}
        for one in loose.items(said["signals"]):
            kind, value = kinds.get(loose.string(one.get("kind"))), loose.count(one.get("value"))
            by = loose.string(one.get("source")).lower()
            if kind and value is not None and _SOURCE.fullmatch(by):
                yield Observation(kind, by, value, loose.moment(one.get("seen_at")) or loose.end_of(undated))
        return
    cites = loose.count(said.get("cites"))
    if cites is not None:
        yield Observation(Kind.CITATIONS, source, cites, loose.end_of(undated))
    hf = loose.mapping(said.get("hf"))
    seen_at = loose.end_of(loose.full_day(hf.get("date")) or undated)
    votes = loose.count(hf.get("upvotes"))
    votes = loose.count(hf.get("upvotes_late")) if votes is None else votes
    for kind, value in ((Kind.VOTES, votes), (Kind.COMMENTS, loose.count(hf.get("comments")))):
        if value is not None:
            yield Observation(kind, "huggingface", value, seen_at)
