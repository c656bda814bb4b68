"""The one route to Semantic Scholar."""

from collections.abc import Mapping

from broadsheet.sources.place import Source
from broadsheet.sources.semanticscholar.fetch import BASE, SemanticScholar


def routes(bases: Mapping[str, str], key: str) -> tuple[Source, ...]:
    """``bases``: another address of ``batch``, for a mirror or a test."""
    return (SemanticScholar(bases.get("batch") or BASE, key),)
