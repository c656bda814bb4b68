"""Heat: what is trending, and why. This page of code is what /about/ranking explains.

Points measure how much notice a paper got; heat is points less age. Both are sums of logarithms, so that the
hundredth vote counts for less than the tenth, and so that a day is worth the same everywhere on the scale:
heat needs no recomputing as time passes (the form of Lobsters' and Reddit's hotness).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from broadsheet.core.card import Reason, ReasonKind
from broadsheet.core.signal import Kind, signal_name

# Twice the votes outweigh two days of age: long enough for a Friday paper to be seen on Monday, short enough
# that the page is another one every week.
DAYS_A_DOUBLING = 2.0

# A vote is a reader's endorsement and counts in full, here as there; the two are never added up before the
# logarithm, so that a large site elsewhere cannot drown the community here.
VOTES_HERE = 1.0
VOTES_THERE = 1.0
# Talk is half an endorsement, and a quarrel must not lift a paper that nobody voted for: comments count at
# most as many as there are votes, and one.
COMMENTS = 0.5
# Stars are given to code, often older than the paper and by many who never saw it: half weight, and no more
# than a hundred and twenty-seven of them count.
STARS = 0.5
MOST_STARS = 127

# Points have no upper end, the weight of a reason has: 255 votes weigh half as much as any number could.
POINTS_OF_HALF_A_WEIGHT = 8.0

_EPOCH = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Heat:
    """``points`` without age, ``heat`` with it; both 0 for a paper that nobody noticed. ``parts`` sum to points."""

    points: float
    heat: float
    parts: dict[str, float]


def heat(signals: Mapping[str, int], day: date | None) -> Heat:
    """The heat of a paper with ``signals`` (name -> last reading) that was listed on ``day``."""
    here, there = _count(signals, "broadsheet", Kind.VOTES), _count(signals, "huggingface", Kind.VOTES)
    talk = _count(signals, "broadsheet", Kind.COMMENTS) + _count(signals, "huggingface", Kind.COMMENTS)
    stars = _count(signals, "github", Kind.STARS)
    parts = {
        "votes here": VOTES_HERE * _doublings(here),
        "votes on Daily Papers": VOTES_THERE * _doublings(there),
        "comments": COMMENTS * _doublings(min(talk, here + there + 1)),
        "stars": STARS * _doublings(min(stars, MOST_STARS)),
    }
    parts = {name: value for name, value in parts.items() if value > 0}
    points = sum(parts.values())
    if not points or day is None:
        return Heat(points, 0.0, parts)
    return Heat(points, points + (day - _EPOCH).days / DAYS_A_DOUBLING, parts)


def reasons(signals: Mapping[str, int], day: date | None, today: date) -> tuple[Reason, ...]:
    """Why a paper stands where it does among the trending: one reason, its parts in words."""
    told = [
        _counted(_count(signals, "broadsheet", Kind.VOTES), "vote here", "votes here"),
        _counted(_count(signals, "huggingface", Kind.VOTES), "vote on Daily Papers", "votes on Daily Papers"),
        _counted(_count(signals, "broadsheet", Kind.COMMENTS), "comment here", "comments here"),
        _counted(
            _count(signals, "huggingface", Kind.COMMENTS), "comment on Daily Papers", "comments on Daily Papers"
        ),
        _counted(_count(signals, "github", Kind.STARS), "star", "stars"),
    ]
    parts = [one for one in told if one]
    if not parts:
        return ()
    if day is not None:
        age = max(0, (today - day).days)
        parts.append("today" if age == 0 else "yesterday" if age == 1 else f"{age:,} days ago")
    points = heat(signals, day).points
    return (Reason(ReasonKind.SIGNAL, ", ".join(parts), points / (points + POINTS_OF_HALF_A_WEIGHT)),)


def _count(signals: Mapping[str, int], source: str, kind: Kind) -> int:
    return max(0, signals.get(signal_name(source, kind), 0))


def _doublings(count: int) -> float:
    return math.log2(1 + count)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}" if count else ""
