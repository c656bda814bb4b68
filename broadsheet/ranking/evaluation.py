"""Several rankings of the same queries side by side: means, how sure the differences are, and who lost by them."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from broadsheet.ranking import measures

Run = Mapping[str, Sequence[int]]
"""For each query its ranking, best first."""

CHIEF = "nDCG@10"
"""The measure by which runs are compared."""
MEASURES: dict[str, Callable[[Sequence[int], Mapping[int, int]], float]] = {
    CHIEF: lambda ranking, gains: measures.ndcg(ranking, gains, 10),
    "MRR": measures.reciprocal_rank,
    "R@10": lambda ranking, gains: measures.recall(ranking, gains, 10),
    "R@100": lambda ranking, gains: measures.recall(ranking, gains, 100),
    "success@1": lambda ranking, gains: measures.success(ranking, gains, 1),
}
DEPTH = 100
"""How many hits of a ranking the measures look at."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A query with which one run does worse than another: `CHIEF` of either."""

    query: str
    ours: float
    theirs: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """``means[run][measure]``; ``p[run][other]``, the chance that two runs as alike differ so much in `CHIEF`;
    ``values[run]`` holds `CHIEF` of each query.
    """

    means: dict[str, dict[str, float]]
    p: dict[str, dict[str, float]]
    values: dict[str, dict[str, float]]

    def losses(self, ours: str, theirs: str, most: int) -> list[Loss]:
        """The queries that ``ours`` does worse than ``theirs``, the worst first."""
        found = [
            Loss(query, value, self.values[theirs][query])
            for query, value in self.values[ours].items()
            if value < self.values[theirs][query]
        ]
        return sorted(found, key=lambda one: (one.ours - one.theirs, one.query))[:most]


def compare(runs: Mapping[str, Run], gains: Mapping[str, Mapping[int, int]]) -> Comparison:
    """``runs`` by name, each with a ranking for every query of ``gains``; at least one query."""
    means: dict[str, dict[str, float]] = {}
    values: dict[str, dict[str, float]] = {}
    for name, run in runs.items():
        scores = {
            what: [measure(run[query], gains[query]) for query in gains] for what, measure in MEASURES.items()
        }
        means[name] = {what: statistics.fmean(each) for what, each in scores.items()}
        values[name] = dict(zip(gains, scores[CHIEF], strict=True))
    return Comparison(means, _p(values), values)


def _p(values: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    names = list(values)
    found: dict[str, dict[str, float]] = {name: {} for name in names}
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            p = measures.paired_p(list(values[one].values()), list(values[other].values()))
            found[one][other] = found[other][one] = p
    return found
