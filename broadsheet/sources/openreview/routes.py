"""The one route to OpenReview."""

from collections.abc import Mapping

from broadsheet.sources.openreview.fetch import BASE, OpenReview
from broadsheet.sources.place import Source


def routes(bases: Mapping[str, str], key: str) -> tuple[Source, ...]:
    """``bases``: another address of ``notes``, for a mirror or a test. ``key``: a token, or name:password."""
    return (OpenReview(bases.get("notes") or BASE, key),)
