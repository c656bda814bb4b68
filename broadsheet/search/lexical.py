"""Exact words: the tantivy index, how papers are written to it and what is read back.

Text becomes words by ``normalise`` alone, at indexing and at searching; tantivy only parts them at spaces again.
Two forms are kept: ``text`` and ``title_stem`` hold stemmed words for ranked search; ``title``, ``abstract``,
``authors``, ``keywords`` and ``venue`` hold the words as folded, with positions, so that quotes never stem.
"""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Filter, Occur, TextAnalyzerBuilder, Tokenizer

from broadsheet.core.text import title_key
from broadsheet.search import normalise
from broadsheet.search.columns import Rows
from broadsheet.search.document import Document
from broadsheet.search.function_words import FUNCTION_WORDS

SCHEMA = 1
EXACT = ("title", "abstract", "authors", "keywords", "venue")
_MEMORY = 96_000_000  # bytes tantivy may fill before it writes a segment
_BETWEEN = " | | | "  # so that no phrase, even with a word between, reaches from one author to the next
# A title says in ten words what the abstract says in two hundred: its words count this often.
TITLE_WEIGHT = 2


def _stemmer() -> tantivy.TextAnalyzer:
    return (
        TextAnalyzerBuilder(Tokenizer.whitespace())
        .filter(Filter.remove_long(60))
        .filter(Filter.custom_stopword(sorted(FUNCTION_WORDS)))
        .filter(Filter.stemmer("english"))
        .build()
    )


