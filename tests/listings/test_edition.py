"""The papers of a day, a week or a month."""

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.core.day import day_period, month_period, week_period
from broadsheet.core.record import Link, LinkKind, Record
from broadsheet.core.signal import Kind
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.tally import tally
from broadsheet.listings.cards import Scope
from broadsheet.listings.edition import EditionPage, Order, edition_page, latest_day
from tests.factories import DAY, announced, at, picked, preprint, reading, record, votes

pytestmark = pytest.mark.django_db
AFTER = date(2026, 6, 1)
CODE = Link(LinkKind.CODE, "https://code.example/lanterns")


def lantern(number: int, **said: Any) -> Record:
    return preprint(f"2602.{number:05}", title=f"Lantern number {number} of a thousand", **said)


def printed(*records: Record, today: date = AFTER) -> None:
    absorb_batch(records)
    tally()
    print_editions(today)


def shown(page: EditionPage) -> list[str]:
    return [card.key for card in page.listing.cards]


def test_a_day_shows_its_papers_in_the_frozen_order() -> None:
    printed(lantern(1), lantern(2, placements=(picked(),)), lantern(3, observations=(votes(3),)))

    page = edition_page(day_period(DAY))

    assert shown(page) == ["2602.00002", "2602.00003", "2602.00001"]
    assert [card.picked for card in page.listing.cards] == [True, False, False]
    assert (page.listing.total, page.picked, page.announced, page.closed) == (3, 1, 2, True)
    assert page.days == ((DAY, 3, 1),)


def test_the_order_of_a_closed_day_is_frozen_whatever_the_votes_become() -> None:
    printed(lantern(1, observations=(votes(1),)), lantern(2, observations=(votes(3),)))

    printed(lantern(1, observations=(votes(500, at(hour=23)),)))

    assert shown(edition_page(day_period(DAY))) == ["2602.00002", "2602.00001"]
    assert edition_page(day_period(DAY)).listing.cards[1].their_votes == 500


def test_a_day_without_papers_is_empty_and_not_closed() -> None:
    page = edition_page(day_period(DAY))

    assert (page.listing.total, page.closed, page.previous, page.following, page.days) == (0, False, None, None, ())


def test_previous_and_next_skip_days_without_papers() -> None:
    printed(lantern(1), lantern(2, placements=(announced(day=date(2026, 2, 17)),)))

    page = edition_page(day_period(date(2026, 2, 12)))

    assert page.previous == day_period(DAY)
    assert page.following == day_period(date(2026, 2, 17))


def test_the_neighbours_of_a_week_are_weeks() -> None:
    printed(lantern(1), lantern(2, placements=(announced(day=date(2026, 3, 3)),)))

    page = edition_page(week_period(date(2026, 2, 18)))

    assert page.previous == week_period(DAY)
    assert page.following == week_period(date(2026, 3, 3))


def test_a_paper_announced_and_picked_in_one_week_appears_once_where_it_was_picked() -> None:
    thursday = DAY + timedelta(days=2)
    printed(lantern(1, placements=(announced(), picked(0, thursday))), lantern(2))

    page = edition_page(week_period(DAY))

    assert shown(page) == ["2602.00001", "2602.00002"]
    assert (page.listing.cards[0].picked, page.listing.cards[0].day) == (True, thursday)
    assert (page.listing.total, page.picked, page.announced) == (2, 1, 1)


def test_a_week_stands_picked_first_then_most_noticed_then_newest() -> None:
    wednesday = DAY + timedelta(days=1)
    printed(
        lantern(1, observations=(votes(7),)),
        lantern(2),
        lantern(3, placements=(announced(day=wednesday),)),
        lantern(4, placements=(picked(),)),
    )

    assert shown(edition_page(week_period(DAY))) == ["2602.00004", "2602.00001", "2602.00003", "2602.00002"]


@pytest.mark.parametrize("changing", [date(2026, 3, 8), date(2026, 11, 1)])
def test_the_week_in_which_the_clock_changes_has_its_seven_days(changing: date) -> None:
    monday = changing - timedelta(days=6)
    printed(
        *[lantern(day, placements=(announced(day=monday + timedelta(days=day - 1)),)) for day in range(9)],
        today=date(2027, 1, 1),
    )

    assert edition_page(week_period(changing)).listing.total == 7


def test_a_month_has_all_its_days() -> None:
    printed(
        *[lantern(day, placements=(announced(day=date(2026, 1, 31) + timedelta(days=day)),)) for day in range(30)]
    )

    page = edition_page(month_period(DAY))

    assert page.listing.total == 28
    assert len(page.days) == 28


def test_a_withdrawn_paper_is_not_shown_nor_counted() -> None:
    printed(lantern(1), lantern(2, withdrawn=True))

    page = edition_page(day_period(DAY))

    assert shown(page) == ["2602.00001"]
    assert (page.listing.total, page.announced) == (1, 1)


