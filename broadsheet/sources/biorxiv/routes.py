"""The routes to bioRxiv, the one that misses nothing first."""

from collections.abc import Mapping

from broadsheet.sources.biorxiv.fetch import BASE, ByName, Posted
from broadsheet.sources.biorxiv.home import BIORXIV
from broadsheet.sources.place import Source


def routes(bases: Mapping[str, str]) -> tuple[Source, ...]:
    """``bases``: other addresses of some routes, by their names, for a mirror or a test."""
    return (Posted(BIORXIV, bases.get("details") or BASE), ByName(BIORXIV, bases.get("paper") or BASE))