def _plain() -> tantivy.TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.remove_long(60)).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_unsigned_field("paper", indexed=True)
    builder.add_text_field("text", tokenizer_name="stemmed", index_option="freq")
    builder.add_text_field("title_stem", tokenizer_name="stemmed", index_option="freq")
    for name in EXACT:
        builder.add_text_field(name, tokenizer_name="folded", index_option="position")
    for name in ("ids", "title_key", "topics", "sources", "langs"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_integer_field("year", indexed=True, fast=True)
    builder.add_unsigned_field("has_code", indexed=True)
    return builder.build()


def _open(path: Path, *, new: bool) -> tantivy.Index:
    index = tantivy.Index(_schema(), path=str(path)) if new else tantivy.Index.open(str(path))
    index.register_tokenizer("stemmed", _stemmer())
    index.register_tokenizer("folded", _plain())
    return index


class LexicalWriter:
    """Adds and deletes papers; nothing is seen before ``commit``. One writer to a folder."""

    def __init__(self, path: Path, *, new: bool) -> None:
        self._index = _open(path, new=new)
        self._writer = self._index.writer(_MEMORY, 1)  # one thread keeps rows in order and figures steady

    def add(self, row: int, document: Document) -> None:
        title, title_joined = normalise.words_and_joined(document.title)
        abstract, joined = normalise.words_and_joined(document.abstract)
        keywords = [" ".join(normalise.words(keyword)) for keyword in document.keywords]
        folded = " ".join(title)
        body = " ".join(abstract)
        entry = tantivy.Document()
        entry.add_unsigned("row", row)
        entry.add_unsigned("paper", document.paper)
        beside = " ".join([*title_joined, *joined, *keywords, *normalise.words(document.summary)])
        entry.add_text("text", " ".join([folded] * TITLE_WEIGHT + [body, beside]))
        entry.add_text("title_stem", " ".join([folded, *title_joined]))
        entry.add_text("title", folded)
        entry.add_text("abstract", body)
        for keyword in keywords:
            entry.add_text("keywords", keyword)
        entry.add_text("authors", _BETWEEN.join(" ".join(normalise.words(one)) for one in document.authors))
        if document.venue:
            entry.add_text("venue", " ".join(normalise.words(document.venue)))
        entry.add_text("title_key", title_key(document.title))
        for one in {document.key.lower(), *document.ids}:
            entry.add_text("ids", one)
        for topic in nested(document.topics):
            entry.add_text("topics", topic)
        for source in document.sources:
            entry.add_text("sources", source.casefold())
        if document.lang:
            entry.add_text("langs", document.lang.casefold())
        if document.published:
            entry.add_integer("day", document.published.toordinal())
        year = document.year or (document.published.year if document.published else 0)
        if year:
            entry.add_integer("year", year)
        entry.add_unsigned("has_code", int(document.has_code))
        self._writer.add_document(entry)

    def delete(self, papers: Sequence[int]) -> None:
        # By a query: deleting by a term takes numbers for signed ones and finds nothing in an unsigned field.
        if papers:
            self._writer.delete_documents_by_query(
                tantivy.Query.term_set_query(self._index.schema, "paper", list(papers))
            )

    def commit(self) -> None:
        """Make all of it durable and wait until merging is over. The writer is spent afterwards."""
        self._writer.commit()
        self._writer.wait_merging_threads()


def nested(topics: Sequence[str]) -> set[str]:
    """Folded topics and what they lie under: ``cs.CL`` -> ``{cs.cl, cs}``."""
    found = set()
    for topic in topics:
        folded = topic.casefold()
        found.add(folded)
        while "." in folded:
            folded = folded.rpartition(".")[0]
            found.add(folded)
    return found


class LexicalReader:
    """The words of one generation, open for reading; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        index = _open(path, new=False)
        self._searcher = index.searcher()
        self.schema = index.schema
        self._analyzer = _stemmer()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        return self._searcher.num_docs

    def stem(self, text: str) -> list[str]:
        """The distinct stems of ``text`` as the index holds them, in order, without function words."""
        with self._lock:
            return list(dict.fromkeys(self._analyzer.analyze(" ".join(normalise.words(text)))))

    def frequency(self, field: str, term: str) -> int:
        """Papers in which ``term`` stands."""
        return self._searcher.doc_freq(field, term)

    def beginning(self, field: str, prefix: str, most: int) -> list[tuple[str, int]]:
        """Up to ``most`` words of ``field`` that begin with ``prefix``, with the number of papers of each."""
        return self._searcher.terms_with_prefix(field, prefix, limit=most)

    def vocabulary(self) -> dict[str, int]:
        """Every folded word of titles, abstracts and authors' names, with the papers it is in, at least."""
        counts: dict[str, int] = {}
        for field in ("title", "abstract", "authors"):
            for word, count in self._searcher.terms_with_prefix(field, ""):
                counts[word] = max(count, counts.get(word, 0))
        return counts

    def best(self, query: tantivy.Query, k: int) -> tuple[Rows, NDArray[np.float32]]:
        """Rows and BM25 scores of the ``k`` best papers, best first."""
        hits = self._searcher.search(query, k, count=False).hits
        if not hits:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rows = np.array(self._searcher.fast_field_values("row", [hit[1] for hit in hits]), np.int64)
        return rows, np.array([hit[0] for hit in hits], np.float32)

    def rows_from(self, first: int, query: tantivy.Query) -> Rows:
        """The rows from ``first`` on that match."""
        if not first:
            return self.rows(query)
        later = tantivy.Query.range_query(self.schema, "row", tantivy.FieldType.Unsigned, first, None)
        later = tantivy.Query.const_score_query(later, 0.0)
        return self.rows(tantivy.Query.boolean_query([(Occur.Must, later), (Occur.Must, query)]))

    def rows(self, query: tantivy.Query, most: int | None = None) -> Rows:
        """The rows of every paper that matches, the newest rows first; at most ``most``. About 0.4 µs a row."""
        limit = self.size if most is None else most
        if not limit:
            return np.empty(0, np.int64)
        unscored = tantivy.Query.const_score_query(query, 1.0)
        hits = self._searcher.search(unscored, limit, count=False, order_by_field="row").hits
        return np.array([hit[0] for hit in hits], np.int64)

    def _term(self, field: str, value: str | int) -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, field, value, "basic")

    def by_id(self, name: str) -> Rows:
        """Rows of the papers with this id, in any case, with or without its scheme in front."""
        folded = name.lower()
        names = {folded, folded.removeprefix("arxiv:"), folded.removeprefix("doi:")}
        return self.rows(tantivy.Query.boolean_query([(Occur.Should, self._term("ids", one)) for one in names]))

    def by_title(self, title: str) -> Rows:
        """Rows of the papers with exactly this title, but for case, accents, punctuation and spaces."""
        return self.rows(self._term("title_key", title_key(title)))

    def best_within(self, query: tantivy.Query, rows: Rows) -> tuple[Rows, NDArray[np.float32]]:
        """As ``best``, among some ``rows`` only."""
        both = tantivy.Query.boolean_query([(Occur.Must, self.within(rows)), (Occur.Must, query)])
        return self.best(both, max(1, len(rows)))

    def stands(self, stem: str) -> tantivy.Query:
        """The papers in whose text ``stem`` stands."""
        return self._term("text", stem)

    def holding(self, stem: str, rows: Rows) -> Rows:
        """Those of some ``rows`` in whose text ``stem`` stands."""
        both = tantivy.Query.boolean_query([(Occur.Must, self.within(rows)), (Occur.Must, self.stands(stem))])
        return self.rows(both, max(1, len(rows)))

    def within(self, rows: Rows) -> tantivy.Query:
        """A query for some rows, to be joined with another; about 1 µs a row (a term set takes 4)."""
        terms = [(Occur.Should, self._term("row", row)) for row in rows.tolist()]
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query(terms), 0.0)
