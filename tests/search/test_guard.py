"""What comes through the door before the parser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.guard import MOST_CHARACTERS, QueryTooLong, admit


def test_twenty_thousand_brackets_are_refused_with_a_remedy() -> None:
    with pytest.raises(QueryTooLong, match=r"20,000 characters; at most 8,000.*Shorten it"):
        admit("(" * 20_000)


def test_a_refusal_is_a_value_error() -> None:
    assert issubclass(QueryTooLong, ValueError)


def test_the_longest_allowed_is_admitted() -> None:
    assert len(admit("a" * MOST_CHARACTERS).text) == MOST_CHARACTERS


def test_a_text_that_grows_when_opened_is_refused() -> None:
    with pytest.raises(QueryTooLong):
        admit("\ufdfa" * 7_000)  # one sign that NFKC writes out in eighteen


def test_control_signs_are_taken_out() -> None:
    assert admit("a\x00b\x1bc\u202ed\u200b").text == "abcd"


def test_lone_surrogates_are_taken_out() -> None:
    assert admit("a\ud800b").text == "ab"


def test_white_space_is_one_space() -> None:
    assert admit("  graph\t\nneural \u3000nets ").text == "graph neural nets"


def test_compatibility_forms_are_opened() -> None:
    assert admit("ﬁne ＢＥＲＴ").text == "fine BERT"


def test_past_256_characters_a_search_is_plain_text() -> None:
    assert not admit("a" * 256).plain
    assert admit("a" * 257).plain


@given(st.text(st.characters(), max_size=300))
def test_what_is_admitted_can_be_written_as_utf8(raw: str) -> None:
    admit(raw).text.encode()
