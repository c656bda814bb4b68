"""What is trending, over a window that the reader chooses."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Tallied, Trend
from broadsheet.core.record import Record
from broadsheet.core.signal import Kind
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.tally import tally
from broadsheet.listings.cards import Scope
from broadsheet.listings.trending import TrendingPage, Window, trending_page
from tests.factories import DAY, announced, at, preprint, reading, votes

pytestmark = pytest.mark.django_db


def lantern(number: int, days_ago: int, count: int, **said: Any) -> Record:
    day = DAY - timedelta(days=days_ago)
    return preprint(
        f"2602.{number:05}",
        title=f"Lantern number {number} of a thousand",
        placements=(announced(number, day),),
        observations=(votes(count),) if count else (),
        **said,
    )


def printed(*records: Record) -> None:
    absorb_batch(records)
    tally()
    print_editions(DAY + timedelta(days=1))


def shown(page: TrendingPage) -> list[str]:
    return [card.key[-1] for card in page.listing.cards]


@pytest.mark.parametrize(
    ("window", "keys"),
    [
        (Window.DAY, ["1"]),
        (Window.WEEK, ["2", "1"]),
        (Window.MONTH, ["2", "3", "1"]),  # 127 votes after four half-lives of a month's eight days
        (Window.YEAR, ["3", "2", "4", "1"]),
        (Window.ALL, ["5", "4", "3", "2", "1"]),
    ],
)
def test_a_window_reaches_back_from_the_last_edition(window: Window, keys: list[str]) -> None:
    printed(lantern(1, 0, 1), lantern(2, 6, 63), lantern(3, 29, 127), lantern(4, 364, 255), lantern(5, 700, 511))

    page = trending_page(window, DAY)

    assert shown(page) == keys
    assert page.listing.total == len(keys)


def test_a_vote_ages_faster_within_a_week_than_over_a_month() -> None:
    printed(lantern(1, 0, 3), lantern(2, 6, 7))

    assert shown(trending_page(Window.WEEK, DAY)) == ["1", "2"]
    assert shown(trending_page(Window.MONTH, DAY)) == ["2", "1"]


def test_a_catalogue_that_rests_still_has_a_front_page() -> None:
    printed(lantern(1, 0, 3))

    page = trending_page(Window.DAY, DAY + timedelta(days=900))

    assert (page.since, page.until) == (DAY, DAY)
    assert shown(page) == ["1"]


def test_papers_that_nobody_noticed_are_left_out_where_some_are_noticed() -> None:
    printed(lantern(1, 0, 0), lantern(2, 0, 1))

    assert shown(trending_page(Window.WEEK, DAY)) == ["2"]


def test_where_nobody_voted_the_newest_stand_first_and_that_is_told() -> None:
    printed(lantern(1, 1, 0), lantern(2, 0, 0))

    page = trending_page(Window.WEEK, DAY)

    assert shown(page) == ["2", "1"]
    assert page.listing.notes == ("Nobody has voted on these papers yet: they stand newest first.",)
    assert page.listing.cards[0].reasons == ()


def test_each_card_tells_why_it_is_there() -> None:
    printed(lantern(1, 1, 7))

    (card,) = trending_page(Window.WEEK, DAY).listing.cards

    assert [reason.sentence for reason in card.reasons] == ["7 votes on Daily Papers, 1 day old"]


def test_an_old_paper_that_people_turn_to_now_is_there_and_says_why() -> None:
    read = [lantern(1, 400, 90), lantern(1, 400, 131)]
    printed(
        *[
            replace(one, observations=(votes(n, at(DAY - timedelta(d))),))
            for one, n, d in zip(read, (90, 131), (2, 0), strict=True)
        ]
    )

    (card,) = trending_page(Window.WEEK, DAY).listing.cards

    assert [reason.sentence for reason in card.reasons] == ["+41 votes on Daily Papers in 2 days, 400 days old"]


def test_the_topics_of_the_window_are_counted() -> None:
    printed(lantern(1, 0, 7, topics=("cs.CV",)), lantern(2, 0, 3), lantern(3, 20, 3))

    facets = trending_page(Window.WEEK, DAY, scope=Scope(topic="cs.CV")).listing.facets["topic"]

    assert {one.value: (one.count, one.chosen) for one in facets} == {
        "cs.CV": (1, True), "cs.CL": (1, False), "cs.LG": (1, False)
    }  # fmt: skip


@pytest.mark.parametrize("scope", [Scope(), Scope(topic="cs")])
def test_a_catalogue_whose_trends_were_never_tallied_stands_by_points(scope: Scope) -> None:
    printed(lantern(1, 0, 1), lantern(2, 6, 63))
    Trend.objects.all().delete()
    Tallied.objects.all().delete()

    page = trending_page(Window.WEEK, DAY, scope=scope)

    assert (shown(page), page.listing.notes, page.listing.facets) == (["2", "1"], (), {})


def test_a_scope_narrows_it() -> None:
    printed(lantern(1, 0, 7, topics=("cs.CV",)), lantern(2, 0, 3))

    page = trending_page(Window.WEEK, DAY, scope=Scope(topic="cs.CL"))

    assert (shown(page), page.listing.total) == (["2"], 1)


def test_a_withdrawn_paper_does_not_trend() -> None:
    printed(lantern(1, 0, 7, withdrawn=True), lantern(2, 0, 3))

    assert shown(trending_page(Window.WEEK, DAY)) == ["2"]


def test_stars_alone_make_a_paper_trend() -> None:
    printed(preprint(observations=(reading(Kind.STARS, 3, "github"),)))

    assert trending_page(Window.WEEK, DAY).listing.total == 1


@pytest.mark.parametrize("window", Window)
def test_an_empty_catalogue_has_an_empty_page(window: Window) -> None:
    assert trending_page(window, DAY).listing.total == 0


def test_a_page_beyond_the_end_is_empty_and_tells_the_total() -> None:
    printed(lantern(1, 0, 3))

    page = trending_page(Window.WEEK, DAY, page=10**30)

    assert (shown(page), page.listing.total) == ([], 1)


@pytest.mark.parametrize("scope", [Scope(), Scope(topic="cs")])
def test_the_front_page_takes_few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries, scope: Scope
) -> None:
    printed(*[lantern(number, number % 9, number) for number in range(1, 120)])

    with django_assert_max_num_queries(8):
        trending_page(Window.WEEK, date(2026, 3, 1), scope=scope)
