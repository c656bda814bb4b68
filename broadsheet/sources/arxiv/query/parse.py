"""A reply of the query API, which is an Atom feed even where it is an error, into what stands in it."""

from dataclasses import dataclass, field
from datetime import datetime

from broadsheet.sources import loose, markup
from broadsheet.sources.failures import BadReply
from broadsheet.sources.markup import Element

_ERROR = "arxiv.org/api/errors"


@dataclass(frozen=True, slots=True)
class Entry:
    identifier: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    published: datetime | None
    updated: datetime | None
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """``total``: how many there are in all, -1 where it does not say. ``error``: in its words, empty if it is none."""

    total: int
    entries: list[Entry] = field(default_factory=list)
    error: str = ""


def results(document: bytes) -> Results:
    """The results in ``document``.

    Raises:
        BadReply: if it is not a whole reply.
    """
    root = markup.reply(document, "the reply of the query API")
    if root.name != "atom:feed":
        raise BadReply(f"a page of <{root.name[:40]}> where the query API should answer")
    entries = root.all("atom:entry")
    if entries and _ERROR in entries[0].said("atom:id"):
        return Results(0, error=entries[0].said("atom:summary")[:300] or "an error")
    written = root.said("opensearch:totalResults")
    total = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else -1
    return Results(total, [_entry(one) for one in entries])


def _entry(said: Element) -> Entry:
    primary = said.find("arxiv:primary_category")
    first = primary.attributes.get("term", "") if primary is not None else ""
    topics = [first, *(one.attributes.get("term", "") for one in said.all("atom:category"))]
    return Entry(
        said.said("atom:id").rpartition("/abs/")[2],
        said.said("atom:title"),
        said.said("atom:summary"),
        tuple(name for one in said.all("atom:author") if (name := one.said("atom:name"))),
        # MSC and ACM classes stand among the categories; they hold spaces, commas or begin with a digit.
        tuple(dict.fromkeys(one for one in topics if one and one[0].islower() and " " not in one)),
        loose.moment(said.said("atom:published")),
        loose.moment(said.said("atom:updated")),
        said.said("arxiv:comment"),
        said.said("arxiv:journal_ref"),
        said.said("arxiv:doi"),
    )