def test_a_page_beyond_the_end_is_empty_and_tells_the_total() -> None:
    printed(lantern(1))

    page = edition_page(day_period(DAY), page=10**30)

    assert (shown(page), page.listing.total) == ([], 1)


@pytest.mark.parametrize("page", [0, -5])
def test_pages_count_from_one(page: int) -> None:
    printed(lantern(1))

    assert edition_page(day_period(DAY), page=page).listing.page == 1


def test_pages_follow_each_other_and_hold_everything_once() -> None:
    printed(*[lantern(number) for number in range(25)])

    pages = [edition_page(day_period(DAY), page=number, limit=10) for number in (1, 2, 3)]

    assert [len(page.listing.cards) for page in pages] == [10, 10, 5]
    assert [key for page in pages for key in shown(page)] == [f"2602.{number:05}" for number in range(25)]
    assert pages[1].listing.pages == 3


@pytest.mark.parametrize(
    ("scope", "keys"),
    [
        (Scope(topic="cs.CL"), ["2602.00001", "2602.00002"]),
        (Scope(topic="cs"), ["2602.00001", "2602.00002", "2602.00003"]),
        (Scope(topic="c"), []),
        (Scope(source="acl"), ["2602.00002"]),
        (Scope(has_code=True), ["2602.00003"]),
        (Scope(topic="cs.CL", has_code=True), []),
        (Scope(topic="' OR 1=1 --"), []),
    ],
)
def test_a_scope_narrows_the_list_and_not_the_counts(scope: Scope, keys: list[str]) -> None:
    printed(
        lantern(1, topics=("cs.CL",)),
        lantern(2, topics=("cs.CL", "cs.LG")),
        record("acl", "2", ids=("2602.00002",)),
        lantern(3, topics=("cs.CV",), links=(CODE,)),
        lantern(4, topics=("stat.ML",)),
    )

    page = edition_page(day_period(DAY), scope=scope)

    assert shown(page) == keys
    assert page.listing.total == len(keys)
    assert (page.picked, page.announced) == (0, 4)


def test_facets_count_the_papers_and_mark_what_is_chosen() -> None:
    printed(lantern(1, topics=("cs.CL",)), lantern(2, topics=("cs.CL", "cs.LG"), links=(CODE,)))

    facets = edition_page(day_period(DAY), scope=Scope(topic="cs.CL")).listing.facets

    assert [(one.value, one.label, one.count, one.chosen) for one in facets["topic"]] == [
        ("cs.CL", "Computation and Language", 2, True),
        ("cs.LG", "Machine Learning", 1, False),
    ]
    assert [(one.value, one.count) for one in facets["code"]] == [("yes", 1)]


def test_papers_can_be_had_by_votes_stars_or_newest() -> None:
    stars = reading(Kind.STARS, 50, "github")
    printed(
        lantern(1, placements=(picked(),)),
        lantern(2, observations=(votes(9),)),
        lantern(3, observations=(votes(2), stars)),
    )

    def by(order: Order) -> list[str]:
        return shown(edition_page(day_period(DAY), order=order))

    assert by(Order.VOTES) == ["2602.00002", "2602.00003", "2602.00001"]
    assert by(Order.STARS)[0] == "2602.00003"
    assert by(Order.NEWEST) == ["2602.00003", "2602.00002", "2602.00001"]


def test_a_scope_and_an_order_go_together() -> None:
    printed(
        lantern(1, observations=(votes(1),)), lantern(2, observations=(votes(9),)), lantern(3, topics=("stat.ML",))
    )

    assert shown(edition_page(day_period(DAY), scope=Scope(topic="cs.CL"), order=Order.VOTES)) == [
        "2602.00002",
        "2602.00001",
    ]


def test_what_came_since_the_last_visit_is_fresh() -> None:
    printed(lantern(1))

    assert edition_page(day_period(DAY), last_visit=at(date(2020, 1, 1))).listing.cards[0].fresh
    assert not edition_page(day_period(DAY), last_visit=at(date(2199, 1, 1))).listing.cards[0].fresh
    assert not edition_page(day_period(DAY)).listing.cards[0].fresh


@pytest.mark.parametrize(
    ("today", "latest"),
    [(date(2026, 2, 15), DAY), (DAY, DAY), (date(2026, 2, 17), date(2026, 2, 17)), (date(2020, 1, 1), DAY)],
)
def test_the_latest_day_is_the_last_that_is_not_ahead_else_the_first_there_is(today: date, latest: date) -> None:
    printed(lantern(1), lantern(2, placements=(announced(day=date(2026, 2, 17)),)))

    assert latest_day(today) == latest


def test_where_there_are_no_papers_there_is_no_latest_day() -> None:
    assert latest_day(DAY) is None


@pytest.mark.parametrize("size", [1, 120])
def test_a_page_takes_the_same_few_queries_whatever_its_size(
    django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    printed(*[lantern(number, observations=(votes(number),)) for number in range(size)])

    with django_assert_num_queries(5):
        edition_page(week_period(DAY), scope=Scope(topic="cs"), order=Order.VOTES)
