"""SQLite's own full text: BM25 over titles and abstracts, stems by Porter, in the file that holds the papers."""

import re
import sqlite3

import orjson

from bench.race.protocol import Answer, Ask, Contender
from broadsheet.search.function_words import FUNCTION_WORDS

_WORD = re.compile(r"[^\W_]+")
_TABLES = """
CREATE TABLE paper (id INTEGER PRIMARY KEY, title TEXT, abstract TEXT, authors TEXT, keywords TEXT, venue TEXT,
  source TEXT, year INTEGER);
CREATE TABLE topic (paper INTEGER, name TEXT, PRIMARY KEY (name, paper)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(title, abstract, authors, keywords, venue, content='paper', content_rowid='id',
  tokenize="porter unicode61 remove_diacritics 2");
"""
_WEIGHTS = "3.0, 1.0, 0.5, 1.0, 0.5"


class Fts5(Contender):
    name = "SQLite FTS5"
    design = "any of the words (function words left out), BM25 with titles three times; facets by GROUP BY where all stand"
    can = frozenset({"words", "filters", "facets", "highlights"})
    holds_text = True

    def build(self) -> None:
        connection = sqlite3.connect(self.folder / "papers.sqlite")
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _TABLES)
        papers, topics = [], []
        for one in self.corpus.documents():
            lists = (orjson.dumps(one.authors).decode(), orjson.dumps(one.keywords).decode())
            papers.append((one.paper, one.title, one.abstract, *lists, one.venue, "".join(one.sources), one.year))
            topics.extend((one.paper, topic) for topic in dict.fromkeys(one.topics))
            if len(papers) == 5_000:
                self._put(connection, papers, topics)
        self._put(connection, papers, topics)
        connection.execute("INSERT INTO words(words) VALUES ('rebuild')")
        connection.execute("INSERT INTO words(words) VALUES ('optimize')")
        connection.execute("CREATE INDEX topic_of ON topic (paper)")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    @staticmethod
    def _put(connection: sqlite3.Connection, papers: list[object], topics: list[object]) -> None:
        connection.executemany(f"INSERT INTO paper VALUES ({','.join('?' * 8)})", papers)
        connection.executemany("INSERT INTO topic VALUES (?, ?)", topics)
        papers.clear()
        topics.clear()

    def open(self) -> None:
        self._connection = sqlite3.connect(f"file:{self.folder / 'papers.sqlite'}?mode=ro", uri=True)
        self._connection.execute("PRAGMA cache_size = -256000")

    def search(self, ask: Ask) -> Answer:
        words = [word for word in dict.fromkeys(_WORD.findall(ask.text.lower())) if word not in FUNCTION_WORDS]
        if not words:
            return Answer([], [], {})
        narrowed, values = "", {"k": ask.k, "topic": ask.topic, "year": ask.first_year}
        if ask.first_year:
            narrowed += " AND paper.year >= :year"
        if ask.topic:
            narrowed += " AND EXISTS (SELECT 1 FROM topic WHERE topic.paper = paper.id AND topic.name = :topic)"
        shown = "highlight(words, 0, '<mark>', '</mark>') || snippet(words, 1, '<mark>', '</mark>', '…', 60)"
        values["match"] = " OR ".join(f'"{word}"' for word in words)
        found = self._connection.execute(
            f"SELECT words.rowid, {shown if ask.whole else 'NULL'} FROM words JOIN paper ON paper.id = words.rowid "
            f"WHERE words MATCH :match {narrowed} ORDER BY bm25(words, {_WEIGHTS}) LIMIT :k",
            values,
        ).fetchall()
        papers = [row[0] for row in found]
        if not ask.whole:
            return Answer(papers)
        values["match"] = " ".join(f'"{word}"' for word in words)
        return Answer(papers, [row[1] for row in found], self._facets(narrowed, values))

    def _facets(self, narrowed: str, values: dict[str, object]) -> dict[str, dict[str, int]]:
        """Counts where all the words stand: read once, then grouped each way."""
        run = self._connection.execute
        run("DROP TABLE IF EXISTS temp.hit")
        run(
            "CREATE TEMP TABLE hit AS SELECT paper.id, paper.year, paper.source, paper.venue FROM words "
            f"JOIN paper ON paper.id = words.rowid WHERE words MATCH :match {narrowed}",
            values,
        )
        counts = {
            name: dict(run(f"SELECT {name}, count(*) FROM temp.hit GROUP BY 1 ORDER BY 2 DESC LIMIT 50").fetchall())
            for name in ("year", "source", "venue")
        }
        topics = "SELECT name, count(*) FROM temp.hit JOIN topic ON topic.paper = hit.id GROUP BY 1 ORDER BY 2 DESC LIMIT 50"
        return counts | {"topic": dict(run(topics).fetchall())}

    def close(self) -> None:
        self._connection.close()
