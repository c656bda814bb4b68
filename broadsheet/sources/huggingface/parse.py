"""The API's bytes into items: a list, or a list wrapped in an object, of objects or of their Python texts."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from broadsheet.sources import loose
from broadsheet.sources.base import BadEntry, BadFile

MAX_REPR = 256 * 1024

_DAY_AS_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.[a-z]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """A reply: its items as they came, in their order, and the day that it or its file's name tells."""

    items: list[Any]
    day: date | None


def reply(raw: bytes, name: str) -> Listed:
    """The list in ``raw``, a file called ``name``.

    Raises:
        BadFile: if it is no Daily Papers list.
    """
    try:
        value = loose.json_value(raw.removeprefix(b"\xef\xbb\xbf"))
    except BadEntry as wrong:
        raise BadFile(f"{wrong}: it should hold the JSON list that the Daily Papers API answers") from None
    wrapped = loose.mapping(value)
    for holder in ("data", "dailyPapers", "papers"):
        if isinstance(wrapped.get(holder), list):
            value = wrapped[holder]
    if "paper" in wrapped:
        value = [value]
    if not isinstance(value, list):
        raise BadFile("it holds no list of papers: it should hold the JSON list that the Daily Papers API answers")
    return Listed(value, day_of_name(name) or loose.full_day(wrapped.get("date")))


def day_of_name(name: str) -> date | None:
    """The day that is the file's whole name, ``2026-02-10.json``."""
    found = _DAY_AS_NAME.fullmatch(PurePath(name).name)
    return loose.full_day(found[1]) if found else None


def item(value: object) -> Mapping[str, Any]:
    """One item of the list; some saved files hold an item as the text of a Python dict.

    Raises:
        BadEntry: if it is no item.
    """
    if isinstance(value, str):
        value = _python_dict(value)
    if not isinstance(value, dict) or not isinstance(value.get("paper"), dict):
        raise BadEntry('it is not an item of Daily Papers: it has no object "paper"')
    return value


def _python_dict(written: str) -> object:
    if len(written) > MAX_REPR:
        raise BadEntry(f"a text of more than {MAX_REPR >> 10} KB stands where an item should")
    try:
        return ast.literal_eval(written)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        raise BadEntry("a text stands where an item should, and it is not a Python dict") from None


def by_votes(items: list[Any]) -> Iterator[tuple[int, int]]:
    """``(number of the item, its place by votes)``: most votes first, equal ones in the order of the list."""
    order = sorted(range(len(items)), key=lambda number: -_votes(items[number]))
    place = {number: at for at, number in enumerate(order)}
    return ((number, place[number]) for number in range(len(items)))


def _votes(value: object) -> int:
    return loose.count(loose.mapping(loose.mapping(value).get("paper")).get("upvotes")) or 0
