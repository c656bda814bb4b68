"""The fields of a BibTeX entry into a Record."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from broadsheet.core import ids
from broadsheet.core.ids import PaperId, Scheme
from broadsheet.core.record import LinkKind, Precision, Record, Version
from broadsheet.sources import loose
from broadsheet.sources.base import BadEntry
from broadsheet.sources.bibtex.parse import MONTHS, authors, plain

_PREPRINT = re.compile(r"\barxiv:\s*([a-z.-]*/?[\d.]+(?:v\d+)?)|^arxiv(?: preprint)?$|^corr$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s{}\\]+")
_TOPIC = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?")


def record(said: Mapping[str, str]) -> Record:
    """The record that the entry makes.

    Raises:
        BadEntry: if it has no title.
    """
    title = loose.string(plain(said.get("title", "")))
    if not title:
        raise BadEntry("the entry has no title")
    venue = _venue(said)
    arxiv = _arxiv(said)
    published, precision = _date(said)
    named = tuple(_ids(said, arxiv))
    return Record(
        source="bibtex",
        source_id=ids.best(named).key if named else "",
        title=title,
        abstract=plain(said.get("abstract", "")),
        authors=authors(said.get("author", "")),
        ids=named,
        versions=(Version(arxiv[1]),) if arxiv and arxiv[1] else (),
        published=published,
        precision=precision,
        topics=tuple(topic for topic in loose.strings(said.get("primaryclass", "")) if _TOPIC.fullmatch(topic)),
        keywords=loose.strings(plain(said.get("keywords", ""))),
        venue=venue,
        journal_ref=_journal_ref(said, venue),
        comment=plain(said.get("note", "")),
        language=loose.string(said.get("language") or said.get("langid"))[:20],
        links=loose.links(_links(said)),
    )


def _arxiv(said: Mapping[str, str]) -> tuple[PaperId, int | None] | None:
    """The arXiv id, from the fields made for it or from where Google Scholar writes it."""
    kind = (said.get("archiveprefix") or said.get("eprinttype") or "arxiv").lower()
    if kind == "arxiv" and (found := ids.parse_arxiv(said.get("eprint", ""))):
        return found
    for name in ("journal", "journaltitle", "note", "howpublished"):
        found = ids.parse_arxiv(hit[1]) if (hit := _PREPRINT.search(said.get(name, ""))) and hit[1] else None
        if found:
            return found
    return None


def _ids(said: Mapping[str, str], arxiv: tuple[PaperId, int | None] | None) -> Iterator[PaperId]:
    found = [arxiv[0] if arxiv else None, ids.parse(_unescaped(said.get("doi", "")))]
    found += [ids.parse(url) for url in _addresses(said)]
    yield from dict.fromkeys(one for one in found if one and one.scheme is not Scheme.LOCAL)


def _addresses(said: Mapping[str, str]) -> list[str]:
    written = " ".join(_unescaped(said.get(name, "")) for name in ("url", "ee", "howpublished"))
    return _ADDRESS.findall(written)


def _unescaped(written: str) -> str:
    return re.sub(r"\\([_%#&~])", r"\1", written).strip()


def _links(said: Mapping[str, str]) -> Iterator[tuple[LinkKind, object]]:
    for url in _addresses(said):
        yield (LinkKind.PDF if url.lower().endswith(".pdf") else LinkKind.PAGE), url


def _venue(said: Mapping[str, str]) -> str:
    for name in ("booktitle", "journal", "journaltitle", "eventtitle", "school", "institution"):
        venue = loose.string(plain(said.get(name, "")))
        if venue and not _PREPRINT.search(venue):
            return venue
    return ""


def _journal_ref(said: Mapping[str, str], venue: str) -> str:
    """``Journal of Examples 12(3), 45–67``, if there is more to say than the venue."""
    volume, number, pages = (loose.string(plain(said.get(name, ""))) for name in ("volume", "number", "pages"))
    issue = f" {volume}" + (f"({number})" if number else "") if volume else ""
    where = f"{issue}, {pages}" if pages else issue
    return f"{venue}{where}" if venue and where else ""


def _date(said: Mapping[str, str]) -> tuple[date | None, Precision]:
    if dated := loose.day(said.get("date")):
        return dated
    year = loose.string(said.get("year"))
    month = loose.string(said.get("month")).lower()
    number = MONTHS.get(month[:3]) or (month if month.isdigit() else "")
    return loose.day(f"{year}-{number}" if number else year) or loose.day(year) or (None, Precision.DAY)
