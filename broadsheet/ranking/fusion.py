"""Two lists of hits made one, on scores and not on ranks.

Ranks forget how sure each engine was: reciprocal-rank fusion (Cormack, Clarke and Büttcher 2009) lets a weak list
push down what a strong one is certain of. Adding scores that mean the same for every query keeps that (Bruch, Gai
and Ingber 2023, *An Analysis of Fusion Functions for Hybrid Retrieval*).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Trust:
    """How the cosines of one encoder are read beside words.

    ``unrelated`` is the cosine that two papers have by chance: below it nearness says nothing. ``weight`` is what a
    cosine of 1 is worth where the best word score of the query is worth 1.
    """

    weight: float
    unrelated: float = 0.0

    def of(self, familiar: float) -> "Trust":
        """The trust for a query of whose words the encoder has learned the share ``familiar``.

        Squared: a coined name or a foreign field's terms are just what words find and vectors blur.
        """
        return Trust(self.weight * familiar**2, self.unrelated)


# One row for each encoder, from development runs (bench/search_quality.py). For `static` nDCG@10 rises with the weight up
# to 1.0 on questions (autoscholar-dev 0.167 by words, 0.193) and on summaries (scitldr 0.816, 0.826) and falls after;
# a foreign field loses a little at 1.0 (nfcorpus 0.3386, 0.3377), which `Trust.of` mends (0.3398).
# The hashed encoder knows no meaning.
TRUST = {"hashed": Trust(0.2, 0.1), "static": Trust(1.0)}
DEFAULT_TRUST = Trust(0.5)


def add_scores(words: Floats, cosines: Floats, trust: Trust) -> Floats:
    """One score a candidate, from its BM25 score and its cosine. Every candidate must have both."""
    most = float(words.max(initial=0.0))
    level = words / most if most > 0 else words
    span = 1 - trust.unrelated
    nearness = np.maximum(cosines - trust.unrelated, 0) / span
    total: Floats = (level + trust.weight * nearness).astype(np.float32)
    return total


def reciprocal_ranks(lists: Sequence[NDArray[np.int64]], k: int = 60) -> tuple[NDArray[np.int64], Floats]:
    """Plain reciprocal-rank fusion, the yardstick: ids and scores, best first."""
    scores: dict[int, float] = {}
    for ranked in lists:
        for rank, one in enumerate(ranked.tolist(), 1):
            scores[one] = scores.get(one, 0.0) + 1 / (k + rank)
    order = sorted(scores, key=lambda one: (-scores[one], one))
    return np.array(order, np.int64), np.array([scores[one] for one in order], np.float32)
