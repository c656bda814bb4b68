"""Texts of one subject next to each other, so that training can draw them together."""

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.base import Vectors

AT_ONCE = 4096  # texts


def side_by_side(rows: Vectors, rng: np.random.Generator, group_size: int) -> NDArray[np.int64]:
    """The numbers of all ``rows``, neighbours next to each other: three rounds of spherical k-means.

    ``group_size``: how many rows a group has in the mean.
    """
    centres = rows[rng.permutation(len(rows))[: max(1, len(rows) // group_size)]]
    for _ in range(3):
        parts = np.array_split(rows, -(-len(rows) // AT_ONCE))
        group = np.concatenate([(part @ centres.T).argmax(1) for part in parts])
        totals = np.zeros_like(centres)
        np.add.at(totals, group, rows)
        centres = totals / np.maximum(np.linalg.norm(totals, axis=1, keepdims=True), 1e-9)
    return np.argsort(group, kind="stable")
