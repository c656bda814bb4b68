"""The format ``jsonl``: lines to entries."""

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from broadsheet.core.record import Record
from broadsheet.sources import streams
from broadsheet.sources.base import About, BadEntry, Entry, reject
from broadsheet.sources.jsonl.adapt import record
from broadsheet.sources.loose import json_value

_OBJECT = re.compile(rb'^[ \t]*\{[ \t]*"', re.MULTILINE)
_TITLE = re.compile(rb'"title"\s*:')
_PAPER = re.compile(rb'"(?:abstract|authors|id|arxiv_id|doi|year|date|summary|source|urls)"\s*:')
_BOM = b"\xef\xbb\xbf"


class JsonLines:
    """One JSON object a line; empty lines are passed over. Read line by line, so any size will do."""

    name = "jsonl"
    title = "JSON Lines, one paper a line"

    def sniff(self, head: bytes) -> bool:
        return bool(_OBJECT.search(head.removeprefix(_BOM)) and _TITLE.search(head) and _PAPER.search(head))

    def read(self, stream: BinaryIO, about: About, start: int = 0) -> Iterator[Entry]:
        return read_lines(stream, about, start, record)


def read_lines(
    stream: BinaryIO, about: About, start: int, adapt: Callable[[dict[str, Any]], Record]
) -> Iterator[Entry]:
    """An entry for each line that is not empty: its position is its line."""
    for number, line, whole in streams.lines(stream, start):
        if not whole:
            reason = f"the line is longer than {streams.MAX_LINE >> 20} MB"
            yield reject(about, number, number, reason, line)
            continue
        said = (line.removeprefix(_BOM) if number == 1 else line).strip()
        if not said:
            continue
        try:
            value = json_value(said)
            if not isinstance(value, dict):
                raise BadEntry("the line is not a JSON object: write one paper a line as {...}")
            yield Entry(number, number, (adapt(value),))
        except BadEntry as wrong:
            yield reject(about, number, number, str(wrong), said)
