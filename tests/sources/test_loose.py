from datetime import UTC, date, datetime

import pytest

from broadsheet.core.record import Precision
from broadsheet.sources import loose
from broadsheet.sources.base import BadEntry


def test_counts_are_numbers_from_zero_up_in_figures_or_digits() -> None:
    assert [loose.count(value) for value in (3, 3.0, "3", -3, True, None, float("nan"), "many", 2**31, "९")] == [
        3, 3, 3, None, None, None, None, None, None, None,
    ]  # fmt: skip


def test_a_day_may_have_slashes_or_a_time_behind_it() -> None:
    assert loose.day("2024/5/6") == (date(2024, 5, 6), Precision.DAY)
    assert loose.day("2024-05-06T07:08:09Z") == (date(2024, 5, 6), Precision.DAY)


def test_a_day_that_does_not_exist_is_none() -> None:
    assert loose.day("2023-02-29") is None
    assert loose.day("0000") is None


def test_digits_that_are_no_date_are_none() -> None:
    assert loose.day("20240506") is None


def test_a_moment_without_a_zone_is_in_utc() -> None:
    assert loose.moment("2024-05-06T07:08:09") == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_a_moment_at_the_edge_of_time_is_none() -> None:
    assert loose.moment("0001-01-01T00:00:00+14:00") is None


def test_a_text_is_split_at_semicolons_first() -> None:
    assert loose.strings("maps, folded; paper") == ("maps, folded", "paper")
    assert loose.strings("maps, paper") == ("maps", "paper")


def test_an_abstract_may_be_a_list_of_paragraphs() -> None:
    assert loose.block(["One.", "Two."]) == "One.\n\nTwo."


@pytest.mark.parametrize("raw", [b"", b"{", b"nul", b'{"a": 1} x', b"\xff", b"[" * 100_000, b"1" * 5_000])
def test_what_is_not_json_says_so(raw: bytes) -> None:
    with pytest.raises(BadEntry):
        loose.json_value(raw)


def test_an_address_in_a_repositorys_short_form_is_completed() -> None:
    assert loose.address("git@github.com:a/b") == "https://github.com/a/b"


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "/papers", "not an address", "https://", None, "http://a b"]
)
def test_what_is_no_web_address_is_empty(value: object) -> None:
    assert loose.address(value) == ""
