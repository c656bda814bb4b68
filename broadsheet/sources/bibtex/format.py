"""The format ``bibtex``: blocks to entries."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.sources import streams
from broadsheet.sources.base import About, BadEntry, Entry, reject
from broadsheet.sources.bibtex import adapt, parse

_BLOCK = re.compile(rb"(?:\xef\xbb\xbf)?\s*@\s*[A-Za-z]+\s*[{(]")
_ANYWHERE = re.compile(rb"^(?:\xef\xbb\xbf)?\s*@\s*[A-Za-z]+\s*[{(]", re.MULTILINE)


class BibTeX:
    """Read block by block, so that one broken entry costs only itself."""

    name = "bibtex"
    title = "BibTeX"

    def sniff(self, head: bytes) -> bool:
        return bool(_ANYWHERE.search(head))

    def read(self, stream: BinaryIO, about: About, start: int = 0) -> Iterator[Entry]:
        macros: dict[str, str] = dict(parse.MONTHS)
        for position, (line, block) in enumerate(streams.blocks(stream, _BLOCK), 1):
            try:
                said = parse.fields(block, macros)
                if said is not None and position > start:
                    yield Entry(position, line, (adapt.record(said),))
            except BadEntry as wrong:
                if position > start:
                    yield reject(about, position, line, str(wrong), block)
