"""BM25 over postings: the best rows of a search, and the scores of any rows.

Words are taken in the order of what they can add. Once the ``k``-th best score so far is more than all the words to
come can add together, no row without one of the words taken can be among the best: from there on only the rows that
can still get there are looked up (MaxScore, Turtle and Flood 1995). What is found is exact, for any mask.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.columns import Mask, Rows
from broadsheet.search.postings import STEPS, Entries, Postings, distinct
from broadsheet.search.postings_writer import K1

Floats = NDArray[np.float32]
# A row looked up in the postings of a word costs as much as so many entries read one after the other.
_LOOK_UP = 8
# To look for high sums everywhere costs as much as in so many rows given one by one.
_SCAN = 10
# Sums in another order differ in their last digits; what stands on the edge is kept and counted to the end.
_ROUNDING = 1 - 1e-5
_NOTHING = 1e-9
# To look each entry up in a mask costs as much as to bar so many rows beforehand.
_SINGLY = 4
_BARRED = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Form:
    """A stem in one field, and how much it counts."""

    field: str
    stem: str
    weight: float = 1.0


class Scored:
    """Where one form stands, and what a share of 1 / 255 adds there."""

    def __init__(self, entries: Sequence[Entries], step: float) -> None:
        self.entries, self._step = entries, np.float32(step)
        self.count = sum(one.count for one in entries)
        # No row gets more from it.
        self.most = step * max((one.top for one in entries), default=0)
        # What a row would get in which it stood without end.
        self.limit = step * STEPS if entries else 0.0

    def of(self, rows: Rows) -> Floats:
        """What it adds to each of ``rows``, which ascend."""
        out = np.zeros(len(rows), np.float32)
        for one in self.entries:
            low, high = np.searchsorted(rows, (one.first, one.first + one.size)).tolist()
            if low < high:
                out[low:high] = one.within(rows[low:high])
        out *= self._step
        return out

    def add(self, sums: Floats) -> list["Touched"]:
        """Add it to ``sums``, which has a place for every row."""
        touched = []
        for one in self.entries:
            here = sums[one.first : one.first + one.size]
            if one.rows is None:
                here += one.shares * self._step
                touched.append(Touched(one.first, None, here))
            else:
                at = one.rows.astype(np.intp)
                now = here.take(at)
                now += one.shares * self._step
                here[at] = now
                touched.append(Touched(one.first, at, now))
        return touched


class Either(Scored):
    """Forms of which the one that adds most to a row counts there."""

    def __init__(self, forms: Sequence[Scored]) -> None:
        super().__init__([one for form in forms for one in form.entries], 1.0)
        self._forms = forms
        self.most = max(form.most for form in forms)
        self.limit = max(form.limit for form in forms)

    def of(self, rows: Rows) -> Floats:
        best: Floats = np.max([form.of(rows) for form in self._forms], axis=0)
        return best

    def add(self, sums: Floats) -> list["Touched"]:
        touched = self._forms[0].add(sums)
        for at, form in enumerate(self._forms[1:], 1):
            for one in form.entries:
                rows = one.places() + one.first
                best = np.max([earlier.of(rows) for earlier in self._forms[:at]], axis=0)
                now = sums[rows] + np.maximum(form.of(rows) - best, 0)
                sums[rows] = now
                touched.append(Touched(0, rows, now, again=True))
        return touched


@dataclass(frozen=True, slots=True)
class Touched:
    """The rows that a word was added to, counted from ``first`` (None: every row of a part), and their sums."""

    first: int
    rows: NDArray[np.intp] | None
    sums: Floats
    again: bool = False
    """Whether the same word may have been added to some of these rows before, so that they are not to be counted twice."""

    def within(self, mask: Mask | None) -> Floats:
        """The sums of the rows in ``mask``."""
        if mask is None:
            return self.sums
        here = mask[self.first :]
        here = here[: len(self.sums)] if self.rows is None else here.take(self.rows)
        return self.sums[here]

    def clear(self, sums: Floats) -> None:
        if self.rows is None:
            sums[self.first : self.first + len(self.sums)] = 0
        else:
            sums[self.first :][self.rows] = 0


class Scorer:
    """Scores by the postings of one generation. Safe to use from several threads."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self._spare: list[Floats] = []

    def scored(self, form: Form) -> Scored:
        """Where ``form`` stands and what it adds: its rarity (Robertson and Sparck Jones 1976) times its weight."""
        entries = self._postings.entries(form.field, form.stem)
        count, size = sum(one.count for one in entries), self._postings.size
        rarity = math.log(1 + (size - count + 0.5) / (count + 0.5))
        return Scored(entries, form.weight * rarity * (1 + K1) / STEPS)

    def of(self, words: Sequence[Scored], rows: Rows) -> Floats:
        """The scores of ``rows``, in any order; 0 where no word stands."""
        order = np.argsort(rows)
        out = np.zeros(len(rows), np.float32)
        out[order] = _total(words, rows[order])
        return out

    def best(self, words: Sequence[Scored], k: int, mask: Mask | None = None) -> tuple[Rows, Floats]:
        """The ``k`` best rows of ``mask`` with their scores, best first; of equals the first row."""
        # First the words that add most for the entries to be read.
        ordered = sorted((word for word in words if word.count), key=lambda word: -word.most / word.count)
        if not ordered or k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if mask is not None and _LOOK_UP * len(ordered) * np.count_nonzero(mask) < sum(
            one.count for one in ordered
        ):
            rows = np.flatnonzero(mask)
            scores = _total(ordered, rows)
            rows, scores = rows[scores > 0], scores[scores > 0]
        else:
            rows, scores = self._looked_up(ordered, k, mask)
        if len(rows) > k:
            kept = scores >= _kth(scores, k)
            rows, scores = rows[kept], scores[kept]
        order = np.lexsort((rows, -scores))[:k]
        return rows[order], scores[order]

    def _looked_up(self, words: list[Scored], k: int, mask: Mask | None) -> tuple[Rows, Floats]:
        """All rows that can be among the ``k`` best, ascending, with their scores."""
        to_come = list(accumulate((word.most for word in reversed(words)), initial=0.0))[::-1]
        bar, touched, taken = 0.0, list[Touched](), 0
        rows = np.empty(0, np.int64)
        sums = self._spare.pop() if self._spare else np.zeros(self._postings.size, np.float32)
        barred = mask is not None and _SINGLY * sum(word.count for word in words) > len(sums)
        if mask is not None and barred:  # rows outside the mask start so low that they never come up
            np.multiply(~mask, _BARRED, out=sums)
            mask = None
        while taken < len(words):
            least = bar * _ROUNDING - to_come[taken]
            if least > 0 and words[taken].count > _LOOK_UP * _reach(sums, touched, least):
                rows = _reaching(sums, touched, least, mask)
                break
            new = words[taken].add(sums)
            touched += new
            taken += 1
            bar = _raised(bar, [one.within(mask) for one in new if not one.again], k)
        else:
            rows = _reaching(sums, touched, max(bar * _ROUNDING, _NOTHING), mask)
        scores = sums[rows]
        for one in touched if not barred else ():
            one.clear(sums)
        if barred:
            sums.fill(0)
        self._spare.append(sums)
        for at in range(taken, len(words)):
            scores += words[at].of(rows)
            bar = _raised(bar, [scores], k)
            kept = scores >= bar * _ROUNDING - to_come[at + 1]
            rows, scores = rows[kept], scores[kept]
        return rows, scores


