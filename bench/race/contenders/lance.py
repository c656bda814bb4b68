"""LanceDB: a columnar table with its own full text and vector indexes, and its own hybrid search by reciprocal ranks."""

import re
from collections.abc import Iterator
from itertools import islice

import lancedb
import pyarrow as pa
from lancedb.index import FTS, BTree, IvfRq, LabelList
from lancedb.rerankers import RRFReranker

from bench.race.protocol import DIMENSION, Answer, Ask, Contender
from broadsheet.search import encoders

_SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("text", pa.string()),
        ("year", pa.int32()),
        ("topics", pa.list_(pa.string())),
        ("vector", pa.list_(pa.float16(), DIMENSION)),
    ]
)
_BATCH = 10_000
_WORD = re.compile(r"[^\W_]+")
_REFINED = 10  # times k that are compared by their whole vectors


class Lance(Contender):
    name = "LanceDB hybrid"
    design = "its native full text (English stems, stop words out) and IVF_RQ over the same static vectors, refined; RRFReranker"
    can = frozenset({"words", "meaning", "filters"})
    holds_text = True

    def build(self) -> None:
        table = lancedb.connect(self.folder / "lance").create_table("papers", self._batches(), schema=_SCHEMA)
        table.create_index("text", config=FTS(with_position=False))
        table.create_index("vector", config=IvfRq(distance_type="cosine"))
        table.create_index("year", config=BTree())
        table.create_index("topics", config=LabelList())
        table.optimize()

    def _batches(self) -> Iterator[pa.RecordBatch]:
        vectors = self.corpus.vectors()
        start, pending = 0, self.corpus.documents()
        while chunk := list(islice(pending, _BATCH)):
            flat = pa.array(vectors[start : start + len(chunk)].reshape(-1))
            start += len(chunk)
            yield pa.RecordBatch.from_arrays(
                [
                    pa.array([one.paper for one in chunk], pa.int64()),
                    pa.array([f"{one.title}\n{one.abstract}" for one in chunk], pa.string()),
                    pa.array([one.year or 0 for one in chunk], pa.int32()),
                    pa.array([list(one.topics) for one in chunk], pa.list_(pa.string())),
                    pa.FixedSizeListArray.from_arrays(flat, DIMENSION),
                ],
                schema=_SCHEMA,
            )

    def open(self) -> None:
        self._encoder = encoders.get("static")
        self._table = lancedb.connect(self.folder / "lance").open_table("papers")
        self._fusion = RRFReranker()

    def search(self, ask: Ask) -> Answer:
        vector = self._encoder.encode_query(ask.text)
        query = (
            self._table.search(query_type="hybrid", vector_column_name="vector", fts_columns="text")
            .vector(vector)
            .text(" ".join(_WORD.findall(ask.text)))  # a quote would ask for a phrase
            .distance_type("cosine")
            .refine_factor(_REFINED)
            .rerank(self._fusion)
            .select(["id"])
            .limit(ask.k)
        )
        wanted = [f"year >= {ask.first_year}"] if ask.first_year else []
        if ask.topic:
            wanted.append(f"array_has(topics, '{ask.topic}')")
        if wanted:
            query = query.where(" AND ".join(wanted), prefilter=True)
        return Answer(query.to_arrow()["id"].to_pylist())
