"""The one route to OpenAlex."""

from collections.abc import Mapping

from broadsheet.sources.openalex.fetch import BASE, OpenAlex
from broadsheet.sources.place import Source


def routes(bases: Mapping[str, str], key: str) -> tuple[Source, ...]:
    """``bases``: another address of ``works``, for a mirror or a test."""
    return (OpenAlex(bases.get("works") or BASE, key),)
