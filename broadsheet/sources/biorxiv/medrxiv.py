"""The routes to medRxiv, the one that misses nothing first."""

from collections.abc import Mapping

from broadsheet.sources.biorxiv.fetch import BASE, ByName, Posted
from broadsheet.sources.biorxiv.home import MEDRXIV
from broadsheet.sources.place import Source


def routes(bases: Mapping[str, str]) -> tuple[Source, ...]:
    """``bases``: other addresses of some routes, by their names, for a mirror or a test."""
    return (Posted(MEDRXIV, bases.get("details") or BASE), ByName(MEDRXIV, bases.get("paper") or BASE))
