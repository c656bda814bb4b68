"""Broadsheet's own engine, as its pages use it: read the query, find, count, fetch the texts, mark them."""

import random
import sqlite3
import statistics
import time
from dataclasses import replace
from datetime import date

from bench import papers_store
from bench.race.protocol import Answer, Ask, Contender
from broadsheet.ranking import hybrid
from broadsheet.search import encoders, generation, normalise, writer
from broadsheet.search.engine import SearchEngine
from broadsheet.search.query import read
from broadsheet.search.snippets import Highlighter
from broadsheet.search.syntax import And, Query, Word

TODAY = date(2026, 8, 1)
_SHOWN = 420  # characters of an abstract, as on the page


class BroadsheetEngine(Contender):
    name = "Broadsheet"
    design = "tantivy and a two-stage scan of static vectors, scores added; the texts from a SQLite store"
    can = frozenset({"words", "meaning", "filters", "facets", "highlights"})

    def build(self) -> None:
        apart = self.corpus.count > 20_000
        writer.rebuild(self.folder / "index", self.corpus.documents(), encoders.get("static"), apart=apart)

    def open(self) -> None:
        self._engine = SearchEngine(generation.open_current(self.folder / "index"))
        self._store = sqlite3.connect(f"file:{self.corpus.store}?mode=ro", uri=True)

    def search(self, ask: Ask) -> Answer:
        query = read(ask.text, TODAY) if ask.kind != "judged" else _plain(ask.text)
        if ask.topic or ask.first_year:
            topics, first_year = ((ask.topic,) if ask.topic else ()), ask.first_year or None
            query = replace(query, filters=replace(query.filters, topics=topics, first_year=first_year))
        found = hybrid.search(self._engine, query, k=ask.k, facets=ask.whole)
        papers = [hit.paper for hit in found.hits]
        if not ask.whole:
            return Answer(papers)
        texts = papers_store.texts(self._store, papers)
        in_title, in_abstract = Highlighter(query.root, "title"), Highlighter(query.root, "abstract")
        crops = []
        for paper in papers:
            title, abstract = texts[paper]
            shown = (*in_title.whole(title), *in_abstract.crop(abstract, _SHOWN))
            crops.append("".join(f"<mark>{one.text}</mark>" if one.hit else one.text for one in shown))
        return Answer(papers, crops, found.facets)

    def extras(self) -> dict[str, float]:
        """The papers nearest in meaning to five."""
        took = []
        draw = random.Random(2)
        for _ in range(20):
            papers = draw.sample(range(1, min(10_000, self.corpus.count)), 5)
            started = time.perf_counter()
            hybrid.similar(self._engine, papers, 20)
            took.append((time.perf_counter() - started) * 1000)
        return {"more like five papers, ms": statistics.median(took)}

    def close(self) -> None:
        self._store.close()


def _plain(text: str) -> Query:
    """A judged question as nothing but words: in a sentence a quote or a minus is no operator."""
    return Query(text, root=And(tuple(Word(word) for word in normalise.words(text))), meaning=text)
