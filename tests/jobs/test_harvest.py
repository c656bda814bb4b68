"""What a place says, stored: the days of papers, cursors, two workers, faults."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from broadsheet.catalog.models import Announcement, Edition, Entry, Paper, Route, Run
from broadsheet.jobs.harvest import HarvestTally, RouteBusy, RouteLost, harvest
from broadsheet.sources.http import Client, Refused, Unreachable
from broadsheet.sources.place import Batch, Gone, Wanted
from tests.factories import preprint
from tests.jobs.places import Told, new

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
CL = Wanted(topics=("cs.CL",))


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


def batch(*numbers: str, day: date = MONDAY, certain: bool = True) -> Batch:
    return Batch(
        {},
        records=[preprint(number, f"Lanterns, part {number}", placements=()) for number in numbers],
        announcements=[new(number, day, certain=certain) for number in numbers],
    )


def test_a_paper_is_in_the_edition_of_the_day_it_was_announced_on(client: Client) -> None:
    tally = harvest(Told([batch("2611.00001", "2611.00002")]), client, CL)

    assert (tally.added, tally.announced, tally.finished) == (2, 2, True)
    assert [(one.edition.day, one.picked) for one in Entry.objects.all()] == [(MONDAY, False)] * 2


def test_a_listing_that_is_read_later_moves_the_paper_from_the_day_that_was_concluded(client: Client) -> None:
    harvest(Told([batch("2611.00001", certain=False)], route="oai"), client, CL)
    harvest(Told([batch("2611.00001", day=TUESDAY)]), client, CL)

    assert [one.edition.day for one in Entry.objects.all()] == [TUESDAY]
    assert not Edition.objects.get(day=MONDAY).entries.exists()


def test_after_a_fault_the_next_run_goes_on_behind_the_last_batch_stored(client: Client) -> None:
    broken = Told([batch("2611.00001"), batch("2611.00002")], failure=Unreachable("example answers 503"))
    with pytest.raises(Unreachable):
        harvest(broken, client, CL)
    route = Route.objects.get()
    assert (route.cursor, route.asked_at, route.failure, route.holder) == (
        {"at": 2},
        None,
        "example answers 503",
        "",
    )
    assert Run.objects.get().state == Run.State.FAILED

    mended = Told([batch("2611.00001"), batch("2611.00002"), batch("2611.00003")])
    tally = harvest(mended, client, CL)
    assert (mended.asked, tally.added, Paper.objects.count()) == ([{"at": 2}], 1, 3)
    assert Route.objects.get().asked_at is not None


def test_two_workers_never_harvest_one_route_at_once(client: Client) -> None:
    Route.objects.create(
        place="arxiv", route="feed", scope="cs.CL", holder="other", held_until=timezone.now() + timedelta(minutes=5)
    )
    with pytest.raises(RouteBusy, match="another worker"):
        harvest(Told([batch("2611.00001")]), client, CL)
    assert not Paper.objects.exists()


def test_a_worker_that_died_holds_its_route_no_longer_than_its_lease(client: Client) -> None:
    Route.objects.create(
        place="arxiv", route="feed", scope="cs.CL", holder="dead", held_until=timezone.now() - timedelta(seconds=1)
    )
    assert harvest(Told([batch("2611.00001")]), client, CL).added == 1


def test_a_worker_that_was_taken_for_dead_stores_nothing_more(client: Client) -> None:
    source = Told([batch("2611.00001"), batch("2611.00002")])

    def taken_over(_: object) -> None:
        Route.objects.update(holder="other", held_until=timezone.now() + timedelta(minutes=5))

    with pytest.raises(RouteLost):
        harvest(source, client, CL, progress=taken_over)
    assert Paper.objects.count() == 1
    assert Route.objects.get().holder == "other"


def test_a_paper_that_is_gone_at_its_source_is_flagged_and_its_page_stays(client: Client) -> None:
    harvest(Told([batch("2611.00001")]), client, CL)
    harvest(Told([Batch({}, gone=[Gone("2611.00001")])], route="oai"), client, CL)

    assert Paper.objects.get().withdrawn
    assert not Paper.objects.visible().exists()


def test_replaying_a_harvest_changes_nothing(client: Client) -> None:
    harvest(Told([batch("2611.00001")]), client, CL)
    before = list(Paper.objects.values()), list(Announcement.objects.values())
    Route.objects.update(cursor={})

    assert harvest(Told([batch("2611.00001")]), client, CL).unchanged == 1
    assert (list(Paper.objects.values()), list(Announcement.objects.values())) == before


def test_a_record_that_cannot_be_kept_costs_only_itself(client: Client, settings: object) -> None:
    bad = preprint("2611.00009", " ", placements=())
    good = batch("2611.00001")
    good.records.append(bad)

    assert harvest(Told([good]), client, CL).rejected == 1
    assert Paper.objects.count() == 1


def test_who_waited_longer_than_the_lease_stores_nothing_that_another_has_stored(client: Client) -> None:
    """H01: places may make us wait for half an hour; another worker takes over meanwhile, and both give the same."""
    slow, quick = (Told([batch("2611.00001"), batch("2611.00002"), batch("2611.00003")]) for _ in range(2))

    def waits(done: HarvestTally) -> None:
        if done.batches == 1:
            Route.objects.update(held_until=timezone.now() - timedelta(seconds=1))
            assert harvest(quick, client, CL).finished

    with pytest.raises(RouteLost, match="taken over"):
        harvest(slow, client, CL, progress=waits)
    assert quick.asked == [{"at": 1}]
    assert sorted(Entry.objects.values_list("paper__key", flat=True)) == ["2611.00001", "2611.00002", "2611.00003"]
    route = Route.objects.get()
    assert (route.cursor, route.failure, route.holder) == ({"at": 3}, "", "")
    assert sorted(Run.objects.values_list("state", flat=True)) == ["done", "failed"]


def test_a_list_that_another_worker_has_moved_on_is_never_set_back(client: Client) -> None:
    slow = Told([batch("2611.00001"), batch("2611.00002")])

    def moved_on(_: object) -> None:
        Route.objects.update(holder="", held_until=None)
        harvest(Told([batch("2611.00001"), batch("2611.00002"), batch("2611.00003")]), client, CL)

    with pytest.raises(RouteLost):
        harvest(slow, client, CL, progress=moved_on)
    assert Route.objects.get().cursor == {"at": 3}


def test_a_refusal_says_which_command_ends_the_rest(client: Client) -> None:
    with pytest.raises(Refused):
        harvest(Told([], failure=Refused("example answers 403.")), client, CL)
    assert Route.objects.get().failure == (
        "example answers 403. Once you have looked: `broadsheet sources reset arxiv.feed`."
    )
