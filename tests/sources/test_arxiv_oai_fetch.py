"""Harvesting by OAI-PMH: where each list begins, what breaks it off, and when it is believed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.sources.arxiv.home import UnknownTopic
from broadsheet.sources.arxiv.oai.fetch import ArxivOAI
from broadsheet.sources.failures import BadReply, FetchFailed, Refused
from broadsheet.sources.http import Client
from broadsheet.sources.place import Batch, Wanted
from tests.sources.arxiv_faults import OF_ANY_REPLY, OF_OAI
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import World
from tests.sources.harvesting import Held, WorldClock, client

EVERYTHING = Wanted()


@pytest.fixture
def world() -> World:
    world = World(5)
    world.live_through(date(2026, 9, 1), date(2026, 10, 30), most=4)
    return world


@pytest.fixture
def arxiv(world: World) -> Iterator[Server]:
    with Server(world, page=10) as server:
        yield server


@pytest.fixture
def asking(swift: Path, world: World) -> Client:
    return client(swift, WorldClock(world))


def harvested(arxiv: Server, asking: Client, held: Held, wanted: Wanted = EVERYTHING) -> Batch | None:
    return held.harvest(ArxivOAI(arxiv.bases["oai"]), asking, wanted)


def caught_up(arxiv: Server, asking: Client) -> Held:
    held = Held()
    harvested(arxiv, asking, held)
    arxiv.log.clear()
    return held


def asked(arxiv: Server) -> list[str]:
    return [one.parameters.get("from", one.parameters.get("resumptionToken", "all"))[:10] for one in arxiv.log]


def test_the_first_harvest_asks_for_everything_and_never_for_an_end(arxiv: Server, asking: Client) -> None:
    harvested(arxiv, asking, Held())
    assert "from" not in arxiv.log[0].parameters
    assert all("until" not in one.parameters for one in arxiv.log)
    assert arxiv.log[0].parameters["metadataPrefix"] == "arXivRaw"


def test_the_first_harvest_may_begin_at_a_day(arxiv: Server, asking: Client) -> None:
    held = Held()
    harvested(arxiv, asking, held, Wanted(since=date(2026, 10, 20)))
    assert arxiv.log[0].parameters["from"] == "2026-10-20"
    assert 0 < len(held.records) < len(arxiv.world.public())


def test_the_next_begins_two_days_before_the_day_of_the_last_by_arxivs_clock(
    arxiv: Server, asking: Client, world: World
) -> None:
    """H05: the server's clock decides, never ours."""
    held = caught_up(arxiv, asking)
    began = world.now.date()
    world.live(date(2026, 11, 2))
    harvested(arxiv, asking, held)
    assert asked(arxiv)[0] == (began - timedelta(days=2)).isoformat()


def test_a_topic_is_asked_for_as_a_set(arxiv: Server, asking: Client, world: World) -> None:
    """H10: sets as arXiv names them."""
    held = Held()
    harvested(arxiv, asking, held, Wanted(topics=("cs.CL", "hep-th")))
    sets = [one.parameters["set"] for one in arxiv.log if "set" in one.parameters]
    assert list(dict.fromkeys(sets)) == ["cs:cs:CL", "physics:hep-th"]
    assert held.records.keys() == {
        one.key for one in world.public() if "cs.CL" in one.topics or "hep-th" in one.topics
    }


def test_only_the_last_of_several_lists_finishes_a_harvest(arxiv: Server, asking: Client) -> None:
    held, wanted = Held(), Wanted(topics=("cs.CL", "hep-th"))
    finished = [one.finished for one in held.steps(ArxivOAI(arxiv.bases["oai"]), asking, wanted)]
    assert finished[-1]
    assert not any(finished[:-1])


@pytest.mark.parametrize("topic", ["cs:CL", "biology", "cs.CL OR all", "", "../etc"])
def test_an_unknown_topic_is_told_before_anything_is_asked(topic: str, arxiv: Server, asking: Client) -> None:
    with pytest.raises(UnknownTopic):
        ArxivOAI(arxiv.bases["oai"]).fetch(asking, Wanted(topics=(topic,)), {})
    assert arxiv.log == []


def test_no_news_is_a_finished_list(arxiv: Server, asking: Client) -> None:
    last = harvested(arxiv, asking, Held(), Wanted(since=date(2027, 1, 1)))
    assert last is not None
    assert (last.finished, last.records, len(arxiv.log)) == (True, [], 1)


def test_a_list_that_was_broken_off_goes_on_with_its_token(arxiv: Server, asking: Client) -> None:
    held = Held()
    steps = held.steps(ArxivOAI(arxiv.bases["oai"]), asking, EVERYTHING)
    next(steps)
    next(steps)
    arxiv.log.clear()
    harvested(arxiv, asking, held)
    assert "resumptionToken" in arxiv.log[0].parameters


