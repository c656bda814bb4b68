"""A list that goes on where its reader stopped, whatever was added, taken away or moved in it meanwhile.

What a reader has seen stands first, in the order in which it was seen; then comes the rest in the order of now. So no
paper is met twice, and none that is there all the time is passed over. Offsets and scores cannot promise that: both
move with every paper that comes in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from broadsheet.search.columns import Columns, Rows

DEEPEST = 1_000
"""Hits beyond this cannot be reached: a reader refines, only a crawler goes on."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. ``rows`` are its papers, those that are gone left out; ``shown`` are the papers of this and
    of all pages before it; ``total`` counts the list with what was seen and is on it no more."""

    rows: Rows
    shown: tuple[int, ...]
    total: int


def page_of(columns: Columns, order: Rows, total: int, seen: Sequence[int], k: int, offset: int) -> Page:
    """Papers ``offset`` to ``offset + k`` of ``seen`` and, after them, of ``order``: the first rows of a list of
    ``total``, at least `DEEPEST` of them where there are so many."""
    end = min(offset + k, DEEPEST)
    papers = columns.papers
    if not seen:
        return Page(order[offset:end], tuple(papers[order[:end]].tolist()), total)
    rows_of = {int(papers[row]): int(row) for row in columns.rows_of(list(seen)).tolist()}
    fresh = ~np.isin(order, np.array(list(rows_of.values()), np.int64))
    rest = order[fresh][: max(0, end - len(seen))]
    shown = (*seen, *papers[rest].tolist())
    there = {**rows_of, **dict(zip(papers[rest].tolist(), rest.tolist(), strict=True))}
    rows = [there[paper] for paper in shown[offset:end] if paper in there]
    whole = len(order) >= total
    return Page(np.array(rows, np.int64), shown, len(seen) + int(fresh.sum()) if whole else total)
