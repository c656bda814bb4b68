"""An item of a feed into our Record."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from broadsheet.core import ids, text
from broadsheet.core.ids import PaperId, Scheme
from broadsheet.core.record import LinkKind, Record
from broadsheet.sources import loose, names
from broadsheet.sources.base import BadEntry
from broadsheet.sources.feeds.parse import Item

_DOI = re.compile(r"10\.\d{4,9}/[^\s?#&\"'<>]+", re.ASCII)
# What sites put behind a DOI in their addresses: /10.1101/2026.01.02.000003v2.full-text
_TAIL = re.compile(r"(?:v\d{1,3})?(?:\.(?:full|abstract|pdf|short|full-text|full\.pdf))?/?$", re.IGNORECASE)
# Where these begin or end, words part; a word half in italics is one.
_BLOCK = re.compile(r"<(?=/?(?:p|br|div|li|tr|td|th|h[1-6]|ul|ol|blockquote|section)\b)", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+\s*\((.+)\)")


@dataclass(frozen=True, slots=True)
class Body:
    """The summary of an item as text, and the addresses it links to."""

    text: str
    links: tuple[str, ...]


def record(item: Item, at: datetime) -> Record:
    """The record that ``item``, read ``at``, makes.

    It has every id that its own names and links tell. Only if they tell none, one that stands in its summary, if
    there is no second. An item without any id is a paper known by its title.

    Raises:
        BadEntry: if it has no title.
    """
    title = body(item.title).text
    if not title:
        raise BadEntry(f"{(item.links or item.names or ('an item',))[0][:200]} has no title")
    said = body(item.summary)
    known = tuple(dict.fromkeys(found((*item.names, *item.links))))
    if not known:
        inside = tuple(dict.fromkeys(found((*said.links, *_DOI.findall(said.text[:5_000])))))
        known = inside if len(inside) == 1 else ()
    page = next(iter(item.links), "")
    name = ids.best(known).key if known else page or next(iter(item.names), "")
    return Record(
        source="feeds",
        source_id=name[:400],
        title=title,
        abstract=said.text,
        authors=tuple(_authors(item.authors)),
        ids=known,
        published=item.day,
        topics=tuple(one for one in item.topics if len(one) <= 100),
        venue=item.venue,
        licence=item.rights[:300],
        links=loose.links([(LinkKind.PAGE, page)]),
        seen_at=at,
    )


def found(written: Iterable[str]) -> Iterator[PaperId]:
    """The ids of papers that ``written`` are or, being addresses, hold."""
    for one in written:
        known = ids.parse(one)
        if known and known.scheme is not Scheme.LOCAL:
            yield known
        elif not known and (inside := _DOI.search(unquote(one[:2_000]))):
            doi = ids.parse_doi(_TAIL.sub("", inside[0]))
            if doi:
                yield doi


def body(written: str) -> Body:
    """``written``, which may be HTML, as text."""
    if "<" not in written and "&" not in written:
        return Body(text.paragraphs(written), ())
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_BLOCK.sub(" <", written[:200_000]))
    for node in tree.css("script, style, template"):
        node.decompose()
    links = tuple(href for node in tree.css("a[href]") if (href := node.attributes.get("href")))
    return Body(text.paragraphs(tree.body.text() if tree.body else ""), links)


def _authors(written: tuple[str, ...]) -> Iterator[str]:
    for one in written:
        # RSS 2.0 wants a mail address, and gets "ada@example.org (Ada Byron)".
        inside = _MAIL.fullmatch(one)
        yield from names.split(inside[1] if inside else one)
