"""bm25s: BM25 scores worked out beforehand into a sparse matrix; no vectors, no texts."""

import bm25s
import numpy as np
from bm25s.tokenization import Tokenizer

from bench.race.contenders.facts import Facts
from bench.race.protocol import Answer, Ask, Contender
from broadsheet.search.stem import stems


class Bm25s(Contender):
    name = "bm25s"
    design = "BM25 (Lucene's form) of stemmed words without English stop words, index mapped; filters by a mask over the scores"
    can = frozenset({"words"})
    by_hand = frozenset({"filters"})

    def build(self) -> None:
        tokens = self._tokenizer()
        texts = (f"{one.title}\n{one.title}\n{one.abstract}" for one in self.corpus.documents())
        found = tokens.tokenize(
            texts, update_vocab=True, return_as="tuple", show_progress=False, length=self.corpus.count
        )
        index = bm25s.BM25()
        index.index(found, show_progress=False)
        index.save(self.folder / "index", show_progress=False)
        tokens.save_vocab(self.folder)
        Facts.write(self.folder, self.corpus.documents())

    @staticmethod
    def _tokenizer() -> Tokenizer:
        return Tokenizer(stopwords="en", stemmer=lambda word: stems([word])[0])

    def open(self) -> None:
        self._tokens = self._tokenizer()
        self._tokens.load_vocab(self.folder)
        self._index = bm25s.BM25.load(self.folder / "index", mmap=True, show_progress=False)
        self._facts = Facts(self.folder)

    def search(self, ask: Ask) -> Answer:
        words = self._tokens.tokenize([ask.text], update_vocab=False, return_as="tuple", show_progress=False)
        if not words.ids or not words.ids[0]:
            return Answer([])
        mask = self._facts.mask(ask)
        found, scores = self._index.retrieve(
            words, k=min(ask.k, self.corpus.count), show_progress=False,
            weight_mask=None if mask is None else mask.astype(np.float32),
        )  # fmt: skip
        return Answer([int(at) + 1 for at, score in zip(found[0], scores[0], strict=True) if score > 0])
