"""Papers in one SQLite file, numbered from 1: the text that contenders build from and show crops of."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import orjson

from broadsheet.search.document import Document

_TABLE = """
CREATE TABLE paper (
  id INTEGER PRIMARY KEY, key TEXT, title TEXT, abstract TEXT, authors TEXT, topics TEXT, keywords TEXT, venue TEXT,
  source TEXT, published TEXT, year INTEGER
)
"""
_BATCH = 2_000


def write(path: Path, documents: Iterable[Document]) -> None:
    """Into a new file; it has its name only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f"{path.name}.building")
    building.unlink(missing_ok=True)
    with sqlite3.connect(building) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(_TABLE)
        connection.executemany(f"INSERT INTO paper VALUES ({','.join('?' * 11)})", map(_row, documents))
    connection.close()
    building.rename(path)


def _row(one: Document) -> tuple[object, ...]:
    lists = (orjson.dumps(part).decode() for part in (one.authors, one.topics, one.keywords))
    day = one.published.isoformat() if one.published else None
    return (one.paper, one.key, one.title, one.abstract, *lists, one.venue, "".join(one.sources[:1]), day, one.year)


def size(path: Path) -> int:
    with _reading(path) as connection:
        return int(connection.execute("SELECT max(id) FROM paper").fetchone()[0] or 0)


def text_bytes(path: Path, count: int) -> int:
    """Bytes of the titles and abstracts of papers 1 to ``count``."""
    with _reading(path) as connection:
        asked = "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(abstract AS BLOB))) FROM paper WHERE id <= ?"
        return int(connection.execute(asked, (count,)).fetchone()[0] or 0)


def documents(path: Path, count: int) -> Iterator[Document]:
    """Papers 1 to ``count``."""
    with _reading(path) as connection:
        rows = connection.execute("SELECT * FROM paper WHERE id <= ? ORDER BY id", (count,))
        rows.arraysize = _BATCH
        for row in rows:
            yield _document(row)


def texts(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Title and abstract of each of a page of papers."""
    marks = ",".join("?" * len(numbers))
    rows = connection.execute(f"SELECT id, title, abstract FROM paper WHERE id IN ({marks})", tuple(numbers))
    return {number: (title, abstract) for number, title, abstract in rows}


def _reading(path: Path) -> sqlite3.Connection:
    # Some engines read on in a thread of their own; nobody writes, and one reads at a time.
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)


def _document(row: Sequence[object]) -> Document:
    number, key, title, abstract, authors, topics, keywords, venue, source, day, year = row
    return Document(
        paper=int(str(number)),
        key=str(key),
        title=str(title),
        abstract=str(abstract),
        authors=tuple(orjson.loads(str(authors))),
        topics=tuple(orjson.loads(str(topics))),
        keywords=tuple(orjson.loads(str(keywords))),
        venue=str(venue),
        sources=(str(source),) if source else (),
        ids=(str(key),),
        published=date.fromisoformat(str(day)) if day else None,
        year=int(str(year)) if year is not None else None,
    )
