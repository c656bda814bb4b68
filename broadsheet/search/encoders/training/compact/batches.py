"""Which papers a step learns from, and which it tells them apart from."""

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.base import Vectors

Ints = NDArray[np.int64]
RUN = 32  # papers of one subject that come together
HARD_SHARE = 0.7  # of the batches are made of such runs
PREFIX = 64  # numbers of a vector that tell subjects apart


class Batches:
    """Rows of the lesson, by number."""

    def __init__(self, rows: Vectors, rng: np.random.Generator) -> None:
        self._count = len(rows)
        self._grouped = _grouped(rows[:, :PREFIX], rng)

    def draw(self, size: int, bank: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """The batch, and the bank, which begins with the batch; no row is twice in either.

        Neighbours of the batch, by subject, fill half of the bank: they are what a search has to tell apart.
        """
        if self._count <= size or rng.random() >= HARD_SHARE:
            batch = rng.permutation(self._count)[:size]
            near = batch[:0]
        else:
            begins = rng.integers(0, self._count, -(-size // RUN))
            batch = self._around(begins, RUN)[:size]
            near = self._around(begins, -(-bank // (2 * len(begins))))
        others = np.concatenate([near, rng.integers(0, self._count, bank)])
        _, first = np.unique(others, return_index=True)
        fresh = others[np.sort(first)]
        fresh = fresh[~np.isin(fresh, batch)]
        return batch, np.concatenate([batch, fresh])[: max(bank, len(batch))]

    def _around(self, begins: Ints, run: int) -> Ints:
        places = (begins[:, None] - run // 2 + np.arange(run)).ravel() % self._count
        _, first = np.unique(places, return_index=True)
        found: Ints = self._grouped[places[np.sort(first)]]
        return found


def _grouped(rows: Vectors, rng: np.random.Generator) -> Ints:
    """All rows, neighbours next to each other: three rounds of spherical k-means."""
    centres = rows[rng.permutation(len(rows))[: max(1, len(rows) // (4 * RUN))]]
    group = np.zeros(len(rows), np.int64)
    for _ in range(3):
        group = np.concatenate(
            [(part @ centres.T).argmax(1) for part in np.array_split(rows, 1 + len(rows) // 4096)]
        )
        centres = np.zeros_like(centres)
        np.add.at(centres, group, rows)
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    return np.argsort(group, kind="stable")
