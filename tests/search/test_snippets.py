"""Matched words marked in titles and abstracts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.query import read
from broadsheet.search.snippets import Highlighter, Segments


def shown(segments: Segments) -> str:
    return "".join(f"[{one.text}]" if one.hit else one.text for one in segments)


def highlighter(query: str, field: str = "abstract") -> Highlighter:
    return Highlighter(read(query, date(2026, 11, 22)).root, field)


def marked(query: str, text: str, field: str = "abstract") -> str:
    return shown(highlighter(query, field).whole(text))


def test_a_word_is_marked_in_every_form_of_its_stem() -> None:
    assert marked("network", "Networks, and a network.") == "[Networks], and a [network]."


def test_a_phrase_is_marked_as_one_and_never_stemmed() -> None:
    assert (
        marked('"neural network"', "Neural networks; a Neural network.") == "Neural networks; a [Neural network]."
    )


def test_a_phrase_is_found_across_a_hyphen() -> None:
    assert marked('"self attention"', "With self-attention.") == "With [self-attention]."


@pytest.mark.parametrize("query", ["self-attention", "selfattention"])
def test_a_hyphenated_word_is_marked_however_it_is_written(query: str) -> None:
    assert marked(query, "self-attention, selfattention") == "[self-attention], [selfattention]"


@pytest.mark.parametrize("query", ["colour", "colors"])
def test_a_word_is_marked_in_either_spelling(query: str) -> None:
    assert marked(query, "A colour, a color.") == "A [colour], a [color]."


def test_accents_and_tex_do_not_hide_a_match() -> None:
    assert marked("erdos renyi", r"Erd\H{o}s met Rényi.") == r"[Erd\H{o}s] met [Rényi]."


def test_an_apostrophe_is_marked_with_its_word() -> None:
    assert marked("newtons", "Newton’s method") == "[Newton’s] method"


def test_c_plus_plus_and_decimals_are_marked_whole() -> None:
    assert marked("C++ 3.5", "In C++, 3.5 times.") == "In [C++], [3.5] times."


def test_a_beginning_is_marked() -> None:
    assert marked("transf*", "Transfer of transformers") == "[Transfer] of [transformers]"


def test_function_words_are_marked_only_when_nothing_else_is_asked() -> None:
    assert marked("the graph", "the graph") == "the [graph]"
    assert marked("the", "the graph") == "[the] graph"


def test_what_is_left_out_is_not_marked() -> None:
    assert marked("graph -survey", "survey of a graph") == "survey of a [graph]"


def test_a_word_of_the_title_is_marked_in_the_title_only() -> None:
    assert marked("title:graph", "a graph", "title") == "a [graph]"
    assert marked("title:graph", "a graph", "abstract") == "a graph"


def test_an_author_is_not_marked_in_the_text() -> None:
    assert marked("author:gauss OR gauge", "gauss gauge") == "gauss [gauge]"


def test_chinese_signs_are_marked() -> None:
    assert marked("学习", "深度学习") == "深度[学][习]"


def test_a_formula_is_marked_whole_or_not_at_all() -> None:
    assert marked("alpha", r"for $\alpha$ and $\alpha + x$") == r"for [$\alpha$] and $\alpha + x$"


def test_two_sums_of_money_are_no_formula() -> None:
    assert marked("and", "from $5 and $6") == "from $5 [and] $6"


def test_nothing_asked_marks_nothing() -> None:
    assert marked("", "a graph") == "a graph"


TEXT = "We begin with words of no weight at all. " * 8 + "Here a graph meets a kernel. " + "And so it ends. " * 20


def test_a_crop_shows_the_sentence_with_most_matches() -> None:
    assert shown(highlighter("graph kernel").crop(TEXT, 60)).startswith("…Here a [graph] meets a [kernel]. And")


def test_a_crop_with_no_match_shows_the_beginning() -> None:
    assert shown(highlighter("zebra").crop(TEXT, 30)) == "We begin with words of no…"


def test_a_short_text_is_not_cropped() -> None:
    assert shown(highlighter("graph").crop("A graph.", 8)) == "A [graph]."


def test_a_crop_never_cuts_a_formula() -> None:
    text = "zero " * 30 + "$a + b. C + d$ graph $e + f + g + h$ " + "zero " * 30
    for most in range(10, 80):
        assert shown(highlighter("graph").crop(text, most)).count("$") % 2 == 0


@given(st.text(alphabet="ab $\\(-.'é学", max_size=200), st.text(alphabet='ab "-*$', max_size=20))
def test_whole_segments_give_the_text_back(text: str, query: str) -> None:
    assert "".join(one.text for one in highlighter(query).whole(text)) == text


@given(st.text(max_size=300), st.text(max_size=20), st.integers(2, 100))
def test_a_crop_is_a_stretch_of_the_text_no_longer_than_asked(text: str, query: str, most: int) -> None:
    segments = highlighter(query).crop(text, most)
    cropped = "".join(one.text for one in segments)
    assert len(cropped) <= most
    assert cropped.removeprefix("…").removesuffix("…") in text


@pytest.mark.parametrize("part", ["$", "\\(", "\\'{", "a-", "a", "a ", "{", "'", "学", ". "])
def test_five_megabytes_are_looked_at_only_so_far(part: str) -> None:
    text = part * (5_000_000 // len(part))
    made = highlighter('a "a a a a a a a a" b-a')
    assert "".join(one.text for one in made.whole(text)) == text
    assert sum(len(one.text) for one in made.crop(text, 300)) <= 300
