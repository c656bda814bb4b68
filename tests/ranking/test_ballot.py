"""Which votes count towards rank."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.ranking.ballot import UNKNOWN_NETWORK, Verdict, Vote, counted, network_of, verdicts

NOON = datetime(2026, 2, 10, 12, tzinfo=UTC)
OLD = timedelta(days=400)


def vote(account: int, minutes: float = 0, *, age: timedelta = OLD, paper: int = 1, **said: Any) -> Vote:
    at = NOON + timedelta(minutes=minutes)
    one = Vote(paper, account, at, at - age, verified=True, network=f"203.0.{account % 250}.0/24")
    return replace(one, **said)


def test_the_vote_of_a_settled_account_counts() -> None:
    assert counted([vote(1), vote(2, paper=7), vote(3, paper=7)]) == {1: 1, 7: 2}


def test_twenty_new_accounts_of_one_network_in_ten_minutes_leave_the_rank_as_it_was() -> None:
    settled = [vote(number) for number in range(30)]
    for age in (timedelta(hours=1), timedelta(hours=25), timedelta(days=6)):
        flood = [vote(100 + number, number / 2, age=age, network="198.51.100.0/24") for number in range(20)]

        assert counted(settled + flood) == counted(settled) == {1: 30}


def test_an_account_less_than_a_day_old_does_not_count() -> None:
    young = vote(1, age=timedelta(hours=24) - timedelta(seconds=1))

    assert verdicts([young, vote(2, age=timedelta(hours=24))]) == [Verdict.TOO_YOUNG, Verdict.COUNTS]


def test_an_unverified_account_does_not_count() -> None:
    assert verdicts([vote(1, verified=False)]) == [Verdict.UNVERIFIED]


def test_three_new_colleagues_count_and_with_the_fourth_none_of_them_does() -> None:
    firm = [vote(number, number, age=timedelta(days=3), network="198.51.100.0/24") for number in range(4)]

    assert verdicts(firm[:3]) == [Verdict.COUNTS] * 3
    assert verdicts(firm) == [Verdict.CROWD] * 4


def test_accounts_too_young_to_count_still_make_a_crowd() -> None:
    firm = [vote(number, network="198.51.100.0/24", age=timedelta(hours=2)) for number in range(3)]
    another = vote(9, network="198.51.100.0/24", age=timedelta(days=2))

    assert verdicts([*firm, another])[-1] is Verdict.CROWD


def test_settled_accounts_of_a_large_network_are_no_crowd() -> None:
    assert counted([vote(number, network="198.51.100.0/24") for number in range(40)]) == {1: 40}


def test_new_accounts_of_one_network_over_a_day_are_no_crowd() -> None:
    firm = [vote(number, 61 * number, age=timedelta(days=3), network="198.51.100.0/24") for number in range(8)]

    assert counted(firm) == {1: 8}


def test_new_accounts_of_one_network_on_different_papers_are_no_crowd() -> None:
    firm = [vote(number, age=timedelta(days=3), network="198.51.100.0/24", paper=number) for number in range(8)]

    assert sum(counted(firm).values()) == 8


def test_one_account_is_no_crowd_however_often_it_votes() -> None:
    again = [vote(1, number, age=timedelta(days=3)) for number in range(6)]

    assert verdicts(again) == [Verdict.COUNTS] + [Verdict.AGAIN] * 5


def test_of_many_votes_in_an_hour_sixty_count() -> None:
    fast = [vote(1, number / 2, paper=number) for number in range(100)]

    assert sum(counted(fast).values()) == 60
    assert verdicts(fast)[60:] == [Verdict.TOO_FAST] * 40


def test_a_vote_a_minute_all_day_counts() -> None:
    assert sum(counted([vote(1, number, paper=number) for number in range(600)]).values()) == 600


def test_taking_an_account_away_recounts() -> None:
    firm = [vote(number, number, age=timedelta(days=3), network="198.51.100.0/24") for number in range(4)]

    assert counted(firm) == {}
    assert counted(firm[1:]) == {1: 3}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        (" 203.0.113.77 ", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:aa:1::1", "2001:db8:aa::/48"),
        ("2001:db8:aa:ffff:1:2:3:4", "2001:db8:aa::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", UNKNOWN_NETWORK),
        ("0x7f.1", UNKNOWN_NETWORK),
        ("203.0.113.77, 10.0.0.1", UNKNOWN_NETWORK),
    ],
)
def test_an_address_is_of_its_24_and_in_ipv6_of_its_48(address: str, network: str) -> None:
    assert network_of(address) == network


law = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
ballots = st.lists(
    st.builds(
        vote,
        st.integers(0, 6),
        st.integers(0, 200),
        age=st.sampled_from([timedelta(hours=3), timedelta(days=2), OLD]),
        paper=st.integers(0, 2),
        verified=st.booleans(),
        network=st.sampled_from(["198.51.100.0/24", "203.0.113.0/24"]),
    ),
    max_size=40,
    unique_by=lambda one: (one.account, one.cast_at),
)


@law
@given(ballots, st.integers())
def test_the_order_in_which_votes_are_told_makes_no_difference(votes: list[Vote], seed: int) -> None:
    shuffled = random.Random(seed).sample(votes, len(votes))

    assert dict(zip(shuffled, verdicts(shuffled), strict=True)) == dict(zip(votes, verdicts(votes), strict=True))


@law
@given(ballots, st.integers(0, 6))
def test_an_account_too_young_or_unverified_adds_nothing(votes: list[Vote], account: int) -> None:
    votes = [one for one in votes if one.account != account]
    added = [*votes, vote(account, 5, age=timedelta(hours=1)), vote(account, 6, verified=False)]

    assert all(counted(added).get(paper, 0) <= count for paper, count in counted(votes).items())
    assert counted(added).keys() <= counted(votes).keys()
