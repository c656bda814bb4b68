"""The encoder that needs nothing: words and the pieces of words, hashed to signed places of a vector.

Feature hashing after Weinberger et al. 2009 (*Feature Hashing for Large Scale Multitask Learning*). It knows no
meaning; spelling variants and shared stems are near, and that is all. It serves tests and installations whose
trained weights are missing.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.base import Vectors, unit_rows
from broadsheet.search.function_words import FUNCTION_WORDS

_WORD = re.compile(r"\w{2,40}")
_PIECE = 4
# Words are remembered so that a corpus hashes each only once; 1 KiB a word, so at most 32 MiB.
_REMEMBERED = 32_768


class Hashed:
    """Deterministic on every machine: it hashes with BLAKE2, never with Python's seeded ``hash``."""

    name = "hashed"
    version = "1"
    licence = "Apache-2.0"

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self._rows: dict[str, int] = {}
        self._table: NDArray[np.float32] = np.empty((1024, dimension), np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        out = np.zeros((len(texts), self.dimension), np.float32)
        for at, text in enumerate(texts):
            counts = Counter(_WORD.findall(text.lower()))
            for word in FUNCTION_WORDS & counts.keys():
                del counts[word]
            if counts:
                rows = self._rows_of(counts)
                weights = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
                out[at] = np.einsum("i,ij->j", weights, self._table[rows])
        return unit_rows(out)

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self.encode([text])[0]
        return vector

    def knows(self, text: str) -> float:
        """1: it has learned no word, and every word is as good to it as another."""
        return 1.0

    def has_learned(self, word: str) -> bool:
        """Never: it learns nothing."""
        return False

    def _rows_of(self, words: Counter[str]) -> list[int]:
        if len(self._rows) + len(words) > _REMEMBERED:
            self._rows.clear()
        known = self._rows
        rows = []
        for word in words:
            row = known.get(word)
            if row is None:
                row = known[word] = len(known)
                if row >= len(self._table):
                    self._table = np.concatenate([self._table, np.empty_like(self._table)])
                self._table[row] = self._hash(word)
            rows.append(row)
        return rows

    def _hash(self, word: str) -> Vectors:
        """The word itself counts as much as all its pieces together."""
        vector = np.zeros(self.dimension, np.float32)
        edged = f"<{word}>"
        pieces = [edged[at : at + _PIECE] for at in range(len(edged) - _PIECE + 1)]
        for feature, weight in ((word, 1.0), *((piece, len(pieces) ** -0.5) for piece in pieces)):
            digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "little")
            vector[(digest >> 1) % self.dimension] += weight if digest & 1 else -weight
        return vector
