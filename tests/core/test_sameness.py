"""When two records speak of one paper, case by case; and that the answer depends on the records alone."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core import text
from broadsheet.core.record import Record, checked
from broadsheet.core.sameness import Clue, works
from tests.catalog.worlds import worlds
from tests.factories import ABSTRACT, AUTHORS, TITLE, record

OTHERS = ("Cora Vane", "Dov Lind")
ELSEWHERE = "Ladders help short memories climb; nothing here is about light, oil or any way home."


def clue(said: Record) -> Clue:
    kept = checked(said)
    return Clue(kept.title, text.title_key(kept.title), kept.authors, kept.abstract, kept.ids)


def one_work(*said: dict[str, Any]) -> bool:
    """Whether records with these facts (and one title, unless they say another) speak of one work."""
    return (
        len(works([clue(record(**{"source": f"source{number}", **one})) for number, one in enumerate(said)])) == 1
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"ids": ("2602.01001",)}, {"ids": ("2602.01001",), "title": "Another title"}, id="a shared id"),
        pytest.param(
            {"ids": ("2602.01001",), "authors": AUTHORS},
            {"ids": ("2602.01001",), "authors": OTHERS},
            id="a shared id, whatever the authors",
        ),
        pytest.param(
            {"ids": ("2602.01001",), "authors": AUTHORS}, {"ids": ("acl:2026.acl-long.1",), "authors": AUTHORS}, id="preprint and venue"
        ),
        pytest.param(
            {"ids": ("10.1234/a",), "authors": AUTHORS}, {"ids": ("10.1234/b",), "authors": AUTHORS}, id="two DOIs of one work"
        ),
        pytest.param(
            {"ids": ("2602.01001",), "authors": ("Ada Marlow", "Bertil Quist")},
            {"authors": ("Marlow, A.",)},
            id="a part of the authors, written otherwise",
        ),
        pytest.param({"ids": ("2602.01001",), "authors": AUTHORS}, {}, id="a bare telling title"),
        pytest.param({"abstract": ABSTRACT, "authors": AUTHORS}, {"abstract": ABSTRACT[:60]}, id="a part of the abstract"),
        pytest.param(
            {"title": "Preface", "ids": ("10.1234/a",), "authors": AUTHORS},
            {"title": "PREFACE.", "ids": ("10.1234/b",), "authors": AUTHORS},
            id="a short title with the authors",
        ),
        pytest.param(
            {"title": "LLaVA", "ids": ("2602.01001",), "abstract": ABSTRACT, "authors": AUTHORS},
            {"title": "LLaVA", "abstract": ABSTRACT},
            id="a short title with the abstract",
        ),
        pytest.param(
            {"ids": ("conf:aaai2021:1",), "authors": AUTHORS}, {"ids": ("conf:icml2021:1",), "authors": AUTHORS}, id="two collections"
        ),
    ],
)  # fmt: skip
def test_these_speak_of_one_work(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one_work(one, other)
    assert one_work(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            {"ids": ("2602.01001",), "authors": AUTHORS},
            {"ids": ("2602.01002",), "authors": AUTHORS},
            id="two arXiv ids",
        ),
        pytest.param(
            {"ids": ("acl:2026.acl-long.1",), "authors": AUTHORS},
            {"ids": ("acl:2026.acl-long.2",), "authors": AUTHORS},
            id="two Anthology ids",
        ),
        pytest.param(
            {"ids": ("conf:aaai2021:1",), "authors": AUTHORS},
            {"ids": ("conf:aaai2021:2",), "authors": AUTHORS},
            id="twice in one collection",
        ),
        pytest.param({"ids": ("2602.01001",), "authors": AUTHORS}, {"authors": OTHERS}, id="other authors"),
        pytest.param(
            {"ids": ("2602.01001",), "abstract": ABSTRACT},
            {"abstract": ELSEWHERE},
            id="another abstract, no authors",
        ),
        pytest.param(
            {"title": "Preface", "ids": ("10.1234/a",)}, {"title": "Preface"}, id="a title that tells nothing"
        ),
        pytest.param({}, {"title": "Ladders for Short Memories and Long Climbs"}, id="another title"),
    ],
)
def test_these_speak_of_two_works(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not one_work({**one, "source_id": "1"}, {**other, "source_id": "2"})


def test_a_third_record_with_both_ids_joins_what_authors_kept_apart() -> None:
    one, other = {"ids": ("2602.01001",), "authors": AUTHORS}, {"ids": ("10.1234/a",), "authors": ("A. M.",)}

    assert not one_work(one, other)
    assert one_work(one, other, {"ids": ("2602.01001", "10.1234/a")})


def test_a_bare_title_does_not_join_two_works_of_that_title() -> None:
    said = [
        record(ids=("2602.01001",), authors=AUTHORS),
        record(ids=("2602.01002",), authors=OTHERS),
        record("page"),
    ]

    assert works([clue(one) for one in said]) == [[0, 2], [1]] or works([clue(one) for one in said]) == [
        [1],
        [0, 2],
    ]


def test_authors_are_surer_than_a_bare_title() -> None:
    bare = record("page", ids=("10.1234/page",))
    preprint, other = record(ids=("2602.01001",), authors=AUTHORS), record(ids=("10.1234/zz",), authors=AUTHORS)
    stranger = record("bibtex", ids=("10.1234/aa",), authors=OTHERS)

    found = works([clue(one) for one in (bare, preprint, other, stranger)])

    assert sorted(map(sorted, found)) in ([[0, 1, 2], [3]], [[0, 3], [1, 2]])
    assert [1, 2] in found or [0, 1, 2] in list(map(sorted, found))


def test_an_abstract_rewritten_for_the_venue_keeps_nobody_out() -> None:
    preprint = {"ids": ("2602.01001",), "authors": AUTHORS, "abstract": ABSTRACT}
    venue = {"ids": ("acl:2026.acl-long.1",), "authors": AUTHORS, "abstract": ELSEWHERE}

    assert one_work(preprint, venue, {"abstract": ABSTRACT})


def test_names_that_fold_to_nothing_are_no_evidence() -> None:
    assert one_work({"ids": ("2602.01001",), "authors": ("***",)}, {"authors": AUTHORS})


@given(worlds(), st.data())
@settings(deadline=None, max_examples=40)
def test_the_answer_depends_on_the_records_alone(world: list[Record], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(world))))
    clues = [clue(one) for one in world]

    straight = {frozenset(members) for members in works(clues)}
    shuffled = {frozenset(order[one] for one in members) for members in works([clues[one] for one in order])}

    assert shuffled == straight


@given(worlds())
@settings(deadline=None, max_examples=40)
def test_every_record_is_of_one_work_and_one_id_names_one_work(world: list[Record]) -> None:
    clues = [clue(one) for one in world]
    found = works(clues)

    assert sorted(one for members in found for one in members) == list(range(len(world)))
    owners: dict[str, int] = {}
    for number, members in enumerate(found):
        for one in members:
            for known in clues[one].ids:
                assert owners.setdefault(known.key, number) == number


def test_five_hundred_papers_of_one_title_are_told_apart() -> None:
    said = [record("acl", str(number), "Preface", ids=(f"acl:2026.acl-long.{number}",)) for number in range(500)]

    assert len(works([clue(one) for one in said])) == 500


def test_a_title_that_is_not_to_count_joins_nothing() -> None:
    one, other = (
        Clue(TITLE, "", AUTHORS, ABSTRACT, checked(record(ids=(name,))).ids) for name in ("2602.01001", "10.1234/x")
    )

    assert works([one, other]) == [[0], [1]]
