"""A feed as it is found in the world, RSS 0.9 to 2.0 or Atom, into what stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from broadsheet.sources import allowance, loose, markup
from broadsheet.sources.failures import BadReply
from broadsheet.sources.markup import Element


@dataclass(frozen=True, slots=True)
class Item:
    """One item. ``names``: what may hold an id, the likeliest first. ``summary`` may be HTML."""

    title: str
    summary: str
    names: tuple[str, ...]
    links: tuple[str, ...]
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    day: date | None
    venue: str = ""
    rights: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    title: str
    items: list[Item] = field(default_factory=list)


def feed(document: bytes) -> Feed:
    """The feed in ``document``.

    Raises:
        BadReply: if it is not a whole feed.
    """
    root = markup.reply(document, "the feed")
    if root.name == "atom:feed":
        return Feed(root.said("atom:title"), [_atom(one) for one in root.all("atom:entry")])
    channel = root.find("channel")
    if root.name not in ("rss", "rdf:RDF") or channel is None:
        raise BadReply(f"a page of <{root.name[:40]}> where a feed was asked for")
    # RSS 1.0 puts its items beside the channel, the others inside.
    items = channel.all("item") or root.all("item")
    return Feed(channel.said("title"), [_rss(one) for one in items])


def _rss(said: Element) -> Item:
    guid = said.said("guid")
    links = (said.said("link"), said.attributes.get("rdf:about", ""), guid)
    return Item(
        said.said("title") or said.said("dc:title"),
        said.said("content:encoded") or said.said("description") or said.said("dc:description"),
        (*_names(said), guid),
        tuple(one for one in links if loose.address(one)),
        tuple(_people(said, "dc:creator", "author")),
        tuple(one.text for one in (*said.all("category"), *said.all("dc:subject")) if one.text),
        _day(said.said("pubDate"), said.said("dc:date"), said.said("prism:publicationDate")),
        said.said("prism:publicationName"),
        said.said("dc:rights"),
    )


def _atom(said: Element) -> Item:
    links = [one.attributes for one in said.all("atom:link")]
    own = [one.get("href", "") for one in links if one.get("rel", "alternate") == "alternate"]
    others = [one.get("href", "") for one in links if one.get("rel", "alternate") != "alternate"]
    people = (author.said("atom:name") for author in said.all("atom:author"))
    return Item(
        said.said("atom:title"),
        said.said("atom:summary") or said.said("atom:content"),
        (*_names(said), said.said("atom:id")),
        tuple(one for one in (*own, *others) if loose.address(one)),
        tuple(one for one in people if one) or tuple(_people(said, "dc:creator")),
        tuple(term for one in said.all("atom:category") if (term := one.attributes.get("term", ""))),
        _day(said.said("atom:published"), said.said("atom:updated"), said.said("dc:date")),
        said.said("prism:publicationName"),
        said.said("atom:rights") or said.said("dc:rights"),
    )


def _names(said: Element) -> Iterator[str]:
    for name in ("prism:doi", "arxiv:doi", "dc:identifier"):
        yield from (one.text for one in said.all(name) if one.text)


def _people(said: Element, *names: str) -> Iterator[str]:
    for name in names:
        yield from (one.text for one in said.all(name) if one.text)


def _day(*written: str) -> date | None:
    """The day in UTC of the first that is a date, in the way of RSS or of Atom."""
    for one in written:
        moment = loose.moment(one) or allowance.moment(one)
        if moment:
            return moment.date()
        if day := loose.full_day(one):
            return day
    return None
