"""The fields of a RIS reference, named as rispy names them, into a Record."""

from collections.abc import Iterator, Mapping
from typing import Any

from broadsheet.core import ids
from broadsheet.core.ids import PaperId, Scheme
from broadsheet.core.record import LinkKind, Precision, Record
from broadsheet.sources import loose, names
from broadsheet.sources.base import BadEntry


def record(said: Mapping[str, Any]) -> Record:
    """The record that the reference makes.

    Raises:
        BadEntry: if it has no title.
    """
    title = _first(said, "title", "primary_title", "translated_title", "short_title")
    if not title:
        raise BadEntry("the reference has no title (TI or T1)")
    named = tuple(_ids(said))
    dated = loose.day(_digits(said, "date")) or loose.day(_digits(said, "year", "publication_year"))
    published, precision = dated or (None, Precision.DAY)
    authors = loose.strings(said.get("authors") or said.get("first_authors") or [])
    venue = _first(said, "journal_name", "alternate_title3", "secondary_title")
    return Record(
        source="ris",
        source_id=ids.best(named).key if named else "",
        title=title,
        abstract=loose.block(said.get("abstract")) or loose.block(said.get("notes_abstract")),
        authors=tuple(names.turned(name) for name in authors),
        ids=named,
        published=published,
        precision=precision,
        keywords=loose.strings(said.get("keywords") or []),
        venue=venue,
        journal_ref=_journal_ref(said, venue),
        comment=" ".join(loose.strings(said.get("notes") or [])),
        language=_first(said, "language")[:20],
        links=loose.links(
            (LinkKind.PDF if url.lower().endswith(".pdf") else LinkKind.PAGE, url) for url in _addresses(said)
        ),
    )


def _first(said: Mapping[str, Any], *fields: str) -> str:
    return next((value for field in fields if (value := loose.string(said.get(field)))), "")


def _digits(said: Mapping[str, Any], *fields: str) -> str:
    """``2020/05/03/`` and ``2020///`` as dates that `loose.day` reads."""
    return _first(said, *fields).split(" ")[0].strip("/")


def _addresses(said: Mapping[str, Any]) -> tuple[str, ...]:
    return loose.strings([*(said.get("urls") or []), said.get("file_attachments1")])


def _ids(said: Mapping[str, Any]) -> Iterator[PaperId]:
    written = [_first(said, "doi"), *_addresses(said)]
    found = (ids.parse(one) for one in written)
    yield from dict.fromkeys(one for one in found if one and one.scheme is not Scheme.LOCAL)


def _journal_ref(said: Mapping[str, Any], venue: str) -> str:
    volume, number = _first(said, "volume"), _first(said, "number")
    pages = "–".join(page for page in (_first(said, "start_page"), _first(said, "end_page")) if page)
    issue = f" {volume}" + (f"({number})" if number else "") if volume else ""
    where = f"{issue}, {pages}" if pages else issue
    return f"{venue}{where}" if venue and where else ""
