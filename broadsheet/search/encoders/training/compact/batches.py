"""Which papers a step learns from, and which it tells them apart from."""

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.base import Vectors
from broadsheet.search.encoders.training.neighbours import side_by_side

Ints = NDArray[np.int64]
RUN = 32  # papers of one subject that come together
HARD_SHARE = 0.7  # of the batches are made of such runs
PREFIX = 64  # numbers of a vector that tell subjects apart


class Batches:
    """Rows of the lesson, by number."""

    def __init__(self, rows: Vectors, rng: np.random.Generator) -> None:
        self._count = len(rows)
        self._grouped = side_by_side(rows[:, :PREFIX], rng, 4 * RUN)

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
