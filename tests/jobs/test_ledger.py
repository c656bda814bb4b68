"""What was announced against what is held."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Announcement, Coverage, Order, Route
from broadsheet.core.record import Record
from broadsheet.jobs import ledger
from broadsheet.jobs.harvest import harvest
from broadsheet.sources.http import Client
from broadsheet.sources.place import Announced, Batch, Tells, Wanted
from broadsheet.sources.place import Announcement as Told_
from tests.factories import preprint
from tests.jobs.places import Told, listed, new

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY, MONDAY, TUESDAY = (date(2026, 11, day) for day in (13, 14, 16, 17))
AT_NOON = datetime(2026, 11, 17, 17, tzinfo=UTC)  # noon of Tuesday in New York
CL = Wanted(topics=("cs.CL",))
ROUTES = (Told([], route="oai", tells=Tells.CHANGES), Told([]))


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


@pytest.fixture
def order() -> Order:
    return Order.objects.create(place="arxiv", topics=["cs.CL"], since=MONDAY)


def papers(*numbers: str) -> list[Record]:
    return [preprint(number, f"Lanterns, part {number}", placements=()) for number in numbers]


def listing(day: date, *numbers: str, without: tuple[str, ...] = ()) -> Batch:
    """The listing of a day, whose papers are all given as records but those in ``without``."""
    held = [number for number in numbers if number not in without]
    return Batch(
        {},
        records=papers(*held),
        announcements=[new(number, day) for number in numbers],
        listings=[listed(day, *numbers)],
    )


def line(day: date, topic: str = "cs.CL") -> Coverage:
    return Coverage.objects.get(place="arxiv", topic=topic, day=day)


def test_a_day_whose_listing_was_read_and_is_held_is_complete(client: Client, order: Order) -> None:
    harvest(Told([listing(MONDAY, "2611.00001", "2611.00002")]), client, CL)
    ledger.audit(ROUTES, order, AT_NOON)

    found = line(MONDAY)
    assert (found.state, found.announced, found.held, found.missing) == ("complete", 2, 2, 0)
    assert found.listed == ["feed"]


def test_a_paper_announced_and_not_held_is_missing_and_named(client: Client, order: Order) -> None:
    harvest(Told([listing(MONDAY, "2611.00001", "2611.00002", without=("2611.00002",))]), client, CL)
    found = ledger.audit(ROUTES, order, AT_NOON)

    assert found.missing == {"cs.CL 2026-11-16": ("2611.00002",)}
    assert (line(MONDAY).state, line(MONDAY).missing) == ("missing", 1)


def test_a_day_that_lacked_a_paper_is_whole_once_it_is_held(client: Client, order: Order) -> None:
    harvest(Told([listing(MONDAY, "2611.00001", "2611.00002", without=("2611.00002",))]), client, CL)
    ledger.audit(ROUTES, order, AT_NOON)
    absorb_batch(papers("2611.00002"))

    assert ledger.audit(ROUTES, order, AT_NOON).healed == 1
    assert line(MONDAY).state == "complete"


def test_a_day_that_nobody_told_is_late_from_noon_on(client: Client, order: Order) -> None:
    ledger.audit(ROUTES, order, datetime(2026, 11, 17, 14, tzinfo=UTC))
    assert (line(MONDAY).state, line(TUESDAY).state) == ("late", "waiting")

    ledger.audit(ROUTES, order, AT_NOON)
    assert line(TUESDAY).state == "late"


def test_a_day_without_announcements_is_quiet(client: Client, order: Order) -> None:
    ledger.audit(ROUTES, order, AT_NOON, first=SATURDAY)
    assert line(SATURDAY).state == "quiet"


def test_a_stale_feed_leaves_its_topic_late_while_another_is_complete(client: Client, order: Order) -> None:
    order.topics = ["cs.CL", "cs.LG"]
    stale = Batch(
        {},
        records=papers("2611.00003"),
        announcements=[new("2611.00003", FRIDAY, "cs.LG")],
        listings=[listed(FRIDAY, "2611.00003", topic="cs.LG")],
    )
    harvest(Told([listing(MONDAY, "2611.00001"), stale]), client, Wanted(topics=("cs.CL", "cs.LG")))
    ledger.audit(ROUTES, order, AT_NOON)

    assert (line(MONDAY).state, line(MONDAY, "cs.LG").state) == ("complete", "late")


def test_a_list_of_changes_asked_for_after_the_day_tells_it_too(client: Client, order: Order) -> None:
    changes = Batch(
        {},
        records=papers("2611.00001"),
        announcements=[new("2611.00001", MONDAY, certain=False)],
        asked_at=datetime(2026, 11, 17, 13, tzinfo=UTC),
    )
    harvest(Told([changes], route="oai", tells=Tells.CHANGES), client, CL)
    ledger.audit(ROUTES, order, AT_NOON)

    assert line(MONDAY).state == "complete"


def test_that_a_feed_was_read_today_says_nothing_of_the_days_before(client: Client, order: Order) -> None:
    today = listing(TUESDAY, "2611.00005")
    today.asked_at = datetime(2026, 11, 17, 13, tzinfo=UTC)
    harvest(Told([today]), client, CL)
    ledger.audit(ROUTES, order, AT_NOON)

    assert (line(MONDAY).state, line(TUESDAY).state) == ("late", "complete")


def test_papers_that_one_route_leaves_out_are_counted_as_disputed(client: Client, order: Order) -> None:
    harvest(Told([listing(MONDAY, "2611.00001", "2611.00002")]), client, CL)
    changes = Batch({}, announcements=[new("2611.00001", MONDAY, certain=False)])
    harvest(Told([changes], route="oai", tells=Tells.CHANGES), client, CL)
    ledger.audit(ROUTES, order, AT_NOON)

    assert line(MONDAY).disputed == 1


def test_a_paper_held_back_some_days_is_counted_on_the_day_it_was_listed(client: Client, order: Order) -> None:
    changes = Batch({}, records=papers("2611.00001"), announcements=[new("2611.00001", MONDAY, certain=False)])
    harvest(Told([changes], route="oai", tells=Tells.CHANGES), client, CL)
    harvest(Told([listing(TUESDAY, "2611.00001")]), client, CL)
    ledger.audit(ROUTES, order, AT_NOON)

    assert (line(MONDAY).announced, line(TUESDAY).announced, line(TUESDAY).disputed) == (0, 1, 0)


def test_a_busy_topic_that_suddenly_announces_nothing_is_late(client: Client, order: Order) -> None:
    order.since = date(2026, 11, 9)
    days = [date(2026, 11, number) for number in (9, 10, 11, 12, 13)]
    full = [listing(day, *(f"2611.{day.day:02}{number:03}" for number in range(8))) for day in days]
    harvest(Told([*full, Batch({}, listings=[listed(MONDAY)])]), client, CL)
    ledger.audit(ROUTES, order, AT_NOON)

    assert (line(FRIDAY).state, line(MONDAY).state) == ("complete", "late")


def test_a_replacement_is_never_counted_as_announced(client: Client, order: Order) -> None:
    again = Batch(
        {},
        records=papers("2611.00001"),
        announcements=[Told_("2611.00001", MONDAY, "cs.CL", Announced.REPLACE, True)],
        listings=[listed(MONDAY)],
    )
    harvest(Told([again]), client, CL)
    ledger.audit(ROUTES, order, AT_NOON)

    assert line(MONDAY).announced == 0


def test_announcements_of_long_ago_are_not_kept_one_by_one(client: Client, order: Order) -> None:
    old = Batch(
        {},
        records=papers("2611.00001"),
        announcements=[new("2611.00001", date(2020, 1, 6), certain=False)],
        asked_at=AT_NOON,
    )
    harvest(Told([old], route="oai", tells=Tells.CHANGES), client, CL)

    assert not Announcement.objects.exists()
    assert Route.objects.get().asked_at == AT_NOON


def test_the_name_of_many_addresses_fits_its_column() -> None:
    addresses = [f"https://feeds.example.org/journals/{number}/latest-papers.rss" for number in range(40)]
    assert ledger.scope_of(["cs.LG", "cs.CL"]) == "cs.CL cs.LG"
    assert len(ledger.scope_of(addresses)) == 32
    assert ledger.scope_of(addresses) == ledger.scope_of(addresses[::-1]) != ledger.scope_of(addresses[1:])


def test_a_busy_topic_that_both_routes_say_announced_nothing_is_believed(client: Client, order: Order) -> None:
    order.since = date(2026, 11, 9)
    days = [date(2026, 11, number) for number in (9, 10, 11, 12, 13)]
    full = [listing(day, *(f"2611.{day.day:02}{number:03}" for number in range(8))) for day in days]
    harvest(Told([*full, Batch({}, listings=[listed(MONDAY)])]), client, CL)
    harvest(Told([Batch({}, asked_at=AT_NOON)], route="oai", tells=Tells.CHANGES), client, CL)
    ledger.audit(ROUTES, order, AT_NOON)

    assert line(MONDAY).state == "complete"
