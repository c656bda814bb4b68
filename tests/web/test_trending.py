import pytest
from django.test import Client

from tests.web.reading import read

pytestmark = pytest.mark.django_db


def test_each_trending_paper_says_why_it_is_there(printed: Client) -> None:
    page = read(printed.get("/papers/trending"))
    assert page.titles[0].startswith("Lanterns")
    assert page.all(".why")[0] == (
        "Why here 78 votes on Daily Papers, 3 comments on Daily Papers, 1,234 stars, 1 day old"
    )


def test_the_windows_are_links_and_the_one_in_use_is_marked(printed: Client) -> None:
    page = read(printed.get("/papers/trending?window=all"))
    assert page.text(".turn [aria-current]") == "All time"
    assert page.link("Year") == "/papers/trending?window=year"


def test_a_window_that_is_none_is_the_usual_one(printed: Client) -> None:
    assert printed.get("/papers/trending?window=fortnight")["Location"] == "/papers/trending"


def test_the_rules_are_linked(printed: Client) -> None:
    assert read(printed.get("/papers/trending")).link("How this order is made") == "/about/ranking"


def test_trending_can_be_narrowed_without_javascript(printed: Client) -> None:
    form = read(printed.get("/papers/trending?window=all&topic=cs.LG")).one("form.filters")
    assert form.attributes["method"] == "get"
    held = {one.attributes["name"]: one.attributes.get("value") for one in form.css("input")}
    assert held == {"window": "all", "topic": "cs.LG", "code": "1"}


def test_nothing_that_fits_offers_a_way_on(printed: Client) -> None:
    assert read(printed.get("/papers/trending?topic=zz.ZZ")).link("Show all of it") == "/papers/trending"


def test_a_site_without_papers_has_a_trending_page(site: Client) -> None:
    assert read(site.get("/papers/trending")).link("All time") == "/papers/trending?window=all"


def test_the_rules_page_has_the_figures_of_the_code(site: Client) -> None:
    from broadsheet.ranking import trending

    page = read(site.get("/about/ranking"))
    told, rows = page.text("main"), page.all("tr")
    assert f"at most {trending.MOST_STARS} of them count" in told
    for window, life in trending.HALF_LIFE.items():
        assert f"{window.title()}{life:.0f} days" in rows


def test_trending_is_narrowed_by_a_topic_of_the_rail(printed: Client) -> None:
    page = read(printed.get("/papers/trending?window=month"))
    assert page.link("Computation and Language 2") == "/papers/trending?window=month&topic=cs.CL"