def test_a_token_that_died_over_night_is_replaced_by_the_last_day_read(
    arxiv: Server, asking: Client, world: World
) -> None:
    """H06: tokens die daily."""
    held = Held()
    steps = held.steps(ArxivOAI(arxiv.bases["oai"]), asking, EVERYTHING)
    first = next(steps)
    world.now += timedelta(days=1)
    arxiv.log.clear()
    harvested(arxiv, asking, held)
    last_read = max(record.seen_at for record in first.records if record.seen_at)
    assert arxiv.log[1].parameters["from"] == f"{last_read:%Y-%m-%d}"
    assert held.records.keys() == {one.key for one in world.public()}


def test_a_list_that_breaks_off_again_and_again_is_given_up(arxiv: Server, asking: Client) -> None:
    arxiv.plan.script = [None, *(["a dead token", None] * 9)]
    with pytest.raises(BadReply, match="broke off a list"):
        harvested(arxiv, asking, Held())


def test_an_empty_page_in_mid_list_moves_nothing(arxiv: Server, asking: Client) -> None:
    """H04: an empty page is no end."""
    held = Held()
    arxiv.plan.script = [None, "an empty page"]
    with pytest.raises(BadReply, match="an empty page"):
        harvested(arxiv, asking, held)
    before = dict(held.cursors["oai"])
    harvested(arxiv, asking, held)
    assert "resumptionToken" in arxiv.log[2].parameters
    assert before != held.cursors["oai"]


@pytest.mark.parametrize("fault", sorted(OF_ANY_REPLY | set(OF_OAI)))
def test_whatever_happens_to_the_second_page_nothing_is_lost(
    fault: str, arxiv: Server, asking: Client, world: World
) -> None:
    """H04: a page that is not whole is refused, and the cursor stays before it."""
    held = Held()
    arxiv.plan.script = [None, fault]
    try:
        harvested(arxiv, asking, held)
    except FetchFailed:
        harvested(arxiv, asking, held)
    assert arxiv.plan.given == [fault]
    assert {key: one.journal_ref for key, one in held.records.items()} == {
        one.key: one.journal_ref for one in world.public()
    }


def test_a_clock_of_theirs_that_is_ahead_skips_no_day(arxiv: Server, asking: Client, world: World) -> None:
    held = Held()
    arxiv.plan.script = ["a clock ahead"] * 99
    harvested(arxiv, asking, held)
    arxiv.plan.script = []
    for day in world.days(date(2026, 11, 1), date(2026, 11, 4)):
        world.live(day)
    harvested(arxiv, asking, held)
    assert held.records.keys() == {one.key for one in world.public()}


def test_a_record_that_moves_between_two_pages_hides_no_other(swift: Path) -> None:
    """One day of old records, three a page; two of the first page are edited, so two more are skipped."""
    world = World(8)
    at = datetime.fromisoformat("2026-06-02T02:00:00+00:00")
    for _ in range(12):
        paper = world.submit(at)
        paper.announced, paper.modified = at.date(), at
    world.now = datetime.fromisoformat("2026-11-20T06:00:00+00:00")
    held = Held()
    with Server(world, page=3) as arxiv:
        steps = held.steps(ArxivOAI(arxiv.bases["oai"]), client(swift, WorldClock(world)), EVERYTHING)
        first = next(steps)
        for record in first.records[:2]:
            world.papers[record.source_id].modified = world.now
        for _ in steps:
            pass
    assert held.records.keys() == set(world.papers)


def test_days_that_are_read_again_anyway_are_read_once(arxiv: Server, asking: Client, world: World) -> None:
    held = caught_up(arxiv, asking)
    world.now += timedelta(days=1)
    harvested(arxiv, asking, held)
    assert len([one for one in arxiv.log if "from" in one.parameters]) == 1


def test_a_long_list_is_read_until_two_readings_agree(arxiv: Server, asking: Client) -> None:
    harvested(arxiv, asking, Held())
    assert len([one for one in arxiv.log if "resumptionToken" not in one.parameters]) == 2


def test_an_error_that_is_ours_is_for_a_person(arxiv: Server, asking: Client) -> None:
    with pytest.raises(Refused, match="cannotDisseminateFormat"):
        Held().harvest(ArxivOAI(arxiv.bases["oai"], format_name="marc"), asking, EVERYTHING)


def test_a_page_comes_in_batches_and_the_cursor_moves_with_the_last(swift: Path, world: World) -> None:
    world.live_through(date(2026, 11, 2), date(2026, 11, 20), most=90)
    held = Held()
    with Server(world, page=2_000) as arxiv:
        source = ArxivOAI(arxiv.bases["oai"])
        steps = held.steps(source, client(swift, WorldClock(world)), EVERYTHING)
        first = next(steps)
        assert len(first.records) == 500
        assert (first.cursor, first.finished) == ({}, False)
        for last in steps:
            assert len(last.records) <= 500
        assert last.finished
        assert last.seen == len(world.public())


def test_what_one_record_lacks_is_told_and_the_rest_is_kept(arxiv: Server, asking: Client, world: World) -> None:
    world.public()[3].title = " "
    held = Held()
    harvested(arxiv, asking, held)
    assert len(held.records) == len(world.public()) - 1
    assert "has no title" in held.rejects[0].reason
