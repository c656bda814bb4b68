"""Which records speak of one work: preprint and venue, v1 and v2, a listing and a saved page.

``works`` looks at all the records that could concern each other at once. What it finds depends on them alone,
never on which came first: a bare title from a saved page finds the same paper whether it was read before the
paper's own record or a year after.
"""

import heapq
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count

from broadsheet.core import ids, text
from broadsheet.core.ids import PaperId, Scheme

# Two different ids of one of these schemes name two works: the scheme itself numbers each work once.
_ONE_PER_WORK = (Scheme.ARXIV, Scheme.ACL)
# "Introduction", "Preface", "Shared task overview": too short to stand for a work without further evidence.
_TELLING_TITLE = 20
# "Author index", "Untitled": a title on more records than this names no work, and comparing them all would take hours.
COMMON_TITLE = 500
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Clue:
    """What is compared of a record. ``title_key`` is ``core.text.title_key`` of the title, empty if that is not to
    count; ``ids`` is not empty."""

    title: str
    title_key: str
    authors: tuple[str, ...]
    abstract: str
    ids: tuple[PaperId, ...]


class Tie(IntEnum):
    """How surely two sets of records with a title in common speak of one work."""

    APART = 0
    TITLE = 1
    ABSTRACT = 2
    AUTHORS = 3


@dataclass(slots=True)
class _Work:
    """Records taken for one work so far: their numbers, and what they say."""

    name: tuple[int, str]
    members: list[int]
    titles: dict[str, bool] = field(default_factory=dict)
    numbered: set[str] = field(default_factory=set)
    surnames: list[frozenset[str]] = field(default_factory=list)
    words: list[frozenset[str]] = field(default_factory=list)


def works(clues: Sequence[Clue]) -> list[list[int]]:
    """The numbers of ``clues``, those of one work together.

    A shared id settles that two records speak of one work. Two ids of a scheme that numbers each work once
    settle that they do not. Otherwise, where a title is shared, the authors decide if both sides name some,
    the abstracts if both have one, and the bare title if it is telling. The surest pairs are joined first.
    """
    found = _by_id(clues)
    titled: dict[str, list[int]] = defaultdict(list)
    for number, members in enumerate(found):
        for key in {clues[one].title_key for one in members} - {""}:
            titled[key].append(number)
    concerned = {number for alike in titled.values() if len(alike) > 1 for number in alike}
    if not concerned:
        return found
    joined = _by_title([_work(clues, found[number]) for number in sorted(concerned)])
    return [members for number, members in enumerate(found) if number not in concerned] + joined


def _by_id(clues: Sequence[Clue]) -> list[list[int]]:
    leader = list(range(len(clues)))

    def lead(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    first: dict[PaperId, int] = {}
    for number, clue in enumerate(clues):
        for known in clue.ids:
            one, other = lead(first.setdefault(known, number)), lead(number)
            leader[max(one, other)] = min(one, other)
    found: dict[int, list[int]] = defaultdict(list)
    for number in range(len(clues)):
        found[lead(number)].append(number)
    return list(found.values())


def _work(clues: Sequence[Clue], members: list[int]) -> _Work:
    known = {one for number in members for one in clues[number].ids}
    best = ids.best(tuple(known))
    work = _Work((ids.KEY_ORDER.index(best.scheme), best.value), members)
    for number in members:
        clue = clues[number]
        if clue.title_key:
            work.titles[clue.title_key] = work.titles.get(clue.title_key, False) or _is_telling(clue.title)
        if surnames := frozenset(text.surname_key(name) for name in clue.authors) - {""}:
            work.surnames.append(surnames)
        if words := frozenset(_WORD.findall(clue.abstract.lower())):
            work.words.append(words)
    work.numbered = {_collection(one) for one in known} - {""}
    return work


def _by_title(found: list[_Work]) -> list[list[int]]:
    works = dict(enumerate(found))
    titled: dict[str, set[int]] = defaultdict(set)
    waiting: list[tuple[int, tuple[int, str], tuple[int, str], int, int]] = []

    def weigh(one: int, other: int) -> None:
        if tie := _tie(works[one], works[other]):
            first, second = sorted((works[one].name, works[other].name))
            heapq.heappush(waiting, (-tie, first, second, one, other))

    for number, work in works.items():
        for other in {other for key in work.titles for other in titled[key]}:
            weigh(other, number)
        for key in work.titles:
            titled[key].add(number)
    numbers = count(len(found))
    while waiting:
        *_, one, other = heapq.heappop(waiting)
        if one not in works or other not in works:
            continue
        number = next(numbers)
        made = works[number] = _joined(works.pop(one), works.pop(other))
        for key in made.titles:
            titled[key] -= {one, other}
        for near in {near for key in made.titles for near in titled[key]}:
            weigh(near, number)
        for key in made.titles:
            titled[key].add(number)
    return [work.members for work in works.values()]


def _joined(one: _Work, other: _Work) -> _Work:
    titles = {key: one.titles.get(key, False) or other.titles.get(key, False) for key in one.titles | other.titles}
    return _Work(
        min(one.name, other.name),
        one.members + other.members,
        titles,
        one.numbered | other.numbered,
        one.surnames + other.surnames,
        one.words + other.words,
    )


def _tie(one: _Work, other: _Work) -> Tie:
    if not one.numbered.isdisjoint(other.numbered):
        # Records with an id in common are together already, so these have different numbers.
        return Tie.APART
    if one.surnames and other.surnames:
        return Tie.AUTHORS if _overlap(one.surnames, other.surnames) else Tie.APART
    if one.words and other.words:
        return Tie.ABSTRACT if _overlap(one.words, other.words) else Tie.APART
    telling = any(told and key in other.titles for key, told in one.titles.items())
    return Tie.TITLE if telling else Tie.APART


def _overlap(sets: list[frozenset[str]], others: list[frozenset[str]]) -> bool:
    """Whether any of ``sets`` shares half of the smaller one's members with any of ``others``."""
    return any(2 * len(one & other) >= min(len(one), len(other)) for one in sets for other in others)


def _collection(one: PaperId) -> str:
    """What numbers a work once: arXiv, the Anthology, or ``conf:aaai2021`` of ``conf:aaai2021:06384``."""
    if one.scheme in _ONE_PER_WORK:
        return one.scheme.value
    head, _, _ = one.value.rpartition(":") if one.scheme is Scheme.LOCAL else ("", "", "")
    return head if ":" in head else ""


def _is_telling(title: str) -> bool:
    return sum(char.isalnum() for char in unicodedata.normalize("NFKD", title)) >= _TELLING_TITLE
