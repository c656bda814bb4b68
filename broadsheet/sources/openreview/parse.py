"""A reply of the API into notes, each with only what everyone may read.

Whoever is logged in is shown more than the public is: a note, or one field of it, that names other readers than
everyone is left out here, before anything else sees it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from broadsheet.sources import loose
from broadsheet.sources.failures import BadReply

_EVERYONE = "everyone"
_MOST_SECONDS = 10**10


@dataclass(frozen=True, slots=True)
class Note:
    """``content``: field -> value. Moments are None where they are not told."""

    identifier: str
    forum: str
    number: int
    invitations: tuple[str, ...]
    licence: str
    online: datetime | None
    accepted: datetime | None
    created: datetime | None
    changed: datetime | None
    deleted: datetime | None
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """``count``: how many notes there are in all, -1 where it does not say. ``given``: how many came in this page."""

    count: int
    given: int
    notes: list[Note] = field(default_factory=list)


def page(value: object) -> Page:
    """The page that the JSON ``value`` is.

    Raises:
        BadReply: if it is none.
    """
    said = loose.mapping(value)
    notes = said.get("notes")
    if not isinstance(notes, list):
        raise BadReply("OpenReview answers with no list of notes")
    count = loose.count(said.get("count"))
    public = [_note(one) for one in loose.items(notes) if _EVERYONE in loose.strings(one.get("readers") or [])]
    return Page(-1 if count is None else count, len(notes), public)


def _note(said: Mapping[str, Any]) -> Note:
    content = {name: value for name, one in loose.mapping(said.get("content")).items() if (value := _public(one))}
    return Note(
        loose.string(said.get("id")),
        loose.string(said.get("forum")),
        loose.count(said.get("number")) or 0,
        loose.strings(said.get("invitations") or []),
        loose.string(said.get("license")),
        _moment(said.get("odate")),
        _moment(said.get("pdate")),
        _moment(said.get("cdate")) or _moment(said.get("tcdate")),
        _moment(said.get("tmdate")) or _moment(said.get("mdate")),
        _moment(said.get("ddate")),
        content,
    )


def _public(one: object) -> Any:
    """The value of a field that everyone may read."""
    if not isinstance(one, dict):
        return one
    readers = one.get("readers")
    return one.get("value") if readers is None or _EVERYONE in loose.strings(readers) else None


def _moment(value: object) -> datetime | None:
    """Milliseconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value / 1000 < _MOST_SECONDS:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)
