"""Which votes count towards rank. Every vote is kept and shown to the one who gave it; not every one moves a paper.

No rule needs to know what a person is like: only how old and how proven an account is, how fast it votes, and how
many like it came from one network at once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

# An account made to vote votes at once. Its age is taken when it votes: waiting a day does not make it count later.
TOO_YOUNG = timedelta(hours=24)
# People of one house, class or firm share a network, and some of them are new here. That so many new ones of one
# network turn to one paper within the hour has not been chance where it was looked into.
NEW = timedelta(days=7)
CROWD = 4
AT_ONCE = timedelta(hours=1)
# A person who reads what they vote on is slower.
MOST_AN_HOUR = 60

UNKNOWN_NETWORK = "unknown"


class Verdict(StrEnum):
    COUNTS = "counts"
    UNVERIFIED = "unverified"
    TOO_YOUNG = "too young"
    AGAIN = "again"
    TOO_FAST = "too fast"
    CROWD = "crowd"


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote for ``paper`` by ``account``, made from ``network`` (`network_of`). Times have a zone."""

    paper: int
    account: int
    cast_at: datetime
    joined_at: datetime
    verified: bool
    network: str


def network_of(address: str) -> str:
    """The network that ``address`` is of: its /24, for IPv6 its /48, which is what one household or firm is given.

    An IPv4 address in the clothes of IPv6 is the IPv4 address. What is no address is of one unknown network, so that
    hiding it makes nobody a crowd of strangers.
    """
    try:
        found = ip_address(address.strip())
    except ValueError:
        return UNKNOWN_NETWORK
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            # A zone names an interface of the machine that saw it, not a network.
            return str(ip_network((int(found), 48), strict=False))
        found = found.ipv4_mapped
    return str(ip_network((int(found), 24), strict=False))


def verdicts(votes: Sequence[Vote]) -> list[Verdict]:
    """For each of ``votes``, in any order, whether it counts towards rank or the first reason why not.

    1. Those of accounts that are unverified, or less than `TOO_YOUNG` old when they voted, do not.
    2. Of several votes of an account for one paper the first does.
    3. Of more than `MOST_AN_HOUR` votes of an account within any hour the first so many do.
    4. Where `CROWD` or more accounts younger than `NEW` vote for one paper from one network within `AT_ONCE`, none of
       theirs does, those included that rule 1 has left out already.

    The same votes give the same verdicts, so that taking an account away recounts exactly. Give all votes of the
    accounts in question from an hour before on: rules 3 and 4 look at them together.
    """
    order = sorted(range(len(votes)), key=lambda number: (votes[number].cast_at, votes[number].account, number))
    crowds = _crowds(votes, order)
    too_fast = _too_fast(votes, order)
    seen: set[tuple[int, int]] = set()
    found = [Verdict.COUNTS] * len(votes)
    for number in order:
        one = votes[number]
        if not one.verified:
            found[number] = Verdict.UNVERIFIED
        elif one.cast_at - one.joined_at < TOO_YOUNG:
            found[number] = Verdict.TOO_YOUNG
        elif (one.paper, one.account) in seen:
            found[number] = Verdict.AGAIN
        elif number in too_fast:
            found[number] = Verdict.TOO_FAST
        elif number in crowds:
            found[number] = Verdict.CROWD
        seen.add((one.paper, one.account))
    return found


def counted(votes: Sequence[Vote]) -> dict[int, int]:
    """Number of each paper -> how many of ``votes`` count towards its rank; a paper of which none does is left out."""
    totals: dict[int, int] = defaultdict(int)
    for one, verdict in zip(votes, verdicts(votes), strict=True):
        if verdict is Verdict.COUNTS:
            totals[one.paper] += 1
    return dict(totals)


def _too_fast(votes: Sequence[Vote], order: Iterable[int]) -> set[int]:
    by_account: dict[int, list[int]] = defaultdict(list)
    for number in order:
        by_account[votes[number].account].append(number)
    found = set()
    for numbers in by_account.values():
        first = 0
        for at, number in enumerate(numbers):
            while votes[number].cast_at - votes[numbers[first]].cast_at >= timedelta(hours=1):
                first += 1
            if at - first >= MOST_AN_HOUR:
                found.add(number)
    return found


def _crowds(votes: Sequence[Vote], order: Iterable[int]) -> set[int]:
    by_place: dict[tuple[int, str], list[int]] = defaultdict(list)
    for number in order:
        one = votes[number]
        if one.cast_at - one.joined_at < NEW:
            by_place[one.paper, one.network].append(number)
    found: set[int] = set()
    for numbers in by_place.values():
        first = marked = 0
        accounts: Counter[int] = Counter()
        for last, number in enumerate(numbers):
            accounts[votes[number].account] += 1
            while votes[number].cast_at - votes[numbers[first]].cast_at > AT_ONCE:
                left = votes[numbers[first]].account
                accounts[left] -= 1
                if not accounts[left]:
                    del accounts[left]
                first += 1
            if len(accounts) >= CROWD:
                found.update(numbers[max(first, marked) : last + 1])
                marked = last + 1
    return found
