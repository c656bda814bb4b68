from datetime import date

import pytest

from broadsheet.sources.page import dates
from broadsheet.sources.page.dates import Printed

TODAY = date(2026, 11, 22)
OCTOBER = Printed(10, 10, None)


def test_a_date_is_read_with_and_without_its_year() -> None:
    assert dates.read("Feb 23, 2016") == Printed(2, 23, 2016)
    assert dates.read(" Sep 16 ") == Printed(9, 16, None)


@pytest.mark.parametrize("text", ["Foo 3", "Feb 30", "Feb 29, 2023", "Sep", "16 Sep", "Sep 16, 25", "Sep 16 2024"])
def test_what_is_no_such_date_is_none(text: str) -> None:
    assert dates.read(text) is None


def test_the_twenty_ninth_of_february_exists() -> None:
    assert dates.read("Feb 29") == Printed(2, 29, None)


def test_a_page_is_younger_than_every_year_printed_on_it_and_older_than_a_weekend() -> None:
    """After 2024, by its dates; not in 2026, when the tenth of October is a Saturday: in 2025."""
    assert dates.page_day(OCTOBER, [Printed(1, 31, 2024)], TODAY, None) == date(2025, 10, 10)


def test_two_years_that_are_possible_give_none() -> None:
    assert dates.page_day(Printed(3, 14, None), [], TODAY, None) is None


def test_a_page_cannot_be_from_the_future() -> None:
    assert dates.page_day(Printed(12, 1, None), [Printed(1, 1, 2024)], TODAY, None) == date(2025, 12, 1)


def test_a_page_cannot_be_older_than_daily_papers() -> None:
    assert dates.page_day(Printed(3, 14, None), [], date(2024, 12, 31), None) == date(2024, 3, 14)


def test_what_the_user_says_is_taken() -> None:
    assert dates.page_day(OCTOBER, [], TODAY, 2024) == date(2024, 10, 10)


def test_a_page_without_a_date_has_no_day() -> None:
    assert dates.page_day(None, [], TODAY, 2024) is None


def test_a_date_far_ahead_of_its_page_is_of_the_year_before() -> None:
    assert dates.full(Printed(12, 20, None), date(2026, 1, 5)) == date(2025, 12, 20)


def test_a_date_a_few_days_ahead_is_of_the_same_year_since_weekends_have_no_list() -> None:
    assert dates.full(Printed(10, 12, None), date(2025, 10, 10)) == date(2025, 10, 12)


def test_a_printed_year_needs_no_page() -> None:
    assert dates.full(Printed(2, 23, 2016), None) == date(2016, 2, 23)
