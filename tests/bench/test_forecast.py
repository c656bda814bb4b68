"""The bench of forecasts: its measures, and that it looks at nothing that came later."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from bench.forecast import FIRST_LEARNED, forecast, interval, measured, ranks, ridge, spearman
from bench.forecast_days import GROUPS, Day, Listed, describe
from broadsheet.search.encoders.hashed import Hashed

FIRST = date(2024, 6, 3)


def paper(number: int, votes: int, author: str) -> Listed:
    return Listed(
        f"2406.{number:05}", f"Lamp {number}", "Oil burns.", (author,), "", "", f"2024-06-{number % 28:02}", votes
    )


def stream(days: int) -> list[Day]:
    """Days of six papers; what ``ada`` signs gets many votes, what others sign few."""
    made = []
    for number in range(days):
        names = ["ada", "bo", "cy", "dan", "eve", "flo"]
        Random(number).shuffle(names)
        papers = [
            paper(10 * number + at, 40 if name == "ada" else 2 + at % 3, name) for at, name in enumerate(names)
        ]
        made.append(Day(FIRST + timedelta(days=number), papers))
    return made


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    assert ranks([10, 30, 10, 20]).tolist() == [1.5, 4.0, 1.5, 3.0]


@pytest.mark.parametrize(
    ("left", "right", "correlation"),
    [
        ([1, 2, 3], [10, 20, 30], 1.0),
        ([1, 2, 3], [30, 20, 10], -1.0),
        ([1, 2, 3, 4], [1, 3, 2, 4], 0.8),
        ([1, 1, 1], [1, 2, 3], 0.0),
    ],
)
def test_rank_correlation_by_hand(left: list[float], right: list[float], correlation: float) -> None:
    assert spearman(left, right) == pytest.approx(correlation)


def test_a_ridge_without_cost_is_the_exact_answer_and_with_much_cost_is_none() -> None:
    rows, targets = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([3.0, 4.0])

    assert ridge(rows, targets, np.zeros(2)).tolist() == [3.0, 2.0]
    assert np.abs(ridge(rows, targets, np.full(2, 1e9))).max() < 1e-6


def test_an_interval_holds_its_mean_and_is_the_same_twice() -> None:
    values = np.array([0.1, 0.4, 0.2, 0.9])
    mean, low, high = interval(values)

    assert mean == pytest.approx(0.4)
    assert low < mean < high
    assert interval(values) == interval(values)


def test_what_authors_got_before_tells_their_next_day() -> None:
    days = stream(FIRST_LEARNED + 20)
    describe(days, Hashed())
    told = forecast(days, ["authors"], vectors=False)

    assert told[:FIRST_LEARNED] == [None] * FIRST_LEARNED
    for day, scores in zip(days[FIRST_LEARNED:], told[FIRST_LEARNED:], strict=True):
        assert scores is not None
        assert day.papers[int(scores.argmax())].authors == ("ada",)
        assert measured(day, scores)[1] > 0.95


def test_no_vote_of_the_day_or_of_the_week_before_it_is_looked_at() -> None:
    days, changed = stream(FIRST_LEARNED + 20), stream(FIRST_LEARNED + 20)
    seen = FIRST_LEARNED + 14  # the first day of the second fortnight
    for day in changed[seen - 6 :]:
        day.papers = [replace(one, votes=1000 - one.votes) for one in day.papers]
    for some in (days, changed):
        describe(some, Hashed())

    ours, theirs = (forecast(some, list(GROUPS), vectors=True)[seen] for some in (days, changed))

    assert ours is not None
    assert theirs is not None
    np.testing.assert_allclose(ours, theirs)
