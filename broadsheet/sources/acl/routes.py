"""The one route to the ACL Anthology."""

from collections.abc import Mapping

from broadsheet.sources.acl.fetch import FILES, LIST, Anthology
from broadsheet.sources.place import Source


def routes(bases: Mapping[str, str]) -> tuple[Source, ...]:
    """``bases``: other addresses, ``xml`` of the files and ``list`` of their list, for a mirror or a test."""
    return (Anthology(bases.get("list") or LIST, bases.get("xml") or FILES),)
