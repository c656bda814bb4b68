"""Which places there are, and the routes to each. Imported when first asked."""

from collections.abc import Mapping
from importlib import import_module

from broadsheet.sources.place import Place, Source

_ROUTES = {
    "arxiv": "broadsheet.sources.arxiv.routes",
    "huggingface": "broadsheet.sources.huggingface.routes",
    "biorxiv": "broadsheet.sources.biorxiv.routes",
    "medrxiv": "broadsheet.sources.biorxiv.medrxiv",
    "acl": "broadsheet.sources.acl.routes",
    "openreview": "broadsheet.sources.openreview.routes",
    "semanticscholar": "broadsheet.sources.semanticscholar.routes",
    "openalex": "broadsheet.sources.openalex.routes",
    "github": "broadsheet.sources.github.routes",
    "feeds": "broadsheet.sources.feeds.routes",
}
# Places that know a key; the option that holds it is called like the place: ``github_key``.
KEYED = frozenset({"openreview", "semanticscholar", "openalex", "github"})


class UnknownPlace(ValueError):
    """A name that is no place; the message lists those there are."""


def names() -> tuple[str, ...]:
    return tuple(_ROUTES)


def routes(name: str, bases: Mapping[str, str] | None = None, key: str = "") -> tuple[Source, ...]:
    """The routes to the place called ``name``, the one that misses nothing first.

    ``bases``: other addresses of some routes, by their names, for a mirror or a test. ``key``: yours of that place,
    for those that know one.

    Raises:
        UnknownPlace: if there is none of that name.
    """
    if name not in _ROUTES:
        raise UnknownPlace(f"{name[:40]!r} is no source: there is {', '.join(_ROUTES)}")
    module = import_module(_ROUTES[name])
    found: tuple[Source, ...] = module.routes(bases or {}, key) if name in KEYED else module.routes(bases or {})
    return found


def place(name: str) -> Place:
    """The facts and terms of the place called ``name``.

    Raises:
        UnknownPlace: if there is none of that name.
    """
    return routes(name)[0].place
