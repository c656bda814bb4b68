"""Editions of a day, a week and a month."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from tests.factories import announced, preprint
from tests.web.reading import read
from tests.web.world import crowd, print_papers

pytestmark = pytest.mark.django_db


def test_the_root_leads_to_the_papers(site: Client) -> None:
    assert site.get("/")["Location"] == "/papers"


def test_the_front_page_is_the_latest_edition(printed: Client) -> None:
    page = read(printed.get("/papers"))
    assert page.text("h1") == "Tuesday, February 10, 2026"
    assert page.one("link[rel=canonical]").attributes["href"] == "http://testserver/papers"


def test_a_site_without_papers_says_how_to_get_some(site: Client) -> None:
    assert "broadsheet import" in read(site.get("/papers")).text("pre")


def test_an_edition_puts_what_people_picked_before_what_was_announced(printed: Client) -> None:
    page = read(printed.get("/papers/date/2026-02-10"))
    assert page.all(".section-head h2") == ["Picked", "Announced"]
    assert page.titles[0] == "Lanterns for Long Contexts: Reading Without Forgetting"
    assert page.titles[2:] == ["Slow Rivers Carry Far", "A Cupboard of Small Theorems"]


def test_a_card_has_what_readers_know_from_daily_papers(printed: Client) -> None:
    card = read(printed.get("/papers/date/2026-02-10")).tree.css_first("[data-paper]")
    assert card is not None
    text = " ".join(card.text().split())
    for told in (
        "78 HF",
        "Ada Marlow, Bertil Quist",
        "Feb 9",
        "Summary: Hugging Face",
        "PDF",
        "★ 1.2k",
        "3 comments",
    ):
        assert told in text, told
    links = {node.attributes["href"] for node in card.css("a")}
    assert {"/papers?q=reading+%26+memory", "https://github.com/lanterns/lanterns", "/authors/ada-marlow"} <= links


def test_formulas_of_a_title_are_mathml(printed: Client) -> None:
    page = read(printed.get("/papers/date/2026-02-10"))
    assert page.tree.css("h3 math msub, h3 math mi")
    assert "$" not in "".join(page.titles)


def test_neighbouring_editions_are_named_and_keep_the_narrowing(printed: Client) -> None:
    page = read(printed.get("/papers/date/2026-02-10?topic=cs.LG&view=titles"))
    assert page.one("[data-earlier]").attributes["href"] == "/papers/date/2026-02-09?topic=cs.LG&view=titles"
    assert not page.tree.css("[data-later]")


def test_a_topic_narrows_the_edition_and_can_be_taken_away(printed: Client) -> None:
    page = read(printed.get("/papers/date/2026-02-10?topic=math.CO"))
    assert page.titles == ["A Cupboard of Small Theorems"]
    assert page.one(".chips a").attributes["href"] == "/papers/date/2026-02-10"


def test_papers_with_code_only(printed: Client) -> None:
    assert len(read(printed.get("/papers/date/2026-02-10?code=1")).titles) == 1


def test_another_order_has_no_sections(printed: Client) -> None:
    page = read(printed.get("/papers/date/2026-02-10?order=votes"))
    assert page.all(".section-head h2") == ["Papers"]


def test_a_narrowing_that_fits_nothing_offers_the_whole(printed: Client) -> None:
    page = read(printed.get("/papers/date/2026-02-10?topic=zz.ZZ"))
    assert page.link("Show all of it") == "/papers/date/2026-02-10"


def test_titles_alone_have_no_abstracts(printed: Client) -> None:
    page = read(printed.get("/papers/date/2026-02-10?view=titles"))
    assert len(page.titles) == 4
    assert not page.tree.css(".abstract, .summary")
    assert page.link("Full") == "/papers/date/2026-02-10"


def test_an_empty_day_names_the_nearest_editions_both_ways(printed: Client) -> None:
    print_papers([preprint("2602.05005", "A Late Paper", placements=(announced(0, date(2026, 2, 12)),))])
    page = read(printed.get("/papers/date/2026-02-11"))
    assert page.text("#page h2") == "No edition"
    assert page.one("[data-earlier]").attributes["href"] == "/papers/date/2026-02-10"
    assert page.one("[data-later]").attributes["href"] == "/papers/date/2026-02-12"


def test_a_day_to_come_leads_back_to_the_last(printed: Client) -> None:
    page = read(printed.get("/papers/date/2026-07-01"))
    assert page.text("#page h2") == "Not yet printed"
    assert page.link("Tue, Feb 10") == "/papers/date/2026-02-10"
    assert page.one("meta[name=robots]").attributes["content"] == "noindex"


@pytest.mark.parametrize(
    "path",
    ["date/2026-13-01", "date/yesterday", "date/2026-02-30", "week/2026-W60", "month/2026-2", "date/9999-01-01"],
)
def test_a_period_that_is_none_says_how_one_is_written(printed: Client, path: str) -> None:
    page = read(printed.get(f"/papers/{path}"), 404)
    assert "write it like" in page.text(".told")
    assert page.link("The latest edition") == "/papers"


def test_a_week_gathers_its_days_and_shows_them(printed: Client) -> None:
    page = read(printed.get("/papers/week/2026-W07"))
    assert "Monday Is a Mountain" in page.titles
    assert "/papers/date/2026-02-09" in page.links
    assert page.text(".standing") == "2 picked, 3 announced in 2 editions"


def test_a_month_shows_a_calendar_of_its_editions(printed: Client) -> None:
    page = read(printed.get("/papers/month/2026-02"))
    assert page.all(".calendar td a") == ["9: 1 papers", "10: 4 papers"]
    assert len(page.tree.css(".calendar tbody tr")) == 5


def test_the_tabs_of_a_day_lead_to_its_week_and_month(printed: Client) -> None:
    page = read(printed.get("/papers/date/2026-02-10"))
    assert page.link("Week") == "/papers/week/2026-W07"
    assert page.link("Month") == "/papers/month/2026-02"


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/papers/date", "/papers/date/2026-02-10"),
        ("/papers/week", "/papers/week/2026-W07"),
        ("/papers/month", "/papers/month/2026-02"),
        ("/papers/date?day=2026-02-09", "/papers/date/2026-02-09"),
        ("/papers/week?day=2025-12-30&view=titles", "/papers/week/2026-W01?view=titles"),
    ],
)
def test_a_kind_of_edition_leads_to_the_last_or_to_the_day_asked_for(printed: Client, asked: str, led: str) -> None:
    assert printed.get(asked)["Location"] == led


def test_a_day_to_go_to_that_is_none_is_told(printed: Client) -> None:
    assert "write it like 2026-02-10" in read(printed.get("/papers/date?day=soon"), 400).text(".told")


def test_pages_beyond_the_first_are_not_for_search_engines(printed: Client) -> None:
    print_papers(crowd(70))
    first = read(printed.get("/papers/date/2026-02-10"))
    second = printed.get(first.one(".pager a[rel=next]").attributes["href"] or "")
    assert len(read(second).titles) == 24
    assert second["X-Robots-Tag"] == "noindex"
    assert not first.tree.css("meta[name=robots]")


def test_a_page_beyond_the_end_leads_to_the_last(printed: Client) -> None:
    print_papers(crowd(70))
    assert printed.get("/papers/date/2026-02-10?page=9")["Location"] == "/papers/date/2026-02-10?page=2"


def test_no_empty_page_follows_where_the_papers_fill_their_pages_exactly(printed: Client) -> None:
    print_papers(crowd(46))
    page = read(printed.get("/papers/date/2026-02-10"))
    assert len(page.titles) == 50
    assert not page.tree.css(".pager")


def test_what_came_since_the_last_visit_is_new(printed: Client, now: Callable[[datetime], None]) -> None:
    assert not read(printed.get("/papers/date/2026-02-10")).tree.css(".new")
    now(datetime(2026, 2, 12, 8, tzinfo=UTC))
    print_papers([preprint("2602.05005", "A Late Paper")])
    now(datetime(2026, 2, 12, 9, tzinfo=UTC))
    page = read(printed.get("/papers/date/2026-02-10"))
    assert [one for one in page.all("h3") if one.endswith("New")] == ["A Late Paper New"]
