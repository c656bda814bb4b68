"""A page as text: title, abstract and, in the newer layout, authors and date, one below the other."""

import re
from dataclasses import dataclass

from broadsheet.sources.base import BadFile
from broadsheet.sources.page import dates
from broadsheet.sources.page.dates import Printed

# What stands above the first title; in the older layout the last of it is glued to that title.
_HEADER = re.compile(
    r"new|daily papers|subscribe|hugging ?face|get trending papers in your email inbox.*"
    r"|(?:by\s?)?ak|(?:(?:by\s?)?ak )?and the research community|by",
    re.IGNORECASE,
)
_GLUED = re.compile(r"Subscribe(?=\S)")
_KNOWN_BY = re.compile(r"get trending papers in your email inbox|AK and the research community", re.IGNORECASE)
_AUTHORS = re.compile(r"[•·*–-]\s*(\d{1,4}) authors?(?:\s*[·•–-]\s*(.+))?")
_DATE = re.compile(r"(?:[·•–-]\s*)?([A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)(?:\s+(\d{1,5}))?")
_DOTS = re.compile(r"[·•]+")
_LONG = 400


@dataclass(slots=True)
class Printout:
    """One paper as printed; ``line`` is that of its title."""

    line: int
    title: str
    abstract: str = ""
    authors: int | None = None
    date: Printed | None = None
    comments: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    header: Printed | None
    papers: list[Printout]


def is_page(text: str) -> bool:
    return bool(_KNOWN_BY.search("\n".join(text.splitlines()[:40])))


def parse(text: str) -> Page:
    """The papers of the page, in its order.

    Raises:
        BadFile: if it is no page of Daily Papers, or one without a paper.
    """
    if not is_page(text):
        raise BadFile("it is not a page of Daily Papers: save the page with its heading, as text or as HTML")
    numbered = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    header, body = _without_header(numbered)
    papers = _papers(body)
    if not papers:
        raise BadFile("this page of Daily Papers shows no paper with its abstract: save the page of a search")
    return Page(header, papers)


def _without_header(lines: list[tuple[int, str]]) -> tuple[Printed | None, list[tuple[int, str]]]:
    day: Printed | None = None
    for at, (number, line) in enumerate(lines):
        if printed := dates.read(line):
            day = printed
        elif glued := _GLUED.match(line):
            return day, [(number, line[glued.end() :]), *lines[at + 1 :]]
        elif not _HEADER.fullmatch(line):
            return day, lines[at:]
    return day, []


def _papers(lines: list[tuple[int, str]]) -> list[Printout]:
    papers: list[Printout] = []
    expecting_title = True
    for number, line in lines:
        last = papers[-1] if papers else None
        if last and _is_note(last, line):
            expecting_title = True
        elif last and expecting_title and len(line) > _LONG:
            last.abstract += f"\n\n{line}"
        elif expecting_title or last is None:
            papers.append(Printout(number, line))
            expecting_title = False
        else:
            last.abstract = line
            expecting_title = True
    return papers


def _is_note(paper: Printout, line: str) -> bool:
    """Whether ``line`` stands below an abstract and is no text; what it says goes into ``paper``."""
    if _DOTS.fullmatch(line):
        return True
    if authors := _AUTHORS.fullmatch(line):
        paper.authors = int(authors[1])
        if authors[2]:
            _read_date(paper, authors[2])
        return True
    return paper.authors is not None and _read_date(paper, line)


def _read_date(paper: Printout, line: str) -> bool:
    if paper.date and line.isdigit():
        paper.comments = int(line)
        return True
    found = _DATE.fullmatch(line)
    printed = dates.read(found[1]) if found else None
    if found is None or printed is None:
        return False
    paper.date = printed
    paper.comments = int(found[2]) if found[2] else None
    return True
