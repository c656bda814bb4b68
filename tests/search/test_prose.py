"""A pasted sentence is read as a sentence, and a search as a search, whatever signs stand in them."""

from datetime import date

import pytest

from broadsheet.search.query import read
from broadsheet.search.syntax import And, Not, Phrase, Query, Word, demands, leaves

TODAY = date(2026, 11, 22)


def asked(text: str) -> Query:
    return read(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        'We introduce "LanternNet", a new model of rivers.',
        "We introduce “LanternNet”, which reads the light of lamps, and show that it carries far in the fog",
        "The lamps -called lanterns in the north- are lit by hand and put out by the wind",
        "It gains 3 points in the fog and degrades under strong wind by only -0.5.",
        "An answer to *when* the lamps are lit and to what end (by hand) they are put out again",
        'A river is wide (as "rivers" go) and slow!',
        "When lamps are lit, rivers shine like “glass”.",
        "As A* search does, the lamps light the way from one end of the river to the other",
    ],
)
def test_in_a_sentence_nothing_is_required_or_left_out(text: str) -> None:
    found = demands(asked(text).root)
    assert found.wanted
    assert found.required == found.excluded == ()


@pytest.mark.parametrize(
    "text",
    [
        '"few lamps" rivers',
        'papers about "few lamps" on the banks of rivers in the north of the country',
        'what is the difference between "few lamps" and "many lamps" in the light of the day?',
        'how do the lamps of the north light the way to "few rivers" in the fog',
        '"few lamps" title:rivers on the banks of the rivers in the north of the country by night',
        'the lamps of the north and the light of the day AND "few rivers"',
        'lamps rivers fog light wind night banks north "few lamps" lanterns glass shine hand',
        'abstract:"few lamps" the lamps of the north and the light of the day in the fog',
        '"we light the lamps of the north by hand and put them out by the wind"',
    ],
)
def test_in_a_search_quotes_are_required(text: str) -> None:
    assert any(isinstance(leaf, Phrase) for part in demands(asked(text).root).required for leaf in leaves(part))


@pytest.mark.parametrize(
    "text",
    [
        "how to light the lamps of the north by hand in the fog -rivers",
        "The lamps of the north are lit by hand and put out by the wind. -rivers",
        "-rivers the lamps of the north are lit by hand and put out by the wind",
        "lamps -rivers north",
        "the lamps of the north are lit by hand and put out by the wind NOT rivers",
        "the lamps of the north are lit by hand and put out by the wind -rivers since:30d",
    ],
)
def test_a_minus_at_either_end_leaves_out_after_a_sentence_too(text: str) -> None:
    assert demands(asked(text).root).excluded == (Word("rivers"),)


def test_the_quotes_of_a_sentence_are_told_of_and_how_to_mean_them() -> None:
    assert "read as a sentence" in asked('We introduce "LanternNet", a new model of rivers.').notes[0]


def test_a_sentence_without_quotes_needs_no_telling() -> None:
    assert asked("The lamps (of the north) are lit by hand and put out by the wind").notes == ()


def test_the_words_in_the_quotes_of_a_sentence_are_wanted_and_meant() -> None:
    query = asked('We introduce "Lantern Net", a new model.')
    assert query.root == And(tuple(map(Word, ("We", "introduce", "Lantern", "Net", "a", "new", "model"))))
    assert query.meaning == "We introduce Lantern Net a new model"


def test_conditions_and_papers_hold_beside_a_sentence() -> None:
    query = asked('We introduce "LanternNet", a new model of rivers. year:2020 like:1706.03762')
    assert query.filters.first_year == 2020
    assert [paper.key for paper in query.like] == ["1706.03762"]


def test_what_is_left_out_at_the_end_of_a_sentence_is_not_meant() -> None:
    query = asked('The lamps of the north are lit by hand and put out by the wind. -"many rivers"')
    assert isinstance(query.root, And)
    assert query.root.children[-1] == Not(Phrase(("many", "rivers")))
    assert "rivers" not in query.meaning
