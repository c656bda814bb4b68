"""The search page: with an index of its own, and while there is none."""

import pytest
from django.test import Client

from broadsheet.jobs import index
from tests.factories import preprint
from tests.web.reading import read
from tests.web.world import LANTERNS, crowd, print_papers

pytestmark = pytest.mark.django_db
AS_HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/papers/date/2026-02-10"}


@pytest.fixture
def indexed(printed: Client) -> Client:
    index.rebuild()
    return printed


def test_what_was_searched_is_marked_and_each_paper_says_why(indexed: Client) -> None:
    page = read(indexed.get("/papers?q=lanterns+contexts"))
    assert page.titles[0].startswith("Lanterns")
    assert page.all("h3 mark") == ["Lanterns", "Contexts"]
    assert page.all(".why")[0].startswith("Why here has contexts, lanterns")


def test_the_query_is_told_back_and_stays_in_the_box(indexed: Client) -> None:
    page = read(indexed.get("/papers?q=bells+-rivers"))
    assert page.one("#q").attributes["value"] == "bells -rivers"
    assert "not ‘rivers’" in page.text(".standing")


def test_filters_keep_what_was_asked(indexed: Client) -> None:
    form = read(indexed.get("/papers?q=bells&since=2026-01-01&code=1&sort=newest&mode=words")).one("form.filters")
    assert form.css_first("#since").attributes["value"] == "2026-01-01"  # type: ignore[union-attr]
    assert "checked" in form.css_first("[name=code]").attributes  # type: ignore[union-attr]
    assert [one.attributes["value"] for one in form.css("option[selected]")] == ["newest", "words"]


def test_a_topic_narrows_the_search(indexed: Client) -> None:
    page = read(indexed.get("/papers?q=theorems&topic=math.CO"))
    assert page.titles == ["A Cupboard of Small Theorems"]
    assert page.one(".chips a").attributes["href"] == "/papers?q=theorems"


@pytest.mark.parametrize("query", [LANTERNS, f"arXiv:{LANTERNS}v2", f"https://arxiv.org/abs/{LANTERNS}"])
def test_an_id_leads_straight_to_its_paper(indexed: Client, query: str) -> None:
    assert indexed.get("/papers", {"q": query})["Location"] == f"/papers/{LANTERNS}"


TITLE = "Lanterns for Long Contexts: Reading Without Forgetting"


def test_a_whole_title_leads_straight_to_its_paper(indexed: Client) -> None:
    assert indexed.get("/papers", {"q": TITLE.lower()})["Location"] == f"/papers/{LANTERNS}"


def test_a_title_with_anything_else_asked_lists_what_is_found(indexed: Client) -> None:
    page = read(indexed.get("/papers", {"q": TITLE, "sort": "newest"}))
    assert page.link(f"go to {LANTERNS}") == f"/papers/{LANTERNS}"


def test_a_title_of_few_words_is_a_search(indexed: Client) -> None:
    assert "Old Strings" in read(indexed.get("/papers", {"q": "Old Strings"})).titles


def test_a_phrase_is_a_reason(indexed: Client) -> None:
    why = read(indexed.get("/papers", {"q": '"long contexts" title:lanterns'})).all(".why")[0]
    assert why.startswith("Why here has ‘long contexts’ as a phrase, ‘lanterns’ in the title")


def test_an_id_being_typed_offers_its_paper_and_leaves_the_reader_typing(indexed: Client) -> None:
    page = read(indexed.get("/papers", {"q": LANTERNS}, headers=AS_HTMX))
    assert page.link(f"go to {LANTERNS}") == f"/papers/{LANTERNS}"


def test_a_fragment_is_the_inside_of_the_page_with_its_title(indexed: Client) -> None:
    response = indexed.get("/papers?q=bells", headers=AS_HTMX)
    page = read(response)
    assert not page.tree.css("header.masthead, #page")
    assert b"<html" not in response.content
    assert page.text("title") == "bells · Broadsheet"
    assert "found" in page.text("#announce")
    assert response["Vary"] == "Cookie, HX-Request"


def test_the_first_letters_make_one_step_of_history(indexed: Client) -> None:
    assert indexed.get("/papers?q=be", headers=AS_HTMX)["HX-Push-Url"] == "/papers?q=be"


def test_further_letters_replace_it(indexed: Client) -> None:
    there = AS_HTMX | {"HX-Current-URL": "http://testserver/papers?q=be"}
    response = indexed.get("/papers?q=bel", headers=there)
    assert response["HX-Replace-Url"] == "/papers?q=bel"
    assert "HX-Push-Url" not in response


