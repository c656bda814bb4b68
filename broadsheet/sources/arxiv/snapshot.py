"""The format ``arxiv``: the public metadata snapshot, one paper a line, as arXiv publishes it on Kaggle."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from broadsheet.core import ids
from broadsheet.core.record import Record, Version
from broadsheet.sources import loose, names
from broadsheet.sources.arxiv import withdrawal
from broadsheet.sources.base import About, BadEntry, Entry
from broadsheet.sources.jsonl.format import read_lines

_OWN_FIELDS = re.compile(rb'"(?:authors_parsed|update_date|journal-ref|report-no)"\s*:')


class ArxivSnapshot:
    """One JSON object a line, read line by line; the whole of arXiv (2.5 million lines) takes no more memory."""

    name = "arxiv"
    title = "the arXiv metadata snapshot (JSON Lines)"

    def sniff(self, head: bytes) -> bool:
        first = head.lstrip().partition(b"\n")[0]
        return first.removeprefix(b"\xef\xbb\xbf").startswith(b"{") and len(_OWN_FIELDS.findall(first)) >= 2

    def read(self, stream: BinaryIO, about: About, start: int = 0) -> Iterator[Entry]:
        return read_lines(stream, about, start, record)


def record(said: Mapping[str, Any]) -> Record:
    """The record that a line makes.

    Raises:
        BadEntry: if it has no arXiv id or no title.
    """
    written = loose.string(said.get("id"))
    named = ids.parse_arxiv(written)
    if not named:
        raise BadEntry(f"its id {written[:80]!r} is not an arXiv id")
    title = loose.string(said.get("title"))
    if not title:
        raise BadEntry(f"{named[0].key} has no title")
    doi = ids.parse_doi(loose.string(said.get("doi")).split(" ")[0])
    versions = tuple(_versions(said.get("versions")))
    abstract, comment = loose.block(said.get("abstract")), loose.string(said.get("comments"))
    return Record(
        source="arxiv",
        source_id=named[0].key,
        title=title,
        abstract=abstract,
        authors=tuple(_authors(said)),
        ids=(named[0], doi) if doi and doi != named[0] else (named[0],),
        versions=versions,
        published=versions[0].at if versions else None,
        updated=versions[-1].at if len(versions) > 1 else None,
        topics=tuple(loose.string(said.get("categories")).split()),
        journal_ref=loose.string(said.get("journal-ref")),
        comment=comment,
        licence=loose.string(said.get("license"))[:300],
        withdrawn=withdrawal.is_said(abstract, comment),
    )


def _versions(value: object) -> Iterator[Version]:
    for one in loose.items(value):
        number = loose.count(loose.string(one.get("version")).removeprefix("v"))
        if number:
            yield Version(number, _day(one.get("created")))


def _day(value: object) -> date | None:
    read = loose.mail_date(loose.string(value))
    return read.date() if read else None


def _authors(said: Mapping[str, Any]) -> Iterator[str]:
    """Names in reading order, of ``[last, first, suffix]``; failing these, of the line that arXiv shows."""
    parsed = said.get("authors_parsed")
    if not isinstance(parsed, list) or not parsed:
        yield from names.split(loose.string(said.get("authors")))
        return
    for one in parsed:
        if isinstance(one, list):
            last, first, suffix = (*map(loose.string, one[:3]), "", "", "")[:3]
            if name := " ".join(part for part in (first, last, suffix) if part):
                yield name
