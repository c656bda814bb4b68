"""A whole day: what sources said is absorbed, tallied, printed, closed, indexed; every surface tells the same."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Outbox, Paper
from broadsheet.core.day import day_period, week_period
from broadsheet.core.record import Link, LinkKind, Record
from broadsheet.core.signal import Kind
from broadsheet.jobs import index
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.tally import tally
from broadsheet.listings.author import author_page
from broadsheet.listings.edition import edition_page, latest_day
from broadsheet.listings.paper import paper_page
from broadsheet.listings.search import SearchRequest, search_page
from broadsheet.listings.trending import Window, trending_page
from tests.factories import DAY, at, picked, preprint, reading, record, votes

pytestmark = pytest.mark.django_db
NEXT = DAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path
    monkeypatch.setitem(settings.OPTIONS.values, "encoder", "hashed")


LANTERNS = preprint("2602.01001", title="Lanterns for Long Contexts")
LADDERS = preprint("2602.01002", title="Ladders for Short Memories", authors=("Cora Vane",), abstract="We climb.")
OTTERS = preprint(
    "2602.01003", title="Otters Count Pebbles in the Dark", authors=("Dov Lind",), abstract="We count."
)


def featured(number: str, title: str, count: int, hour: int) -> Record:
    return record(
        "huggingface", number, title, ids=(number,), placements=(picked(),), observations=(votes(count, at(hour=hour)),),
        links=(Link(LinkKind.CODE, "https://code.example/ladders"),), seen_at=at(hour=hour),
    )  # fmt: skip


def evening(today: date, *said: Record) -> None:
    absorb_batch(said)
    tally()
    print_editions(today)
    index.update()


def printed(day: date) -> list[str]:
    return [card.key for card in edition_page(day_period(day)).listing.cards]


def found(words: str) -> list[str]:
    return [card.key for card in search_page(SearchRequest(q=words), today=NEXT).listing.cards]


def test_a_day_from_the_first_announcement_to_the_closed_edition() -> None:
    evening(DAY, LANTERNS, LADDERS, OTTERS)
    assert printed(DAY) == ["2602.01001", "2602.01002", "2602.01003"]
    assert not edition_page(day_period(DAY)).closed

    evening(DAY, featured("2602.01002", "Ladders for Short Memories", 12, hour=15))
    assert printed(DAY)[0] == "2602.01002"

    evening(NEXT, featured("2602.01003", "Otters Count Pebbles in the Dark", 3, hour=22))
    assert edition_page(day_period(DAY)).closed
    assert printed(DAY) == ["2602.01002", "2602.01003", "2602.01001"]

    evening(NEXT, featured("2602.01003", "Otters Count Pebbles in the Dark", 900, hour=23))
    assert printed(DAY) == ["2602.01002", "2602.01003", "2602.01001"]
    assert latest_day(NEXT) == DAY
    assert [card.key for card in trending_page(Window.WEEK, NEXT).listing.cards] == ["2602.01003", "2602.01002"]
    assert Outbox.objects.count() == 0


def test_every_surface_shows_the_same_card() -> None:
    evening(NEXT, LADDERS, featured("2602.01002", "Ladders for Short Memories", 12, hour=15))

    page = paper_page("2602.01002")
    assert page is not None
    author = author_page("cora-vane")
    assert author is not None
    surfaces = [
        edition_page(day_period(DAY)).listing.cards[0],
        edition_page(week_period(DAY)).listing.cards[0],
        trending_page(Window.DAY, NEXT).listing.cards[0],
        author.listing.cards[0],
        search_page(SearchRequest(q="ladders"), today=NEXT).listing.cards[0],
        page.card,
    ]

    assert {(one.key, one.title, one.authors, one.their_votes, one.code_url, one.topics) for one in surfaces} == {
        (
            "2602.01002",
            "Ladders for Short Memories",
            ("Cora Vane",),
            12,
            "https://code.example/ladders",
            ("cs.CL", "cs.LG"),
        )
    }


def test_two_papers_that_turn_out_to_be_one_are_found_once() -> None:
    venue = record(
        "acl", "7", "Ladders, Revised for the Proceedings", ids=("acl:2026.acl-long.7",), authors=("Cora Vane",)
    )
    evening(NEXT, LADDERS, venue)
    assert set(found("ladders")) == {"2602.01002", "acl:2026.acl-long.7"}

    evening(NEXT, record("openreview", "x", "Ladders", ids=("2602.01002", "acl:2026.acl-long.7")))

    assert found("ladders") == ["2602.01002"]
    assert Paper.objects.count() == 1


def test_a_new_title_is_found_and_the_old_one_no_more() -> None:
    evening(NEXT, LANTERNS)
    evening(
        NEXT, preprint("2602.01001", title="Torches for Long Contexts", abstract="We burn.", seen_at=at(hour=20))
    )

    assert found("torches") == ["2602.01001"]
    assert search_page(SearchRequest(q="torches"), today=NEXT).exact == 1
    assert search_page(SearchRequest(q="lanterns"), today=NEXT).exact == 0


def test_a_day_replayed_changes_nothing() -> None:
    day = [LANTERNS, LADDERS, OTTERS, featured("2602.01002", "Ladders for Short Memories", 12, hour=15)]
    evening(NEXT, *day)
    before = (printed(DAY), [card.key for card in trending_page(Window.WEEK, NEXT).listing.cards], found("otters"))

    evening(NEXT, *reversed(day))

    assert (
        printed(DAY),
        [card.key for card in trending_page(Window.WEEK, NEXT).listing.cards],
        found("otters"),
    ) == before
    assert index.update() == index.Indexed()


def test_stars_that_come_later_do_not_move_a_closed_day_but_show() -> None:
    evening(NEXT, LANTERNS, LADDERS)
    evening(
        NEXT, record("github", "ladders", ids=("2602.01002",), observations=(reading(Kind.STARS, 500, "github"),))
    )

    assert printed(DAY) == ["2602.01001", "2602.01002"]
    assert edition_page(day_period(DAY)).listing.cards[1].stars == 500
