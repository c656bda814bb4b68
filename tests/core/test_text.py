"""Text from anywhere, made fit for a page, an index and a mail."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core import text

anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("plain words", "plain words"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("half a pair \ud83d gone", "half a pair  gone"),
        ("over\u202eride", "override"),
        ("iso\u2066late\u2069d", "isolated"),
        ("zero\u200bwidth", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\ufeffmark first", "mark first"),
        ("hidden\U000e0041\U000e0042 words", "hidden words"),
        ("e\u0301 in two", "é in two"),
        ("a page\x0cthe next", "a page\nthe next"),
        ("a line\u2028the next", "a line\nthe next"),
        ("a line\r\nthe next", "a line\nthe next"),
        ("emoji \U0001f468\u200d\U0001f469 stay joined", "emoji \U0001f468\u200d\U0001f469 stay joined"),
    ],
)
def test_what_has_no_place_in_running_text_is_taken_out(raw: str, cleaned: str) -> None:
    assert text.clean(raw) == cleaned


def test_words_on_two_lines_stay_two_words() -> None:
    assert text.one_line(" Lanterns\u2028for\x0blong\n\t contexts ") == "Lanterns for long contexts"


def test_lines_are_joined_and_blank_lines_part_paragraphs() -> None:
    assert text.paragraphs("One\nline.\n \n\nAnother\n line.\n") == "One line.\n\nAnother line."


@given(anything)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    for tidied in (text.clean, text.one_line, text.paragraphs):
        assert tidied(tidied(raw)) == tidied(raw)


@given(anything)
def test_what_is_clean_can_be_written_anywhere(raw: str) -> None:
    cleaned = text.clean(raw)

    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert not any(ord(char) < 32 and char not in "\t\n" for char in cleaned)


@given(anything)
def test_one_line_is_one_line(raw: str) -> None:
    assert len(text.one_line(raw).splitlines()) <= 1


@pytest.mark.parametrize(
    "other",
    [
        "lanterns for long contexts",
        "Lanterns for Long Contexts.",
        "Lanterns — for  long-contexts",
        "Lântérns for long contexts",
        "Ｌanterns for long contexts",
    ],
)
def test_titles_alike_but_for_case_accents_and_punctuation_have_one_key(other: str) -> None:
    assert text.title_key("Lanterns for Long Contexts") == text.title_key(other)


def test_titles_in_any_script_have_keys_of_their_own() -> None:
    assert text.title_key("注意力") != text.title_key("记忆")
    assert text.title_key("!!!") != text.title_key("???")


@given(anything)
def test_a_title_key_is_sixteen_hex_digits(title: str) -> None:
    assert len(bytes.fromhex(text.title_key(title))) == 8


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Yann LeCun", "yann-lecun"),
        ("José  García-Márquez", "jose-garcia-marquez"),
        ("Łukasz O'Neil, Jr.", "łukasz-o-neil-jr"),
        ("张伟", "张伟"),
        ("***", ""),
    ],
)
def test_a_name_has_a_key_for_urls(name: str, key: str) -> None:
    assert text.name_key(name) == key


@given(anything | st.text(alphabet="a- ", min_size=140, max_size=200))
def test_the_key_of_a_key_is_that_key(name: str) -> None:
    key = text.name_key(name)

    assert text.name_key(key) == key
    assert len(key) <= 150
    assert "/" not in key


@pytest.mark.parametrize("name", ["Yann LeCun", "LeCun, Yann", "Y. LeCun", "yann  LECUN"])
def test_a_surname_is_found_in_either_order(name: str) -> None:
    assert text.surname_key(name) == "lecun"


def test_a_short_text_is_not_cut() -> None:
    assert text.crop("Lanterns", 8) == "Lanterns"


def test_a_text_is_cut_between_words() -> None:
    assert text.crop("Lanterns for long contexts", 20) == "Lanterns for long…"


def test_a_formula_at_the_cut_is_left_out_whole() -> None:
    assert text.crop("We bound it by $O(n + m)$ in all cases", 22) == "We bound it by…"


def test_a_formula_with_a_space_before_the_cut_is_not_cut_at_that_space() -> None:
    assert text.crop("We bound it by $O(n + m)$, always", 26) == "We bound it by…"


def test_an_escaped_dollar_begins_no_formula() -> None:
    assert text.crop(r"It costs \$5 a day to keep lit", 20) == r"It costs \$5 a day…"


@given(st.text(alphabet="ab $\\.é", max_size=80), st.integers(1, 60))
def test_a_crop_is_never_longer_than_asked_and_one_and_never_ends_inside_a_formula(source: str, most: int) -> None:
    cropped = text.crop(source, most)

    assert len(cropped) <= most + 1
    marks = [number for number, char in enumerate(source) if char == "$" and source[number - 1 : number] != "\\"]
    if cropped != source:
        end = len(cropped) - 1
        for opening, closing in zip(marks[::2], marks[1::2], strict=False):
            assert not opening < end <= closing


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org", "HTTPS://EXAMPLE.ORG/%20"])
def test_web_addresses_are_absolute(url: str) -> None:
    assert text.is_web_address(url)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "//example.org", "/a", "https://a\nb", 'https://a"b', "https://\ud800.org", "data:text/html,x",
     "https://exam\u202eple.org", ""],
)  # fmt: skip
def test_what_could_run_or_break_a_page_is_no_web_address(url: str) -> None:
    assert not text.is_web_address(url)


@pytest.mark.parametrize(
    "hostile", ["\n" * 500_000, " \n" * 250_000, "a" * 500_000, "$ " * 250_000, "\u0301" * 100_000]
)
def test_half_a_megabyte_of_anything_is_read_in_a_moment(hostile: str) -> None:
    started = time.perf_counter()

    text.paragraphs(hostile)
    text.crop(hostile, 400_000)
    text.title_key(hostile)

    assert time.perf_counter() - started < 10
