"""Two lists of hits made one, on scores and not on ranks.

Ranks forget how sure each engine was: reciprocal-rank fusion (Cormack, Clarke and Büttcher 2009) lets a weak list
push down what a strong one is certain of. Adding scores that mean the same for every query keeps that (Bruch, Gai
and Ingber 2023, *An Analysis of Fusion Functions for Hybrid Retrieval*). The score of a paper is

    words / best words of the query + weight x cosine with the query + company x cosine with the first papers

Three things set the weights, and none of them needs to know an answer:

* whose cosine it is (`TRUST`);
* ``familiar``: a coined name or a foreign field's terms are just what words find and vectors blur (papers that were
  found have words enough, so their company counts in full);
* ``covered``: what the query's words leave open, meaning may fill. Half a remembered sentence or a few
  keywords stand in the paper that is wanted, and one that has nearly all of them settles the matter; of a whole
  question the best paper has a third.

The last term looks at the company a paper keeps: papers on one matter lie together (the cluster hypothesis,
van Rijsbergen 1979; with vectors, Li et al. 2021, *Pseudo Relevance Feedback with Deep Language Models*), so nearness
to the first few found speaks for a paper whose own words or vector just miss the query.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FIRST = 3
"""How many of the first papers keep company. Of 10, the last are often on something else."""
_LEAST_OPEN = 0.1  # however well words cover a query, what is nearer of two like papers comes first


@dataclass(frozen=True, slots=True)
class Trust:
    """How the cosines of one encoder are read beside words.

    ``unrelated`` is the cosine that two papers have by chance: below it nearness says nothing. ``weight`` is what a
    cosine of 1 is worth where the best word score of the query is worth 1, and the words leave all open; the weaker an
    encoder, the more it ``yields`` to words that leave little open. ``company`` is what a cosine of 1 with the first
    papers is worth.
    """

    weight: float
    unrelated: float = 0.0
    yields: float = 1.0
    company: float = 0.0

    def of(self, familiar: float, covered: float = 0.0) -> "Trust":
        """The trust for one query. ``familiar``: the share of its words that the encoder has learned; ``covered``:
        the share of what its words can add that they do add in the paper that has most of them.
        """
        left_open = max(max(1 - covered, 0) ** self.yields, _LEAST_OPEN)
        return replace(self, weight=self.weight * familiar**2 * left_open, company=self.company * left_open)


# One row for each encoder, and one for any transformer trained elsewhere. Chosen on four sets of questions and on five
# of known papers (summaries by authors, twice, and by a machine; four keywords; half the words of a sentence): more weight
# helps the first and harms the last two. Mean nDCG@10 of either kind, plain rank fusion of `static` giving 0.316 and 0.812:
#   `static`, 183,646 papers: words alone 0.309, 0.880; a weight of 1 always 0.331, 0.879; as below 0.333, 0.880
#   all-MiniLM-L6-v2, 51,086 papers: words alone 0.331, 0.937; a weight of 2 always 0.383, 0.904; as below 0.390, 0.919
# The hashed encoder knows no meaning.
TRUST = {"hashed": Trust(0.2, 0.1), "static": Trust(2.25, yields=2.0, company=1.2)}
DEFAULT_TRUST = Trust(2.5, company=1.35)


def add_scores(words: Floats, cosines: Floats, trust: Trust, beside: Floats | None = None) -> Floats:
    """One score a candidate, from its BM25 score, its cosine and, in ``beside``, its cosine with the first papers."""
    most = float(words.max(initial=0.0))
    level = words / most if most > 0 else words
    total = level + trust.weight * _beyond(cosines, trust.unrelated)
    if beside is not None:
        total = total + trust.company * _beyond(beside, trust.unrelated)
    return total.astype(np.float32)


def _beyond(cosines: Floats, unrelated: float) -> Floats:
    near: Floats = np.maximum(cosines - unrelated, 0) / (1 - unrelated)
    return near


def first(scores: Floats) -> NDArray[np.int64]:
    """The places of the `FIRST` highest scores; of equals the first."""
    return np.argsort(-scores, kind="stable")[:FIRST]


def reciprocal_ranks(lists: Sequence[NDArray[np.int64]], k: int = 60) -> tuple[NDArray[np.int64], Floats]:
    """Plain reciprocal-rank fusion, the yardstick: ids and scores, best first."""
    scores: dict[int, float] = {}
    for ranked in lists:
        for rank, one in enumerate(ranked.tolist(), 1):
            scores[one] = scores.get(one, 0.0) + 1 / (k + rank)
    order = sorted(scores, key=lambda one: (-scores[one], one))
    return np.array(order, np.int64), np.array([scores[one] for one in order], np.float32)
