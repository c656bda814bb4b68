"""How well can a day's final order of votes be foretold when the day begins? Real days of Daily Papers.

    python -m bench.forecast hf-daily.tar.gz [--encoder static] [--page docs/trending.md]

A ridge regression on what was known (`bench.forecast_days`), learned anew for every fortnight from the days that
ended a week before it began; held against a random order, newest first and simpler orders. With `--page` the table
is written between the marks of that page.
"""

import argparse
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np

from bench.forecast_days import GROUPS, KNOWN_AFTER, Day, Matrix, describe, read_days
from broadsheet.ranking.measures import ndcg
from broadsheet.search import encoders

NEAREST = GROUPS["text"].index("likes of the nearest")
FIRST_LEARNED = 60  # days before the first that is foretold
FORTNIGHT = 14
LEAST_PAPERS = 5  # an order of fewer says nothing
SHUFFLES = 50
ROUNDS = 4_000
# How much a weight of a feature, and one of the vector, costs; fixed before looking at any foretold day.
FEATURE_COST = 30.0
VECTOR_COST = 300.0
MARKS = ("<!-- forecast begins -->", "<!-- forecast ends -->")

Scores = Callable[[Day], Matrix]


def spearman(left: Sequence[float], right: Sequence[float]) -> float:
    """Spearman 1904, *The proof and measurement of association*: Pearson's correlation of the ranks, ties sharing
    the mean of theirs. 0 where one side is all ties."""
    ours, theirs = ranks(left), ranks(right)
    ours -= ours.mean()
    theirs -= theirs.mean()
    size = float(np.sqrt((ours @ ours) * (theirs @ theirs)))
    return float(ours @ theirs) / size if size else 0.0


def ranks(values: Sequence[float]) -> Matrix:
    """The rank of each value, from 1, the smallest first; equal ones share the mean of their ranks."""
    _, place, count = np.unique(np.asarray(values, dtype=np.float64), return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    shared = last - (count - 1) / 2
    return np.asarray(shared[place], dtype=np.float64)


def measured(day: Day, scores: Matrix) -> tuple[float, float]:
    """Rank correlation with the votes of ``day``, and nDCG@10 with the votes as gains."""
    gains = dict(enumerate(day.votes))
    order = sorted(gains, key=lambda number: (-float(scores[number]), day.papers[number].number))
    return spearman(scores.tolist(), day.votes), ndcg(order, gains)


def ridge(rows: Matrix, targets: Matrix, costs: Matrix) -> Matrix:
    """Hoerl and Kennard 1970, *Ridge regression*: the weights that miss least, each at its cost."""
    solved = np.linalg.solve(rows.T @ rows + np.diag(costs), rows.T @ targets)
    return np.asarray(solved, dtype=np.float64)


def forecast(days: Sequence[Day], groups: Sequence[str], *, vectors: bool) -> list[Matrix | None]:
    """The scores of every day's papers, learned from days that were over a week before; None for the first days."""
    ends = dict(zip(GROUPS, accumulate(map(len, GROUPS.values())), strict=True))
    chosen = [at for name in groups for at in range(ends[name] - len(GROUPS[name]), ends[name])]

    def rows(day: Day) -> Matrix:
        parts = [day.features[:, chosen], day.vectors] if vectors else [day.features[:, chosen]]
        # Only what sets a paper apart from the others of its day can tell their order.
        joined = np.concatenate(parts, axis=1)
        apart: Matrix = joined - joined.mean(axis=0)
        return apart

    made = [rows(day) for day in days]
    told: list[Matrix | None] = [None] * FIRST_LEARNED
    costs = np.array([FEATURE_COST] * len(chosen) + [VECTOR_COST] * (days[0].vectors.shape[1] if vectors else 0))
    for start in range(FIRST_LEARNED, len(days), FORTNIGHT):
        known = [number for number in range(start) if days[number].day + KNOWN_AFTER <= days[start].day]
        # The features of the first month lean on next to no past.
        learned = np.concatenate([made[number] for number in known[20:]])
        targets = np.concatenate([days[number].targets for number in known[20:]])
        spread = learned.std(axis=0)
        spread[spread < 1e-9] = 1.0
        # The vector's numbers are of one kind: one measure for all of them.
        spread[len(chosen) :] = spread[len(chosen) :].mean() if vectors else 1.0
        weights = ridge(learned / spread, targets, costs)
        told += [(one / spread) @ weights for one in made[start : start + FORTNIGHT]]
    return told


def interval(values: Matrix, seed: int = 0) -> tuple[float, float, float]:
    """The mean, and 95 % of the means of as many days drawn again with replacement (Efron 1979)."""
    drawn = np.random.default_rng(seed).integers(0, len(values), (ROUNDS, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return float(values.mean()), float(low), float(high)


def table(days: Sequence[Day]) -> str:
    tested = [number for number in range(FIRST_LEARNED, len(days)) if len(days[number].papers) >= LEAST_PAPERS]
    random = np.random.default_rng(7)
    results: dict[str, Matrix] = {
        "random order": np.array(
            [
                np.mean([measured(days[at], random.random(len(days[at].papers))) for _ in range(SHUFFLES)], axis=0)
                for at in tested
            ]
        ),
        "newest first": np.array(
            [measured(days[at], ranks(_stamps(days[at]))) for at in tested],
        ),
    }
    every = list(GROUPS)
    for name, groups, vectors in (
        ("votes of similar past papers alone", [], False),
        ("text: vector and similar past papers", ["text"], True),
        ("text, code link and authors", ["text", "code link", "authors"], True),
        ("the same and the organisation", every[:-1], True),
        ("all of it, the submitter too", every, True),
        ("all of it without the vector", every, False),
    ):
        told = forecast(days, groups, vectors=vectors) if groups else [day.features[:, NEAREST] for day in days]
        results[name] = np.array([measured(days[at], _told(told[at])) for at in tested])
    papers = sum(len(days[at].papers) for at in tested)
    lines = [
        f"{len(tested)} days, {papers:,} papers, {days[tested[0]].day} to {days[tested[-1]].day}.",
        "",
        "| Order | Spearman | nDCG@10 | Spearman above newest first |",
        "|---|---|---|---|",
    ]
    for name, values in results.items():
        above = "" if name == "newest first" else _written(values[:, 0] - results["newest first"][:, 0])
        lines.append(f"| {name} | {_written(values[:, 0])} | {_written(values[:, 1])} | {above} |")
    return "\n".join(lines)


def _told(scores: Matrix | None) -> Matrix:
    if scores is None:
        raise ValueError("this day was not foretold")
    return scores


def _stamps(day: Day) -> list[float]:
    """When each paper was published, as its place among the stamps of the day (texts of one form sort as times)."""
    places = {stamp: float(place) for place, stamp in enumerate(sorted({one.published for one in day.papers}))}
    return [places[one.published] for one in day.papers]


def _written(values: Matrix) -> str:
    mean, low, high = interval(values)
    return f"{mean:.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--encoder", default="static")
    parser.add_argument("--page", type=Path)
    asked = parser.parse_args()
    days = read_days(asked.archive)
    describe(days, encoders.find(asked.encoder))
    made = table(days)
    print(made)
    if asked.page:
        before, _, rest = asked.page.read_text().partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        asked.page.write_text(f"{before}{MARKS[0]}\n{made}\n{MARKS[1]}{after}")


if __name__ == "__main__":
    main()
