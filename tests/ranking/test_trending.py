"""Heat, with numbers worked out by hand: one doubling of votes is one point, one point is two days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.ranking.trending import Heat, heat, reasons

DAY = date(2020, 1, 11)  # ten days after the epoch: five points of age


def test_a_paper_that_nobody_noticed_has_no_heat() -> None:
    assert heat({}, DAY) == Heat(0.0, 0.0, {})


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
    assert heat(signals, DAY).points == pytest.approx(points)


def test_age_is_subtracted_as_half_a_point_a_day() -> None:
    assert heat({"broadsheet.votes": 7}, DAY) == Heat(3.0, 8.0, {"votes here": 3.0})


def test_twice_the_votes_outweigh_two_days() -> None:
    assert heat({"broadsheet.votes": 15}, DAY).heat == heat({"broadsheet.votes": 7}, DAY + timedelta(days=2)).heat


def test_a_paper_that_was_in_no_edition_has_points_and_no_heat() -> None:
    assert heat({"broadsheet.votes": 7}, None) == Heat(3.0, 0.0, {"votes here": 3.0})


def test_a_quarrel_does_not_lift_a_paper_that_nobody_voted_for() -> None:
    assert heat({"broadsheet.comments": 500}, DAY).points == 0.5


def test_comments_count_at_most_as_many_as_votes_and_one() -> None:
    assert heat({"broadsheet.votes": 2, "broadsheet.comments": 500}, DAY).parts["comments"] == 1.0


def test_of_many_stars_one_hundred_and_twenty_seven_count() -> None:
    assert heat({"github.stars": 127}, DAY).points == heat({"github.stars": 90_000}, DAY).points == 3.5


counts = st.dictionaries(
    st.sampled_from(
        ["broadsheet.votes", "huggingface.votes", "broadsheet.comments", "huggingface.comments", "github.stars"]
    ),
    st.integers(0, 10**6),
)


@given(counts, st.dates(date(2015, 1, 1), date(2040, 1, 1)))
def test_the_parts_sum_to_the_points_and_more_notice_never_cools(signals: dict[str, int], day: date) -> None:
    now = heat(signals, day)

    assert sum(now.parts.values()) == pytest.approx(now.points)
    for name, count in signals.items():
        assert heat(signals | {name: count + 1}, day).points >= now.points
    assert heat(signals, day + timedelta(days=1)).heat >= now.heat


@given(counts)
def test_a_reason_weighs_between_nothing_and_one(signals: dict[str, int]) -> None:
    for reason in reasons(signals, DAY, DAY):
        assert 0 < reason.weight < 1


@pytest.mark.parametrize(
    ("signals", "age", "sentence"),
    [
        ({"broadsheet.votes": 1}, 0, "1 vote here, today"),
        ({"huggingface.votes": 1_234, "huggingface.comments": 1}, 1, "1,234 votes on Daily Papers, 1 comment on Daily Papers, yesterday"),
        ({"broadsheet.votes": 2, "broadsheet.comments": 3, "github.stars": 1}, 30, "2 votes here, 3 comments here, 1 star, 30 days ago"),
        ({"github.stars": 2}, -1, "2 stars, today"),
    ],
)  # fmt: skip
def test_the_reason_tells_what_was_counted_and_how_long_ago(
    signals: dict[str, int], age: int, sentence: str
) -> None:
    (reason,) = reasons(signals, DAY, DAY + timedelta(days=age))

    assert reason.sentence == sentence


def test_a_paper_that_nobody_noticed_has_no_reason() -> None:
    assert reasons({"arxiv.citations": 4}, DAY, DAY) == ()
