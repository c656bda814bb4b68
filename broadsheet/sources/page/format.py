"""The format ``page``: both kinds of saved page."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from broadsheet.core.record import Record
from broadsheet.core.signal import Kind, Observation
from broadsheet.sources import loose, streams
from broadsheet.sources.base import About, Entry
from broadsheet.sources.huggingface.format import entries
from broadsheet.sources.page import dates, html, text

_MARKUP = re.compile(rb"\s*<(?:!doctype|!--|html|head|body|div|\?xml)", re.IGNORECASE)


class SavedPage:
    """One page. As text it tells no ids, so that its papers are known by their titles."""

    name = "page"
    title = "a saved page of Daily Papers, as text or HTML"

    def sniff(self, head: bytes) -> bool:
        return _is_html(head) or text.is_page(streams.decoded(head))

    def read(self, stream: BinaryIO, about: About, start: int = 0) -> Iterator[Entry]:
        raw = streams.document(stream)
        if _is_html(raw[: streams.HEAD]):
            page = html.parse(raw)
            return entries(page.items, page.day, about, start)
        return _from_text(streams.decoded(raw), about, start)


def _is_html(head: bytes) -> bool:
    return bool(_MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")))


def _from_text(raw: str, about: About, start: int) -> Iterator[Entry]:
    page = text.parse(raw)
    printed = [paper.date for paper in page.papers if paper.date]
    day = dates.page_day(page.header, printed, about.today, about.year)
    for position, paper in enumerate(page.papers, 1):
        if position <= start:
            continue
        published = dates.full(paper.date, day) if paper.date else None
        seen_on = day or published
        comments = (
            (Observation(Kind.COMMENTS, "huggingface", paper.comments, loose.end_of(seen_on)),)
            if paper.comments is not None and seen_on
            else ()
        )
        record = Record(
            source="page",
            source_id="",
            title=paper.title,
            abstract=paper.abstract,
            author_count=paper.authors,
            published=published,
            observations=comments,
            seen_at=loose.end_of(day) if day else None,
        )
        yield Entry(position, paper.line, (record,))
