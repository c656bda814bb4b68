"""The format ``ris``: references to entries."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.sources import streams
from broadsheet.sources.base import About, BadEntry, Entry, reject
from broadsheet.sources.ris import adapt

_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*TY  - ")
_ANYWHERE = re.compile(rb"^(?:\xef\xbb\xbf)?\s*TY  - ", re.MULTILINE)
_END = re.compile(r"^ER  -", re.MULTILINE)


class RIS:
    """Read reference by reference, so that one broken reference costs only itself."""

    name = "ris"
    title = "RIS"

    def sniff(self, head: bytes) -> bool:
        return bool(_ANYWHERE.search(head))

    def read(self, stream: BinaryIO, about: About, start: int = 0) -> Iterator[Entry]:
        import rispy

        for position, (line, block) in enumerate(streams.blocks(stream, _BEGIN), 1):
            if position <= start:
                continue
            written = streams.decoded(block).strip() + "\n"
            try:
                if not _END.search(written):
                    raise BadEntry("the reference is cut short: it has no line ER")
                read = rispy.loads(written)
                if not read:
                    raise BadEntry("not a valid RIS reference")
                yield Entry(position, line, (adapt.record(read[0]),))
            except (BadEntry, rispy.parser.ParseError) as wrong:
                yield reject(about, position, line, str(wrong), block)
