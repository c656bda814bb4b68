"""Judged queries: which papers answer which question, in a folder of the form of BEIR (Thakur et al. 2021).

    queries.jsonl   a line a query: {"_id": "q1", "text": "sparse attention"}
    qrels.tsv       a line a judgment, split by tabs: query, paper, grade (BEIR: qrels/test.tsv); a heading may lead
    corpus.jsonl    a line a paper: {"_id": "p1", "title": "…", "text": "…"}; without it, the papers are elsewhere

Each may be packed with gzip (``queries.jsonl.gz``). A line that cannot be used is a `Problem` with its file and
number, and the others count.
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from broadsheet.search.document import Document

_PLACES = {"queries": ("queries.jsonl",), "judgments": ("qrels.tsv", "qrels/test.tsv"), "papers": ("corpus.jsonl",)}
_LONGEST_LINE = 16_000_000  # bytes; more than any paper has, less than fills the memory


class NotJudgedError(ValueError):
    """A folder without queries or judgments; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was left out. ``line`` counts from 1; 0 stands for the whole file."""

    file: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Judged:
    """``gains`` holds for each query the papers judged and their grades, 0 for those that do not answer it."""

    name: str
    queries: dict[str, str]
    gains: dict[str, dict[str, int]]
    corpus: Path | None
    problems: list[Problem] = field(default_factory=list)


def read(folder: Path) -> Judged:
    """The queries and judgments of ``folder``.

    Raises:
        NotJudgedError: if there are no queries or no judgments in it at all.
    """
    problems: list[Problem] = []
    queries = dict(_queries(_needed(folder, "queries"), problems))
    gains: dict[str, dict[str, int]] = {}
    for query, paper, grade in _judgments(_needed(folder, "judgments"), queries, problems):
        gains.setdefault(query, {})[paper] = grade
    if not gains:
        said = f" ({problems[0]})" if problems else ""
        raise NotJudgedError(f"{folder}: no judgment names a query that is there{said}")
    return Judged(folder.resolve().name, queries, gains, _found(folder, "papers"), problems)


def papers(files: Iterable[Path], problems: list[Problem]) -> Iterator[tuple[str, Document]]:
    """Every paper of ``files`` with its id, numbered from 1; one whose id came before is a problem.

    Lines as `broadsheet import` takes them do as well, but summaries are never read: they were often made from
    what is searched for.
    """
    seen: set[str] = set()
    for file in files:
        for line, record in _records(file, problems):
            name = str(record.get("_id") or record.get("id") or "")
            if not name or name in seen:
                problems.append(Problem(file, line, f"{name!r} came before" if name else 'has no "_id"'))
                continue
            seen.add(name)
            yield name, document(len(seen), name, record)


def document(number: int, name: str, record: dict[str, Any]) -> Document:
    """A line of a corpus as the index takes it; what has another form than it should is left out."""
    day = _text(record, "date")
    year = record.get("year")
    return Document(
        paper=number,
        key=name.lower(),
        title=_text(record, "title"),
        abstract=_text(record, "abstract") or _text(record, "text"),
        authors=_texts(record, "authors"),
        topics=_texts(record, "categories"),
        keywords=_texts(record, "keywords"),
        venue=_text(record, "venue"),
        sources=(_text(record, "source"),) if _text(record, "source") else (),
        published=_day(day),
        year=year if isinstance(year, int) else None,
    )


def _queries(file: Path, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    seen = set()
    for line, record in _records(file, problems):
        name, text = str(record.get("_id") or record.get("id") or ""), _text(record, "text")
        if not name or not text.strip():
            problems.append(Problem(file, line, 'a query needs "_id" and "text"'))
        elif name in seen:
            problems.append(Problem(file, line, f"query {name!r} came before"))
        else:
            seen.add(name)
            yield name, text


def _judgments(file: Path, queries: dict[str, str], problems: list[Problem]) -> Iterator[tuple[str, str, int]]:
    for line, raw in _lines(file, problems):
        fields = raw.decode("utf-8", "replace").rstrip("\r\n").split("\t")
        if line == 1 and len(fields) >= 3 and not _is_number(fields[2]):
            continue  # the heading
        if len(fields) < 3 or not _is_number(fields[2]):
            problems.append(Problem(file, line, "a judgment is a query, a paper and a grade, split by tabs"))
        elif fields[0] not in queries:
            problems.append(Problem(file, line, f"there is no query {fields[0]!r}"))
        else:
            yield fields[0], fields[1], max(0, int(float(fields[2])))


def _records(file: Path, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, raw in _lines(file, problems):
        try:
            record = orjson.loads(raw)
        except orjson.JSONDecodeError as wrong:
            problems.append(Problem(file, line, f"no JSON: {wrong}"))
            continue
        if isinstance(record, dict):
            yield line, record
        else:
            problems.append(Problem(file, line, "no JSON object"))


def _lines(file: Path, problems: list[Problem]) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, numbered from 1; what is packed and broken ends with a problem."""
    line = 0
    with _opened(file) as stream:
        try:
            while raw := stream.readline(_LONGEST_LINE):
                line += 1
                if len(raw) == _LONGEST_LINE:
                    problems.append(
                        Problem(file, line, "a line past all length; the rest of the file was not read")
                    )
                    return
                if raw.strip():
                    yield line, raw
        except (OSError, EOFError, zlib.error) as wrong:
            problems.append(Problem(file, line, f"cannot be read further: {wrong}"))


def _opened(file: Path) -> BinaryIO:
    # By its first bytes and not its name: people unpack a file and leave the name.
    with file.open("rb") as looked_at:
        packed = looked_at.read(2) == b"\x1f\x8b"
    return gzip.open(file) if packed else file.open("rb")  # type: ignore[return-value] # both read bytes by lines


def _found(folder: Path, what: str) -> Path | None:
    choices = [folder / (place + ending) for place in _PLACES[what] for ending in ("", ".gz")]
    return next((one for one in choices if one.is_file()), None)


def _needed(folder: Path, what: str) -> Path:
    found = _found(folder, what)
    if found is None:
        raise NotJudgedError(f"{folder}: there is no {' or '.join(_PLACES[what])} in it")
    return found


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def _texts(record: dict[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    try:
        return float(text) - float(text) == 0  # neither nan nor infinite
    except ValueError:
        return False
