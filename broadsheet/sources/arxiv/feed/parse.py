"""A feed of rss.arxiv.org, RSS 2.0 or Atom, into what stands in it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from broadsheet.sources import loose, markup
from broadsheet.sources.arxiv.calendar import ZONE
from broadsheet.sources.failures import BadReply
from broadsheet.sources.markup import Element

_HEAD = re.compile(r"\s*arXiv:(\S+)\s+Announce Type:\s*([a-z-]+)\s*(?:Abstract:\s*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the listing. ``kind`` and ``day`` are empty where the item does not say them."""

    identifier: str
    kind: str
    title: str
    abstract: str
    creators: str
    topics: tuple[str, ...]
    day: date | None
    rights: str = ""
    doi: str = ""
    journal_ref: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """``day`` is what the feed as a whole bears; arXiv sets it anew each midnight, whatever the items are of."""

    day: date | None
    items: list[Item] = field(default_factory=list)


def feed(document: bytes) -> Feed:
    """The feed in ``document``.

    Raises:
        BadReply: if it is not a whole feed.
    """
    root = markup.reply(document, "the feed")
    if root.name == "atom:feed":
        return Feed(_atom_day(root.said("atom:updated")), [_atom(one) for one in root.all("atom:entry")])
    channel = root.find("channel") if root.name == "rss" else None
    if channel is None:
        raise BadReply(f"a page of <{root.name[:40]}> where a feed was asked for")
    day = _rss_day(channel.said("pubDate")) or _rss_day(channel.said("lastBuildDate"))
    return Feed(day, [_rss(one) for one in channel.all("item")])


def _rss(said: Element) -> Item:
    identifier, kind, abstract = _described(said.said("description"))
    return Item(
        said.said("guid").removeprefix("oai:arXiv.org:") or identifier,
        said.said("arxiv:announce_type") or kind,
        said.said("title"),
        abstract,
        said.said("dc:creator"),
        tuple(one.text for one in said.all("category") if one.text),
        _rss_day(said.said("pubDate")),
        said.said("dc:rights"),
        said.said("arxiv:DOI"),
        said.said("arxiv:journal_reference"),
    )


def _atom(said: Element) -> Item:
    identifier, kind, abstract = _described(said.said("atom:summary"))
    return Item(
        said.said("atom:id").removeprefix("oai:arXiv.org:") or identifier,
        said.said("arxiv:announce_type") or kind,
        said.said("atom:title"),
        abstract,
        said.said("dc:creator"),
        tuple(term for one in said.all("atom:category") if (term := one.attributes.get("term", ""))),
        _atom_day(said.said("atom:published")),
        said.said("dc:rights"),
        said.said("arxiv:DOI"),
        said.said("arxiv:journal_reference"),
    )


def _described(written: str) -> tuple[str, str, str]:
    """``(id with version, kind, abstract)`` of a description, which says them for readers that know no more."""
    found = _HEAD.match(written)
    return (found[1], found[2].lower(), written[found.end() :]) if found else ("", "", written)


def _rss_day(written: str) -> date | None:
    """The day in New York: ``Fri, 23 Feb 2024 00:00:00 -0500`` is the 23rd, and so is 05:00 in UTC."""
    read = loose.mail_date(written)
    return _in_new_york(read) if read else None


def _atom_day(written: str) -> date | None:
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    return _in_new_york(read)


def _in_new_york(read: datetime) -> date:
    return read.astimezone(ZONE).date() if read.tzinfo else read.date()
