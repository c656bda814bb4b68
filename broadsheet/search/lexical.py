"""Words in their order: the tantivy index of phrases, names, ids and titles. What is ranked is in ``postings``.

Text becomes words by ``normalise`` alone, at indexing and at searching; tantivy only parts them at spaces again.
``title``, ``abstract``, ``authors`` and ``keywords`` hold the words as folded, with positions, so that quotes never
stem.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tantivy
from tantivy import Filter, Occur, TextAnalyzerBuilder, Tokenizer

from broadsheet.core.text import title_key
from broadsheet.search import normalise
from broadsheet.search.columns import Rows
from broadsheet.search.document import Document
from broadsheet.search.stem import LONGEST
from broadsheet.search.wording import Wording

EXACT = ("title", "abstract", "authors", "keywords")
_MEMORY = 96_000_000  # bytes tantivy may fill before it writes a segment
_BETWEEN = " | | | "  # so that no phrase, even with a word between, reaches from one author to the next


def _plain() -> tantivy.TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.remove_long(LONGEST)).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_unsigned_field("paper", indexed=True)
    for name in EXACT:
        builder.add_text_field(name, tokenizer_name="folded", index_option="position")
    for name in ("ids", "title_key"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _open(path: Path, *, new: bool) -> tantivy.Index:
    index = tantivy.Index(_schema(), path=str(path)) if new else tantivy.Index.open(str(path))
    index.register_tokenizer("folded", _plain())
    return index


class LexicalWriter:
    """Adds and deletes papers; nothing is seen before ``commit``. One writer to a folder."""

    def __init__(self, path: Path, *, new: bool) -> None:
        self._index = _open(path, new=new)
        self._writer = self._index.writer(_MEMORY, 1)  # one thread keeps rows in order and figures steady

    def add(self, row: int, document: Document, said: Wording) -> None:
        """``said``: the words of ``document``."""
        entry = tantivy.Document()
        entry.add_unsigned("row", row)
        entry.add_unsigned("paper", document.paper)
        entry.add_text("title", " ".join(said.title))
        entry.add_text("abstract", " ".join(said.abstract))
        for keyword in said.keywords:
            entry.add_text("keywords", " ".join(keyword))
        entry.add_text("authors", _BETWEEN.join(" ".join(normalise.words(one)) for one in document.authors))
        entry.add_text("title_key", title_key(document.title))
        for one in {document.key.lower(), *document.ids}:
            entry.add_text("ids", one)
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


class LexicalReader:
    """The words of one generation, open for reading; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        index = _open(path, new=False)
        self._searcher = index.searcher()
        self.schema = index.schema

    @property
    def size(self) -> int:
        return self._searcher.num_docs

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
