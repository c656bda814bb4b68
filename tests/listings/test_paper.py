"""One paper under all its names, and the papers of an author's name."""

import pytest
from pytest_django import DjangoAssertNumQueries

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.core.record import Version
from broadsheet.jobs.edition import print_editions
from broadsheet.listings.author import author_page
from broadsheet.listings.cards import cards_by_number
from broadsheet.listings.paper import find_paper, paper_page
from tests.factories import AUTHORS, DAY, TITLE, picked, preprint, record, votes

pytestmark = pytest.mark.django_db

HOSTILE = [
    "",
    " ",
    "\x00",
    "\ud800",
    "%00",
    "'; DROP TABLE paper; --",
    "../../etc/passwd",
    "a" * 10_000,
    "2602.99999",
    "no paper",
]


@pytest.mark.parametrize(
    "name",
    [
        "2602.01001",
        "arXiv:2602.01001v7",
        "https://arxiv.org/abs/2602.01001",
        "10.48550/arXiv.2602.01001",
        "10.1234/Lantern",
        "https://doi.org/10.1234/lantern",
        "acl:2026.acl-long.7",
        "https://aclanthology.org/2026.acl-long.7/",
    ],
)
def test_a_paper_is_found_by_any_of_its_names(name: str) -> None:
    absorb_batch([preprint(ids=("2602.01001", "10.1234/lantern", "acl:2026.acl-long.7"))])

    page = paper_page(name)

    assert page is not None
    assert page.key == "2602.01001"
    assert [one.key for one in page.ids] == ["2602.01001", "10.1234/lantern", "acl:2026.acl-long.7"]


def test_a_local_id_that_begins_like_its_scheme_is_shown_whole() -> None:
    absorb_batch([record("jsonl", "1", ids=("local:lantern-1",))])

    page = paper_page("local:lantern-1")

    assert page is not None
    assert [one.key for one in page.ids] == ["local:lantern-1"]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_names_no_paper_held_finds_none(name: str) -> None:
    absorb_batch([preprint()])

    assert find_paper(name) is None
    assert paper_page(name) is None


def test_the_page_tells_where_each_fact_came_from_and_when_it_was_printed() -> None:
    absorb_batch([
        preprint(versions=(Version(2), Version(1, DAY))),
        record("acl", "7", ids=("2602.01001",), venue="ACL 2026", placements=(picked(),)),
    ])  # fmt: skip
    print_editions(DAY)

    page = paper_page("2602.01001")

    assert page is not None
    assert (page.card.title, page.card.venue) == (TITLE, "ACL 2026")
    assert (page.origins["title"], page.origins["venue"]) == ("arxiv", "acl")
    assert sorted(source for source, _ in page.records) == ["acl", "arxiv"]
    assert page.versions == (Version(1, DAY), Version(2))
    assert page.editions == (DAY,)
    assert "2602.01001" in page.bibtex
    assert "TY  -" in page.ris


def test_without_an_index_nothing_is_similar() -> None:
    absorb_batch([preprint()])

    page = paper_page("2602.01001")

    assert page is not None
    assert page.similar == ()


def test_a_withdrawn_paper_still_has_its_page_which_says_so() -> None:
    absorb_batch([preprint(withdrawn=True)])

    page = paper_page("2602.01001")

    assert page is not None
    assert page.card.withdrawn


def test_a_paper_takes_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    absorb_batch([preprint(authors=tuple(f"Ada Marlow {n}" for n in range(300)), observations=(votes(3),))])

    with django_assert_max_num_queries(10):
        paper_page("https://arxiv.org/abs/2602.01001v1")


def test_an_author_has_a_page_of_papers_the_newest_first_named_as_the_newest_names_them() -> None:
    old = preprint(
        "2502.00001",
        title="An Older Paper About Lanterns",
        authors=("ada marlow",),
        published=DAY.replace(year=2025),
    )
    absorb_batch([old, preprint()])

    page = author_page("ada-marlow")

    assert page is not None
    assert page.name == "Ada Marlow"
    assert [card.key for card in page.listing.cards] == ["2602.01001", "2502.00001"]
    assert page.listing.total == 2


def test_the_spelling_of_a_name_does_not_depend_on_what_was_read_first() -> None:
    absorb_batch(
        [preprint("2502.00001", title="An Older Paper", authors=("ADA MARLOW",), published=DAY.replace(year=2025))]
    )
    absorb_batch([preprint()])

    page = author_page("ada-marlow")

    assert page is not None
    assert page.name == "Ada Marlow"


def test_a_name_whose_papers_are_all_withdrawn_or_gone_has_no_page() -> None:
    absorb_batch(
        [
            preprint(withdrawn=True),
            preprint("2602.01002", title="A Paper That Changes Hands", authors=("Cora Vane",)),
        ]
    )
    absorb_batch([preprint("2602.01002", title="A Paper That Changes Hands", authors=("Dov Lind",))])

    assert author_page("ada-marlow") is None
    assert author_page("cora-vane") is None


@pytest.mark.parametrize("key", HOSTILE)
def test_what_is_no_author_has_no_page(key: str) -> None:
    absorb_batch([preprint()])

    assert author_page(key) is None


def test_an_author_s_page_beyond_the_end_is_empty() -> None:
    absorb_batch([preprint()])

    page = author_page("ada-marlow", page=10**30)

    assert page is not None
    assert (page.listing.cards, page.listing.total) == ((), 1)


def test_cards_come_in_the_order_asked_and_what_is_gone_is_left_out() -> None:
    absorb_batch([preprint(), preprint("2602.01002", title="Another Paper About Lanterns", authors=AUTHORS)])
    one, two = (find_paper(name) for name in ("2602.01001", "2602.01002"))
    assert one
    assert two

    assert [card.key for card in cards_by_number([two.id, 10**9, one.id])] == ["2602.01002", "2602.01001"]
