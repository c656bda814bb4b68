"""Heat, with numbers worked out by hand: one doubling of fresh votes is one point."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.ranking.trending import Gain, Heat, Window, gains, heat, reasons, since, standing, totals

DAY = date(2020, 1, 11)  # ten days after the epoch: five points of age
TODAY = DAY


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def votes(*readings: tuple[int, int]) -> dict[str, list[tuple[date, int]]]:
    """Readings of their votes: so many days ago, so many."""
    return {"huggingface.votes": [(ago(days), value) for days, value in readings]}


def test_a_paper_that_nobody_noticed_has_no_heat() -> None:
    assert heat({}, DAY, Window.WEEK, DAY) == Heat(0.0, {})
    assert standing({}, DAY) == 0.0


@pytest.mark.parametrize(
    ("signals", "points"),
    [
        ({"broadsheet.votes": 1}, 1.0),
        ({"broadsheet.votes": 7}, 3.0),
        ({"huggingface.votes": 7}, 3.0),
        ({"broadsheet.votes": 7, "huggingface.votes": 7}, 6.0),
        ({"broadsheet.votes": 1, "huggingface.votes": 1023}, 11.0),
        ({"huggingface.votes": 31, "huggingface.comments": 3}, 6.0),
        ({"github.stars": 3}, 1.0),
        ({"arxiv.citations": 5_000}, 0.0),
        ({"broadsheet.votes": -5}, 0.0),
    ],
)
def test_points_are_doublings_of_what_was_counted(signals: dict[str, int], points: float) -> None:
    assert totals(signals).points == pytest.approx(points)


def test_a_first_reading_is_the_gain_since_the_paper_was_listed_and_counts_on_that_day() -> None:
    assert list(gains([(DAY, 40)], ago(5))) == [Gain(ago(5), ago(5), 40)]


def test_a_paper_that_was_read_before_it_was_listed_gained_by_then() -> None:
    assert list(gains([(ago(5), 40)], DAY)) == [Gain(ago(5), ago(5), 40)]


def test_a_paper_that_was_never_listed_is_measured_from_its_first_reading_on() -> None:
    assert list(gains([(ago(5), 40), (ago(3), 50)], None)) == [Gain(ago(4), ago(3), 10)]


def test_what_is_gained_between_two_readings_is_spread_over_the_days_after_the_first() -> None:
    assert list(gains([(ago(4), 10), (ago(3), 10), (ago(0), 16)], ago(4))) == [
        Gain(ago(4), ago(4), 10),
        Gain(ago(2), ago(0), 6),
    ]


@pytest.mark.parametrize(
    ("window", "until", "points"),
    [
        (Window.DAY, DAY, math.log2(1 + 6)),
        (Window.WEEK, DAY, math.log2(1 + 6 + 8 / 4)),  # eight votes four days ago: two half-lives
        (Window.MONTH, DAY, math.log2(1 + 6 + 8 * 0.5 ** (4 / 8))),
        (Window.YEAR, DAY, math.log2(1 + 6 + 8 * 0.5 ** (4 / 90))),
        (Window.ALL, DAY, math.log2(1 + 14)),
        (Window.DAY, ago(-1), 0.0),
        (Window.WEEK, ago(-2), math.log2(1 + 6 / 2 + 8 / 8)),
        (Window.WEEK, ago(-7), 0.0),
        (Window.MONTH, ago(-30), 0.0),
    ],
)
def test_each_gain_counts_half_for_every_half_life_since_it_was_made(
    window: Window, until: date, points: float
) -> None:
    """Eight votes four days ago, none since, six more today."""
    told = votes((4, 8), (1, 8), (0, 14))

    assert heat(told, ago(4), window, until).points == pytest.approx(points)


def test_of_a_gain_over_many_days_those_inside_the_window_count() -> None:
    told = votes((20, 0), (0, 20))  # one a day

    assert heat(told, ago(20), Window.DAY, DAY).points == pytest.approx(1.0)
    assert heat(told, ago(20), Window.WEEK, DAY).points == pytest.approx(
        math.log2(1 + sum(0.5 ** (day / 2) for day in range(7)))
    )
    assert heat(told, ago(20), Window.ALL, DAY).points == pytest.approx(math.log2(21))


def test_a_reading_of_tomorrow_does_not_count_today() -> None:
    assert heat(votes((1, 3), (-1, 90)), ago(1), Window.ALL, ago(1)).points == 2.0


def test_a_fast_climb_stands_above_a_slow_one() -> None:
    fast, slow = votes((1, 0), (0, 30)), votes((6, 0), (0, 30))

    assert heat(fast, ago(6), Window.WEEK, DAY).points > heat(slow, ago(6), Window.WEEK, DAY).points


def test_an_old_paper_that_people_turn_to_now_stands_with_the_new_ones() -> None:
    old, new = votes((400, 900), (1, 900), (0, 931)), votes((0, 31))

    assert heat(old, ago(400), Window.WEEK, DAY) == heat(new, DAY, Window.WEEK, DAY)


def test_votes_taken_back_are_no_gain() -> None:
    assert heat(votes((9, 50), (0, 10)), ago(9), Window.WEEK, DAY) == Heat(0.0, {})


def test_our_votes_and_theirs_are_never_added_up() -> None:
    told = votes((0, 7)) | {"broadsheet.votes": [(DAY, 7)]}

    assert heat(told, DAY, Window.DAY, DAY) == Heat(6.0, {"votes here": 3.0, "votes on Daily Papers": 3.0})


def test_a_quarrel_does_not_lift_a_paper_that_nobody_voted_for() -> None:
    assert heat({"broadsheet.comments": [(DAY, 500)]}, DAY, Window.DAY, DAY).points == 0.5


def test_comments_count_at_most_as_many_as_votes_and_one() -> None:
    assert totals({"broadsheet.votes": 2, "broadsheet.comments": 500}).parts["comments"] == 1.0


def test_of_many_stars_one_hundred_and_twenty_seven_count() -> None:
    assert totals({"github.stars": 127}).points == totals({"github.stars": 90_000}).points == 3.5


def test_the_standing_of_a_paper_is_its_heat_when_last_noticed_and_half_a_point_a_day() -> None:
    assert standing(votes((0, 7)), DAY) == pytest.approx(3.0 + 5.0)
    assert standing(votes((2, 7), (1, 7)), ago(2)) == pytest.approx(3.0 + 4.0)


def test_twice_the_votes_outweigh_two_days() -> None:
    assert standing(votes((2, 15)), ago(2)) == standing(votes((0, 7)), DAY)


def test_the_windows_end_with_the_day_and_hold_their_days() -> None:
    assert [since(window, DAY) for window in (Window.DAY, Window.WEEK)] == [DAY, ago(6)]


law = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
counts = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 10**6)), max_size=6, unique_by=lambda one: one[0])


@law
@given(
    counts.map(lambda read: votes(*sorted(read, reverse=True))),
    st.sampled_from(Window),
    st.none() | st.integers(0, 800).map(ago),
)
def test_the_parts_sum_to_the_points_and_a_reason_weighs_less_than_one(
    told: dict[str, list[tuple[date, int]]], window: Window, listed_on: date | None
) -> None:
    now = heat(told, listed_on, window, DAY)

    assert sum(now.parts.values()) == pytest.approx(now.points)
    for reason in reasons(told, listed_on, window, DAY, TODAY):
        assert 0 <= reason.weight < 1


@law
@given(counts.map(lambda read: votes(*sorted(read, reverse=True))), st.integers(1, 10**6))
def test_another_vote_today_never_cools(told: dict[str, list[tuple[date, int]]], more: int) -> None:
    (readings,) = told.values()
    before = [one for one in readings if one[0] < DAY] or [(ago(1), 0)]
    held = before[-1][1]
    now, then = (
        {"huggingface.votes": [*before, (DAY, held)]},
        {"huggingface.votes": [*before, (DAY, held + more)]},
    )

    for window in Window:
        assert heat(then, ago(400), window, DAY).points >= heat(now, ago(400), window, DAY).points
    assert standing(then, ago(400)) >= standing(now, ago(400))


def sentence(told: dict[str, list[tuple[date, int]]], listed: int | None, window: Window = Window.WEEK) -> str:
    (reason,) = reasons(told, None if listed is None else ago(listed), window, DAY, TODAY)
    return reason.sentence


def test_a_reason_tells_what_was_gained_in_how_many_days() -> None:
    told = votes((3, 0), (2, 0), (1, 20), (0, 41)) | {"github.stars": [(ago(3), 100), (ago(2), 100), (ago(0), 124)]}

    assert sentence(told, None) == "+41 votes on Daily Papers in 2 days, 12 stars a day"
    assert sentence(votes((3, 0), (2, 0), (1, 20), (0, 41)), 3) == "+41 votes on Daily Papers in 2 days, 3 days old"


def test_a_paper_that_was_read_once_tells_what_was_counted() -> None:
    assert sentence(votes((0, 1_234)), 1) == "1,234 votes on Daily Papers, 1 day old"
    assert (
        sentence({"broadsheet.votes": [(DAY, 1)], "github.stars": [(DAY, 2)]}, 0)
        == "1 vote here, 2 stars, listed today"
    )


def test_what_lies_before_the_window_is_not_told() -> None:
    told = votes((30, 500), (1, 500), (0, 502))

    assert sentence(told, 30) == "+2 votes on Daily Papers in a day, 30 days old"
    assert sentence(told, 30, Window.ALL) == "502 votes on Daily Papers, 30 days old"


def test_a_paper_that_nobody_noticed_has_no_reason() -> None:
    assert reasons({"arxiv.citations": [(DAY, 4)]}, DAY, Window.WEEK, DAY, DAY) == ()