def _total(words: Sequence[Scored], rows: Rows) -> Floats:
    """The scores of ``rows``, which ascend."""
    out = np.zeros(len(rows), np.float32)
    for word in words:
        out += word.of(rows)
    return out


def _reach(sums: Floats, touched: Sequence[Touched], least: float) -> int:
    """How many rows have a sum of at least ``least``, or more than that."""
    if _are_few(sums, touched):
        return sum(int(np.count_nonzero(one.sums >= least)) for one in touched)
    return int(np.count_nonzero(sums >= least))


def _reaching(sums: Floats, touched: Sequence[Touched], least: float, mask: Mask | None) -> Rows:
    """The rows of ``mask`` with a sum of at least ``least``, ascending."""
    if _are_few(sums, touched):
        listed = [one.rows + one.first for one in touched if one.rows is not None]
        rows = distinct(np.concatenate([one[sums[one] >= least] for one in listed]))
    else:
        rows = np.flatnonzero(sums >= least)
    return rows if mask is None else rows[mask[rows]]


def _are_few(sums: Floats, touched: Sequence[Touched]) -> bool:
    """Whether it is quicker to go through the rows touched than through all sums."""
    return all(one.rows is not None for one in touched) and _SCAN * sum(len(one.sums) for one in touched) < len(
        sums
    )


def _raised(bar: float, sums: Sequence[Floats], k: int) -> float:
    """``bar``, or the ``k``-th best of these sums of different rows where that is higher."""
    over = np.concatenate([np.empty(0, np.float32), *(one[one > bar] for one in sums)])
    return max(bar, _kth(over, k)) if len(over) >= k else bar


def _kth(scores: Floats, k: int) -> float:
    """The ``k``-th best."""
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])
