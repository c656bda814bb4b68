"""Addresses: one page, one address."""

import pytest
from django.test import RequestFactory

from broadsheet.web import address as ask
from broadsheet.web.address import Address, BadAddress, elsewhere, read_address

PARAMETERS = (ask.text("q"), ask.text("topic", 10), ask.day("since"), ask.flag("code"), ask.VIEW, ask.PAGE)


def asked(query: str) -> Address:
    return read_address(RequestFactory().get(f"/papers?{query}"), *PARAMETERS)


def moved(query: str, **headers: str) -> str | None:
    request = RequestFactory().get(f"/papers?{query}", headers=headers or None)
    response = elsewhere(request, read_address(request, *PARAMETERS))
    return response["Location"] if response else None


def test_what_is_asked_is_kept_in_one_order() -> None:
    assert asked("page=3&code=yes&q=bells").here == "/papers?q=bells&code=1&page=3"


def test_an_address_in_its_own_order_stays() -> None:
    assert moved("q=bells&code=1&page=3") is None


@pytest.mark.parametrize(
    "query", ["q=bells&utm_source=mail", "q=bells&page=1", "topic=&q=bells", "q=bells&view=full"]
)
def test_what_says_nothing_is_taken_away(query: str) -> None:
    assert moved(query) == "/papers?q=bells"


@pytest.mark.parametrize("written", ["0", "-2", "two", "", "1e3", "٣", "9" * 400])
def test_a_page_that_is_no_number_is_the_first(written: str) -> None:
    assert asked(f"page={written}").page == 1


def test_a_page_has_a_last_number() -> None:
    assert asked("page=99999999").page == ask.LAST_PAGE


def test_the_redirect_leads_to_an_address_that_stays() -> None:
    led = moved("q=%22a+%2B+b%22%20%C3%A9&page=02&x=1")
    assert led is not None
    assert moved(led.partition("?")[2]) is None


def test_broken_utf_8_does_not_lead_in_circles() -> None:
    led = moved("q=%ff%fe&x=1")
    assert led is not None
    assert moved(led.partition("?")[2]) is None


def test_a_fragment_is_never_sent_elsewhere() -> None:
    assert moved("q=bells&page=1", **{"HX-Request": "true"}) is None


def test_a_day_that_is_none_is_told() -> None:
    with pytest.raises(BadAddress, match=r"since=2026-13-40 is not a day: write it like 2026-02-10"):
        asked("since=2026-13-40")


def test_changing_a_filter_leads_to_the_first_page() -> None:
    assert asked("q=bells&page=7").link(topic="cs.CL") == "/papers?q=bells&topic=cs.CL"


def test_a_filter_is_taken_away_by_nothing() -> None:
    assert asked("topic=cs.CL&code=1").link(topic="") == "/papers?code=1"


def test_a_text_is_cut_to_its_length_and_cleaned() -> None:
    assert asked("topic=%00cs.CL%0a%e2%80%ae_and_more").get("topic") == "cs.CL _and"


def test_the_pages_beside_this_one() -> None:
    here = asked("q=bells&page=2")
    assert (here.page_before, here.page_after) == ("/papers?q=bells", "/papers?q=bells&page=3")
