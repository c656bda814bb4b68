"""Heat: what is trending, and why. This page of code is what /about/ranking explains.

Heat comes from what a paper gained and when, not from what it has: forty votes of this morning outweigh four
hundred of last year. Days are whole days of the editions, so that the same readings give the same heat whatever the
hour at which they are counted.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from broadsheet.core.card import Reason, ReasonKind
from broadsheet.core.signal import Kind, signal_name


class Window(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


DAYS = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30, Window.YEAR: 365}

# After so many days a vote counts half: about a quarter of the window, so that a Friday paper is still seen on
# Monday, the page of a week is another one every week, and the page of a year is no page of last month. A day is too
# short to tell its votes apart, and over all time every vote counts the same.
HALF_LIFE = {Window.WEEK: 2.0, Window.MONTH: 8.0, Window.YEAR: 90.0}

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

OUR_VOTES = signal_name("broadsheet", Kind.VOTES)
THEIR_VOTES = signal_name("huggingface", Kind.VOTES)
OUR_COMMENTS = signal_name("broadsheet", Kind.COMMENTS)
THEIR_COMMENTS = signal_name("huggingface", Kind.COMMENTS)
OUR_STARS = signal_name("github", Kind.STARS)
COUNTED = (OUR_VOTES, THEIR_VOTES, OUR_COMMENTS, THEIR_COMMENTS, OUR_STARS)
"""The signals that heat is made of. Citations come years later and say nothing of today."""

_EPOCH = date(2020, 1, 1)
_LONG_AGO = date.min

Readings = Mapping[str, Sequence[tuple[date, int]]]
"""Name of a signal -> its readings: day and value, the last of each day, in the order of days."""


@dataclass(frozen=True, slots=True)
class Gain:
    """``value`` more over the days ``first`` to ``last``, both included, evenly. Less than 0 where votes were taken
    back."""

    first: date
    last: date
    value: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Heat:
    """``points`` of notice in a window; ``parts`` sum to them. 0 for a paper that nobody noticed."""

    points: float
    parts: dict[str, float]


def heat(readings: Readings, listed_on: date | None, window: Window, until: date) -> Heat:
    """The heat, over ``window`` to the day ``until``, of a paper that was listed on ``listed_on``.

    1. What each signal gained on each day of the window: the differences of its readings (`gains`).
    2. Each gain counts half for every half-life that has passed since its day, so that what is noticed now stands
       above what was noticed then, and a fast climb above a slow one.
    3. Each sum counts by its doublings, the logarithm of one more than it, so that the hundredth vote counts for
       less than the tenth; at its weight, and no further than its cap.
    """
    now = {name: max(0.0, _fresh(gains(readings.get(name, ()), listed_on), window, until)) for name in COUNTED}
    return _points(now)


def standing(readings: Readings, listed_on: date | None) -> float:
    """Heat by which papers of all days compare, for searches: it needs no recomputing as time passes.

    The most, over the days on which the paper gained something, of its points on that day (by the half-life of a
    week) and one point for every half-life that the day is later than the first of 2020. Another vote never lowers it.
    """
    life = HALF_LIFE[Window.WEEK]
    came = sorted(
        (one.last, name, one.value) for name in COUNTED for one in gains(readings.get(name, ()), listed_on)
    )
    now, at, best = dict.fromkeys(COUNTED, 0.0), _EPOCH, -math.inf
    for day, together in groupby(came, key=itemgetter(0)):
        fade = 0.5 ** ((day - at).days / life) if any(now.values()) else 1.0
        now, at = {name: value * fade for name, value in now.items()}, day
        for _, name, value in together:
            now[name] = max(0.0, now[name] + value)
        if points := _points(now).points:
            best = max(best, points + (day - _EPOCH).days / life)
    return best if best > -math.inf else 0.0


def totals(signals: Mapping[str, int]) -> Heat:
    """The points of what a paper has in all: ``signals`` are the last readings, whenever they were taken."""
    return _points({name: float(max(0, signals.get(name, 0))) for name in COUNTED})


def gains(readings: Sequence[tuple[date, int]], listed_on: date | None) -> Iterator[Gain]:
    """What a signal gained, and over which days.

    The first reading is the gain since the paper was listed and counts on that day, when most of it is given: a
    paper that is read once stands by its age. One that was never listed is measured from its first reading on.
    What is gained between two readings is spread evenly over the days after the first of them.
    """
    for number, (day, value) in enumerate(readings):
        if number:
            before, held = readings[number - 1]
            if value != held:
                yield Gain(before + timedelta(days=1), day, value - held)
        elif listed_on is not None and value:
            start = min(listed_on, day)
            yield Gain(start, start, value)


def since(window: Window, until: date) -> date:
    """The first day of ``window``, which ends with the day ``until``."""
    return until - timedelta(days=DAYS[window] - 1) if window in DAYS else _LONG_AGO


def _fresh(found: Iterator[Gain], window: Window, until: date) -> float:
    first, life = since(window, until), HALF_LIFE.get(window)
    total = 0.0
    for one in found:
        if life is None:
            inside = max(0, (min(one.last, until) - max(one.first, first)).days + 1)
            total += one.value * inside / one.days
            continue
        day = max(one.first, first)
        while day <= min(one.last, until):
            total += one.value / one.days * 0.5 ** ((until - day).days / life)
            day += timedelta(days=1)
    return total


def _points(count: Mapping[str, float]) -> Heat:
    here, there = count[OUR_VOTES], count[THEIR_VOTES]
    talk = count[OUR_COMMENTS] + count[THEIR_COMMENTS]
    parts = {
        "votes here": VOTES_HERE * _doublings(here),
        "votes on Daily Papers": VOTES_THERE * _doublings(there),
        "comments": COMMENTS * _doublings(min(talk, here + there + 1)),
        "stars": STARS * _doublings(min(count[OUR_STARS], MOST_STARS)),
    }
    parts = {name: value for name, value in parts.items() if value > 0}
    return Heat(sum(parts.values()), parts)


def _doublings(count: float) -> float:
    return math.log2(1 + count)


_WORDS = {
    OUR_VOTES: ("vote here", "votes here"),
    THEIR_VOTES: ("vote on Daily Papers", "votes on Daily Papers"),
    OUR_COMMENTS: ("comment here", "comments here"),
    THEIR_COMMENTS: ("comment on Daily Papers", "comments on Daily Papers"),
    OUR_STARS: ("star", "stars"),
}


def reasons(
    readings: Readings, listed_on: date | None, window: Window, until: date, today: date
) -> tuple[Reason, ...]:
    """Why a paper stands where it does among the trending: one reason, its parts in words.

    ``+41 votes on Daily Papers in 2 days, 12 stars a day, 3 days old``; where there is one reading of a signal, what
    it counted.
    """
    told = [said for name in COUNTED if (said := _told(name, readings.get(name, ()), listed_on, window, until))]
    if not told:
        return ()
    if listed_on is not None:
        age = max(0, (today - listed_on).days)
        told.append("listed today" if age == 0 else "1 day old" if age == 1 else f"{age:,} days old")
    points = heat(readings, listed_on, window, until).points
    return (Reason(ReasonKind.SIGNAL, ", ".join(told), points / (points + POINTS_OF_HALF_A_WEIGHT)),)


def _told(
    name: str, readings: Sequence[tuple[date, int]], listed_on: date | None, window: Window, until: date
) -> str:
    first = since(window, until)
    inside = [
        (max(one.first, first), one.value * ((one.last - max(one.first, first)).days + 1) / one.days)
        for one in gains([one for one in readings if one[0] <= until], listed_on)
        if one.last >= first
    ]
    count = round(sum(value for _, value in inside))
    if count <= 0:
        return ""
    one, many = _WORDS[name]
    noun = one if count == 1 else many
    if len(readings) == 1 or window is Window.ALL:
        return f"{count:,} {noun}"
    days = (until - min(day for day, _ in inside)).days + 1
    if name == OUR_STARS and days > 1 and count >= days:
        return f"{count / days:,.0f} {many} a day"
    return f"+{count:,} {noun} in {'a day' if days == 1 else f'{days} days'}"
