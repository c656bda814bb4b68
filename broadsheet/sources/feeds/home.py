"""Feeds as a place: each topic is the address of one, and each host is asked at a pace of its own."""

import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from broadsheet.core import text
from broadsheet.sources.pace import Budget
from broadsheet.sources.place import Place, UnknownTopic

GAP = 3.0
MAX_ADDRESS = 500
# What fits the name of a file, with what stands before and after it there.
_LONGEST_HOST = 150
_ODD = re.compile(r"[^a-z0-9.-]")

FEEDS = Place(
    name="feeds",
    title="Feeds of your own",
    home="https://www.rssboard.org/rss-specification",
    terms=(
        "Those of each feed. Titles, authors, summaries and links are kept as the feed gives them; papers are linked "
        "to, never copied."
    ),
    terms_at="https://www.rssboard.org/rss-specification",
    zone=ZoneInfo("UTC"),
    budget=Budget("feeds", GAP),
    announces=lambda day: None,
)


def host_of(address: str) -> str:
    """The host of the feed at ``address``, for its pace and its breaker.

    Raises:
        UnknownTopic: if it is no web address.
    """
    if len(address) > MAX_ADDRESS or not text.is_web_address(address):
        raise UnknownTopic(
            f"{address[:80]!r} is no address of a feed: name them by --topics, as in https://example.org/papers.rss"
            " (a comma inside an address is written %2C)"
        )
    return _ODD.sub("_", (urlsplit(address).hostname or "").lower())[:_LONGEST_HOST] or "nameless"