def test_going_back_gets_the_whole_page(indexed: Client) -> None:
    again = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert read(indexed.get("/papers?q=bells", headers=again)).tree.css("header.masthead")


def test_an_emptied_box_shows_the_edition(indexed: Client) -> None:
    assert read(indexed.get("/papers?q=", headers=AS_HTMX)).text("h1") == "Tuesday, February 10, 2026"


def test_nothing_found_offers_ways_on(indexed: Client) -> None:
    page = read(indexed.get("/papers", {"q": '"no such words anywhere"'}))
    assert page.titles == []
    assert page.link("The latest edition") == "/papers"


def test_without_an_index_the_database_answers_and_says_so(printed: Client) -> None:
    page = read(printed.get("/papers?q=bells"))
    assert page.titles[0].startswith("Bells in the Fog")
    assert "index" in page.all(".note")[0]


def test_a_query_that_is_too_long_is_told_its_length(indexed: Client) -> None:
    page = read(indexed.get("/papers", {"q": "a" * 9_000}), 414)
    assert "9,000 characters; at most 8,000" in page.text(".told")


def test_a_date_that_is_none_is_told(indexed: Client) -> None:
    assert "until=2026-99 is not a day" in read(indexed.get("/papers?q=bells&until=2026-99"), 400).text(".told")


@pytest.mark.parametrize(
    "query",
    ["(" * 2_000, '"', "AND OR NOT", "-", "author:", "cat:\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin1"),
     "*" * 500, "title:(((", "year:9999999999", "a OR " * 500, "\u202e\u0000", "🦊" * 300, "<script>alert(1)</script>"],
)  # fmt: skip
def test_any_text_is_a_search(indexed: Client, query: str) -> None:
    assert indexed.get("/papers", {"q": query}, follow=True).status_code == 200


def test_search_pages_are_not_for_search_engines(indexed: Client) -> None:
    assert indexed.get("/papers?q=bells")["X-Robots-Tag"] == "noindex"


def test_the_pages_of_a_list_are_linked_by_what_was_seen(indexed: Client) -> None:
    print_papers(crowd(30))
    index.update()
    first = read(indexed.get("/papers?q=crowd"))
    print_papers([preprint("2602.29999", "The Newest of the Crowd")])
    index.update()
    second = read(indexed.get(first.link("Page 2 →")))
    assert not set(first.titles) & set(second.titles)
    assert read(indexed.get(second.link("← Page 1"))).titles == first.titles


def test_a_page_can_be_asked_for_by_its_number_alone(indexed: Client) -> None:
    print_papers(crowd(30))
    index.update()
    assert "Page 2 of 2" in read(indexed.get("/papers?q=crowd&page=2")).text(".pager")


def test_another_order_begins_with_its_first_page(indexed: Client) -> None:
    print_papers(crowd(30))
    index.update()
    there = read(indexed.get(read(indexed.get("/papers?q=crowd")).link("Page 2 →")))
    assert "cursor" not in str(there.one("form.filters").html)


def test_a_lost_place_is_told_and_the_search_stays_in_the_box(indexed: Client) -> None:
    page = read(indexed.get("/papers?q=bells&cursor=abc&page=2"), 400)
    assert "Search again to begin with its first page" in page.text(".told")
    assert page.one("#q").attributes["value"] == "bells"


def test_a_year_and_a_venue_narrow_the_search(indexed: Client) -> None:
    assert read(indexed.get("/papers?q=grammars&year=2019")).titles == ["Whispering Grammars"]
    assert "Whispering Grammars" not in read(indexed.get("/papers?q=grammars&year=2026")).titles
    assert read(indexed.get("/papers?q=grammars&venue=ACL+2019")).titles == ["Whispering Grammars"]


def test_a_year_that_is_none_is_told(indexed: Client) -> None:
    assert "year=soon is not a year" in read(indexed.get("/papers?q=bells&year=soon"), 400).text(".told")


def test_the_years_and_venues_found_are_offered_with_their_counts(indexed: Client) -> None:
    form = read(indexed.get("/papers?q=grammars&year=2019")).one("form.filters")
    assert [one.text() for one in form.css("#year option[selected]")] == ["2019 (1)"]
    assert "ACL 2019 (1)" in [one.text() for one in form.css("#venue option")]


def test_a_venue_of_all_years_stays_chosen(indexed: Client) -> None:
    page = read(indexed.get("/papers?q=grammars&venue=ACL"))
    assert page.titles == ["Whispering Grammars"]
    assert page.one("#venue option[selected]").attributes["value"] == "ACL"
    assert page.text(".chips a").startswith("at ACL")
