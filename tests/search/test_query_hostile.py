"""Searches that nobody means well with: every one is answered, and nothing grows past its limits."""

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.hostile import hostile
from broadsheet.search import guard
from broadsheet.search.describe import describe
from broadsheet.search.query import read
from broadsheet.search.syntax import And, Node, Not, Or, Query, leaves

TODAY = date(2026, 11, 22)
PARTS = [
    '"', "(", ")", "-", "NOT ", "OR ", "AND ", " ", "title:", "author:", "topic:", "year:", "since:", "until:", "has:code",
    "lang:", "like:", "-like:", "id:", "doi:", "*", "\x00", "\ud800", "“", "”", "é", "$", "\\", "\\alpha", "深度", "α",
    "1706.03762", "10.1234/abc", "https://arxiv.org/abs/1706.03762", "2020..2024", "30d", "9999d", "transform", "graph",
    ":", "/", "~", "'", "{", "}", "[", "]", "\u202e", "ﬁ", "İ", "𝛼", "cs.CL,cs.LG", '("', '")', "-(",
]  # fmt: skip


def depth(node: Node | None) -> int:
    match node:
        case Not(child):
            return 1 + depth(child)
        case And(children) | Or(children):
            return 1 + max(depth(child) for child in children)
        case _:
            return 1


def check(query: Query) -> None:
    found = list(leaves(query.root, positive=False))
    longest = guard.MOST_PLAIN_WORDS if len(query.text) > guard.MOST_OPERATED else guard.MOST_OPERATED // 2
    assert len(found) <= longest
    assert depth(query.root) <= 3 * (guard.MOST_DEPTH + 1) + 1
    assert len(query.pinned) <= guard.MOST_PAPERS
    for text in (query.text, query.meaning, describe(query), *query.notes, repr(query.root)):
        text.encode()


@given(st.lists(st.sampled_from(PARTS), max_size=80).map("".join))
@settings(max_examples=400)
def test_any_row_of_signs_of_the_language_is_read(text: str) -> None:
    check(read(text, TODAY))


@given(st.text(st.characters(), max_size=400), st.dates())
def test_any_text_is_read_on_any_day(text: str, today: date) -> None:
    check(read(text, today))


@pytest.mark.parametrize(
    "part", [*PARTS, "a ", "a-", "a* ", '" ', "NOT NOT ", "-" * 9 + "a ", "title:(", "OR a ", "α "]
)
def test_the_same_sign_over_and_over_is_read_or_refused(part: str) -> None:
    for length in (guard.MOST_OPERATED, guard.MOST_CHARACTERS):
        try:
            query = read((part * length)[:length], TODAY)
        except guard.QueryTooLong:
            continue
        check(query)


def test_every_hostile_search_of_the_benchmark_is_read_or_refused() -> None:
    for raw in hostile(1_500, seed=5):
        try:
            check(read(raw, TODAY))
        except guard.QueryTooLong:
            assert len(raw) * 18 > guard.MOST_CHARACTERS  # no character opens into more than 18


def test_reading_again_what_was_read_means_the_same() -> None:
    chance = random.Random(7)
    for _ in range(2_000):
        query = read("".join(chance.choices(PARTS, k=12)), TODAY)
        assert read(query.text, TODAY) == query
