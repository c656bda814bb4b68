"""The format ``huggingface``: a saved reply of the Daily Papers API."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

import orjson

from broadsheet.sources import streams
from broadsheet.sources.base import About, BadEntry, Entry, reject
from broadsheet.sources.huggingface import adapt, parse

_LIST = re.compile(rb"\s*\[")
_EMPTY = re.compile(rb"\s*\[\s*\]\s*")
_PAPER = re.compile(rb"[\"']paper[\"']\s*:")
_WRAPPED = re.compile(rb'\s*\{[^\[]{0,2000}"(?:data|dailyPapers|papers)"\s*:\s*\[')


class DailyPapers:
    """One JSON document, one item a paper. The day is in the file's name, else each item tells its own."""

    name = "huggingface"
    title = "a JSON list of the Daily Papers API"

    def sniff(self, head: bytes) -> bool:
        head = head.removeprefix(b"\xef\xbb\xbf")
        if _EMPTY.fullmatch(head):
            return True
        return bool((_LIST.match(head) or _WRAPPED.match(head)) and _PAPER.search(head))

    def read(self, stream: BinaryIO, about: About, start: int = 0) -> Iterator[Entry]:
        listed = parse.reply(streams.document(stream), about.name)
        return entries(listed.items, listed.day, about, start)


def entries(items: list[Any], day: date | None, about: About, start: int = 0) -> Iterator[Entry]:
    """An entry for each of ``items``, all of one list, which is that of ``day`` if that is known."""
    read: list[Any] = []
    for value in items:
        try:
            read.append(parse.item(value))
        except BadEntry as wrong:
            read.append(wrong)
    for number, place in parse.by_votes(read):
        if number < start:
            continue
        value = read[number]
        try:
            if isinstance(value, BadEntry):
                raise value
            yield Entry(number + 1, 0, (adapt.record(value, day, place),))
        except BadEntry as wrong:
            yield reject(about, number + 1, 0, f"item {number + 1}: {wrong}", _raw(items[number]))


def _raw(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except (TypeError, ValueError):
        return repr(value)[:2_000].encode("utf-8", "replace")
