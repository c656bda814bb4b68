"""The instant encoder: one learned vector a word, summed. It ships with the package and needs no model server.

A text's vector is the sum of its words' vectors, each word's weight folded into the length of its vector and repeated
words counted logarithmically, brought to length 1. The first 64 and the first 128 numbers are good vectors too (nested
representations, Kusupati et al. 2022). How the vectors were learned: ``docs/encoders.md``.
"""

import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from importlib import resources
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.base import Vectors, unit_rows
from broadsheet.search.encoders.words import pieces, words

SHIPPED = "static.npz"
DIMENSIONS = (64, 128, 256)
UNKNOWN = -1  # stands for the row of a word outside the vocabulary


class BrokenWeightsError(ValueError):
    """The weights file is not one, or not whole."""


class Static:
    """Reads its weights when made (some 30 ms); after that it is only read, so threads may share one."""

    name = "static"

    def __init__(self, weights: Path | None = None, dimension: int = 256) -> None:
        """``weights``: a file that ``training.train`` wrote; none means the one in the package.

        Raises:
            FileNotFoundError: if there is no such file.
            BrokenWeightsError: if the file does not hold what it should.
            ValueError: if ``dimension`` is not 64, 128 or 256.
        """
        if dimension not in DIMENSIONS:
            raise ValueError(f"the static encoder has 64, 128 or 256 dimensions, not {dimension}")
        path = weights or Path(str(resources.files(__package__) / "weights" / SHIPPED))
        try:
            with path.open("rb") as content, np.load(content, allow_pickle=False) as file:
                facts = json.loads(file["facts"].tobytes())
                vocabulary = file["words"].tobytes().decode("utf-8").split("\n")
                table: NDArray[np.int8] = file["rows"]
                scale: NDArray[np.float32] = file["scale"].astype(np.float32)
        except (zipfile.BadZipFile, ValueError, KeyError, EOFError) as broken:
            raise BrokenWeightsError(
                f"{path}: not a whole weights file ({broken}); fetch or train it anew"
            ) from broken
        self._buckets = len(table) - len(vocabulary)
        if table.dtype != np.int8 or table.shape[1:] != (256,) or len(scale) != len(table) or self._buckets < 1:
            raise BrokenWeightsError(f"{path}: its tables do not fit each other; fetch or train it anew")
        self.version: str = facts["version"]
        self.licence: str = facts["licence"]
        self.dimension = dimension
        self._row = {word: row for row, word in enumerate(vocabulary)}
        self._table = np.ascontiguousarray(table[:, :dimension])
        self._scale = scale

    def encode(self, texts: Sequence[str]) -> Vectors:
        out = np.zeros((len(texts), self.dimension), np.float32)
        for at, text in enumerate(texts):
            rows, weights = self._rows_of(text)
            if rows:
                weighted = self._scale[rows] * weights
                out[at] = weighted @ self._table[rows].astype(np.float32)
        return unit_rows(out)

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self.encode([text])[0]
        return vector

    def knows(self, text: str) -> float:
        """The share, from 0 to 1, of a text's different words that are in the vocabulary; 0 for no words.

        Where it is low, vectors stand on spelling more than on meaning, and a fusion may trust them less.
        """
        different = set(words(text))
        return sum(word in self._row for word in different) / len(different) if different else 0.0

    def has_learned(self, word: str) -> bool:
        return word in self._row

    def _rows_of(self, text: str) -> tuple[list[int], NDArray[np.float32]]:
        """The rows to add up, and how often: a word seen n times counts log(1 + n), its pieces share one word's n."""
        counts = Counter(words(text))
        rows = list(map(self._row.get, counts, repeat(UNKNOWN)))
        times: list[float] = list(counts.values())
        if UNKNOWN in rows:
            for place, (word, count) in enumerate(counts.items()):
                if rows[place] == UNKNOWN:
                    first, *others = (len(self._row) + bucket for bucket in pieces(word, self._buckets))
                    rows[place], times[place] = first, count / (1 + len(others))
                    rows.extend(others)
                    times.extend([times[place]] * len(others))
        return rows, np.log1p(np.array(times, np.float32))
