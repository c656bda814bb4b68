"""A reply of the details endpoint into what stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from broadsheet.sources import loose
from broadsheet.sources.failures import BadReply

_NOTHING = ("no posts found", "no articles found", "no records found")


@dataclass(frozen=True, slots=True)
class Page:
    """``total``: how many there are of the day, as the server counts; -1 where it does not say."""

    total: int
    entries: list[Mapping[str, Any]] = field(default_factory=list)


def page(value: object) -> Page:
    """The page that the JSON ``value`` is.

    Raises:
        BadReply: if it is none, or tells of an error.
    """
    said = loose.mapping(value)
    messages = list(loose.items(said.get("messages")))
    collection = said.get("collection")
    status = loose.string(messages[0].get("status")) if messages else ""
    if status.lower().rstrip(". ") in _NOTHING:
        return Page(0)
    if not messages or not isinstance(collection, list) or status.lower() != "ok":
        raise BadReply(f"the details endpoint answers {status[:100] or 'with no status'!r}")
    total = loose.count(messages[0].get("total"))
    return Page(-1 if total is None else total, [one if isinstance(one, dict) else {} for one in collection])
