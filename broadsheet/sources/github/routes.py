"""The one route to GitHub."""

from collections.abc import Mapping

from broadsheet.sources.github.fetch import BASE, GitHub
from broadsheet.sources.place import Source


def routes(bases: Mapping[str, str], key: str) -> tuple[Source, ...]:
    """``bases``: another address of ``stars``, for a mirror or a test."""
    return (GitHub(bases.get("stars") or BASE, key),)
