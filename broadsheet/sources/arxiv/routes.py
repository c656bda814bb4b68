"""The routes to arXiv, the one that misses nothing first."""

from collections.abc import Mapping

from broadsheet.sources.arxiv.feed.fetch import BASE as FEED
from broadsheet.sources.arxiv.feed.fetch import ArxivFeed
from broadsheet.sources.arxiv.oai.fetch import BASE as OAI
from broadsheet.sources.arxiv.oai.fetch import ArxivOAI
from broadsheet.sources.arxiv.query.fetch import BASE as QUERY
from broadsheet.sources.arxiv.query.fetch import ArxivQuery
from broadsheet.sources.place import Source


def routes(bases: Mapping[str, str]) -> tuple[Source, ...]:
    """``bases``: other addresses of some routes, by their names, for a mirror or a test."""
    return (
        ArxivOAI(bases.get("oai") or OAI),
        ArxivFeed(bases.get("feed") or FEED),
        ArxivQuery(bases.get("query") or QUERY),
    )
