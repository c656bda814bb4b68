"""How good a ranking is, one published measure a function.

``ranking`` holds ids, best first, each once; ``gains`` holds the judged ids with their grades (0 or absent: not
relevant). Every measure is between 0 and 1 and is 0 where nothing is relevant.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np

Id = TypeVar("Id", bound=Hashable)
_ROUNDS_AT_ONCE = 500  # some megabytes for thousands of queries


def ndcg(ranking: Sequence[Id], gains: Mapping[Id, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain, Järvelin and Kekäläinen 2002, *Cumulated gain-based evaluation of IR
    techniques*, with the gain linear in the grade and a discount of log2(rank + 1), as trec_eval computes it.
    """
    found = sum(gains.get(one, 0) / math.log2(rank + 1) for rank, one in enumerate(ranking[:k], 1))
    best = sorted(gains.values(), reverse=True)[:k]
    ideal = sum(gain / math.log2(rank + 1) for rank, gain in enumerate(best, 1))
    return found / ideal if ideal else 0.0


def reciprocal_rank(ranking: Sequence[Id], gains: Mapping[Id, int], k: int = 1000) -> float:
    """One over the rank of the first relevant id, Voorhees 1999, *The TREC-8 Question Answering Track Report*."""
    for rank, one in enumerate(ranking[:k], 1):
        if gains.get(one, 0) > 0:
            return 1 / rank
    return 0.0


def recall(ranking: Sequence[Id], gains: Mapping[Id, int], k: int = 100) -> float:
    """The share of the relevant ids among the first ``k``, Cleverdon 1967, *The Cranfield tests*."""
    relevant = {one for one, gain in gains.items() if gain > 0}
    return len(relevant.intersection(ranking[:k])) / len(relevant) if relevant else 0.0


def success(ranking: Sequence[Id], gains: Mapping[Id, int], k: int = 1) -> float:
    """1 if a relevant id is among the first ``k``, Craswell 2009, *Success at n*, Encyclopedia of Database Systems."""
    return float(any(gains.get(one, 0) > 0 for one in ranking[:k]))


def paired_p(ours: Sequence[float], theirs: Sequence[float], rounds: int = 10_000, seed: int = 0) -> float:
    """Two-sided p of the mean difference by Fisher's randomisation test over the same queries, as advised by
    Smucker, Allan and Carterette 2007, *A comparison of statistical significance tests for IR evaluation*.

    Raises:
        ValueError: if the two are not measured on the same number of queries.
    """
    differences = np.array([a - b for a, b in zip(ours, theirs, strict=True) if a != b])
    observed = abs(math.fsum(differences))
    draw = np.random.default_rng(seed)
    extreme = done = 0
    while done < rounds:
        some = min(_ROUNDS_AT_ONCE, rounds - done)
        signs = draw.integers(0, 2, (some, len(differences)), np.int8) * np.int8(2) - np.int8(1)
        extreme += int(np.count_nonzero(np.abs(signs @ differences) >= observed - 1e-9))
        done += some
    return (extreme + 1) / (rounds + 1)
