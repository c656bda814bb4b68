"""arXiv's feeds: which day a listing is of, what it announces, and when it is late."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from broadsheet.sources.arxiv.feed.fetch import ArxivFeed
from broadsheet.sources.arxiv.home import UnknownTopic
from broadsheet.sources.failures import FetchFailed
from broadsheet.sources.http import Client
from broadsheet.sources.place import Announced, Announcement, Batch, Listed, Wanted
from tests.sources.arxiv_faults import OF_ANY_REPLY, Answer
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import World
from tests.sources.harvesting import Held, WorldClock, client

FRIDAY = date(2026, 11, 20)
CL = Wanted(topics=("cs.CL",))


@pytest.fixture
def world() -> World:
    world = World(6, topics=("cs.CL", "cs.LG", "cs.AI"))
    world.live_through(date(2026, 10, 1), FRIDAY, most=8)
    return world


@pytest.fixture
def arxiv(world: World) -> Iterator[Server]:
    with Server(world) as server:
        yield server


@pytest.fixture
def asking(swift: Path, world: World) -> Client:
    return client(swift, WorldClock(world))


def harvested(arxiv: Server, asking: Client, held: Held, wanted: Wanted = CL, form: str = "rss") -> Batch | None:
    return held.harvest(ArxivFeed(f"{arxiv.home}/{form}"), asking, wanted)


def listed(world: World, day: date, topic: str) -> set[tuple[str, str]]:
    return {(line.key, kind) for line, kind in world.listing(day, topic)}


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_listing_is_told_as_arxiv_tells_it(form: str, arxiv: Server, asking: Client, world: World) -> None:
    held = Held()
    last = harvested(arxiv, asking, held, form=form)
    truth = listed(world, FRIDAY, "cs.CL")
    assert truth
    assert held.announcements == {
        Announcement(key, FRIDAY, "cs.CL", Announced(kind), certain=True) for key, kind in truth
    }
    (only,) = held.listings
    assert (only.day, only.topic, only.late) == (FRIDAY, "cs.CL", False)
    assert set(only.ids) == {key for key, kind in truth if not kind.startswith("replace")}
    assert last is not None
    assert last.finished


def test_the_same_listing_is_not_read_twice(arxiv: Server, asking: Client) -> None:
    """H16: conditional requests are honoured."""
    held = Held()
    harvested(arxiv, asking, held)
    last = harvested(arxiv, asking, held)
    assert last is not None
    assert (last.finished, last.records, last.listings) == (True, [], [])
    assert arxiv.log[1].headers["If-None-Match"]


def test_the_listing_before_under_the_new_date_is_late_and_not_used(
    arxiv: Server, asking: Client, world: World
) -> None:
    held = Held()
    harvested(arxiv, asking, held)
    before = set(held.announcements)
    world.live(date(2026, 11, 23))
    arxiv.plan.script = ["the listing before, newly dated"]
    harvested(arxiv, asking, held)
    assert held.announcements == before
    assert held.listings[1:] == [Listed(date(2026, 11, 23), "cs.CL", (), late=True)]


def test_a_late_listing_heals_when_it_comes(arxiv: Server, asking: Client, world: World) -> None:
    held = Held()
    harvested(arxiv, asking, held)
    world.live(date(2026, 11, 23))
    arxiv.plan.script = ["the listing before, newly dated"]
    harvested(arxiv, asking, held)
    harvested(arxiv, asking, held)
    monday = {one.source_id for one in held.announcements if one.day == date(2026, 11, 23)}
    assert monday == {key for key, _ in listed(world, date(2026, 11, 23), "cs.CL")}
    assert not held.listings[-1].late


def test_the_listing_before_under_its_own_date_is_used_for_that_day_and_the_new_one_is_late(
    arxiv: Server, asking: Client, world: World
) -> None:
    world.live(date(2026, 11, 23))
    held = Held()
    arxiv.plan.script = ["the listing before"]
    harvested(arxiv, asking, held)
    assert {one.day for one in held.announcements} == {FRIDAY}
    assert [(one.day, one.late) for one in held.listings] == [(FRIDAY, False), (date(2026, 11, 23), True)]


def test_after_a_missed_listing_the_next_is_believed_but_not_certain(
    arxiv: Server, asking: Client, world: World
) -> None:
    """It may be the missed one, newly dated; what OAI-PMH tells of the papers then decides."""
    held = Held()
    harvested(arxiv, asking, held)
    world.live(date(2026, 11, 23))
    world.live(date(2026, 11, 24))
    arxiv.plan.script = ["the listing before, newly dated"]
    harvested(arxiv, asking, held)
    told = [one for one in held.announcements if one.day == date(2026, 11, 24)]
    assert told
    assert not any(one.certain for one in told)
    assert [one.day for one in held.listings] == [FRIDAY]


def test_one_stale_topic_does_not_touch_the_others(arxiv: Server, asking: Client, world: World) -> None:
    held, wanted = Held(), Wanted(topics=("cs.AI", "cs.CL"))
    harvested(arxiv, asking, held, wanted)
    world.live(date(2026, 11, 23))
    arxiv.plan.script = ["the listing before, newly dated", None]
    harvested(arxiv, asking, held, wanted)
    monday = {(one.topic, one.late) for one in held.listings if one.day == date(2026, 11, 23)}
    assert monday == {("cs.AI", True), ("cs.CL", False)}


def test_an_empty_listing_where_one_was_due_is_late(arxiv: Server, asking: Client) -> None:
    held = Held()
    arxiv.plan.script = ["an empty listing"]
    harvested(arxiv, asking, held)
    assert held.listings == [Listed(FRIDAY, "cs.CL", (), late=True)]


def test_an_empty_listing_on_a_holiday_is_all_of_it(arxiv: Server, asking: Client, world: World) -> None:
    world.now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    held = Held()
    arxiv.plan.script = ["an empty listing"]
    harvested(arxiv, asking, held)
    assert Listed(date(2026, 11, 27), "cs.CL", ()) in held.listings
    assert not any(one.late for one in held.listings)


def test_on_a_saturday_nothing_is_late(arxiv: Server, asking: Client, world: World) -> None:
    held = Held()
    harvested(arxiv, asking, held)
    world.now = datetime(2026, 11, 21, 18, tzinfo=UTC)
    harvested(arxiv, asking, held)
    assert [one.late for one in held.listings] == [False]


def test_a_feed_that_arxiv_may_have_cut_off_does_not_claim_to_be_all(
    arxiv: Server, asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadsheet.sources.arxiv.feed.fetch.MOST_ITEMS", 2)
    held = Held()
    harvested(arxiv, asking, held)
    assert held.announcements
    assert held.listings == []


def test_without_topics_every_archive_is_asked_and_told_by_subject(
    arxiv: Server, asking: Client, world: World
) -> None:
    held = Held()
    harvested(arxiv, asking, held, Wanted())
    assert len(arxiv.log) == 20
    assert {one.topic for one in held.announcements} == {"cs.CL", "cs.LG", "cs.AI"}
    told = {one.source_id for one in held.announcements if one.kind is Announced.NEW}
    assert told == {line.key for line in world.lines if line.day == FRIDAY and line.action == "new"}


def test_a_topic_that_only_arxiv_can_tell_is_none_costs_only_itself(
    arxiv: Server, asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = arxiv._feed
    monkeypatch.setattr(
        arxiv,
        "_feed",
        lambda form, topic, *rest: feed(form, topic, *rest) if topic != "cs.XX" else Answer(b"", status=400),
    )
    held = Held()
    last = harvested(arxiv, asking, held, Wanted(topics=("cs.XX", "cs.CL")))
    assert "cs.XX" in held.rejects[0].raw
    assert {one.topic for one in held.announcements} == {"cs.CL"}
    assert last is not None
    assert last.finished


def test_an_unknown_topic_is_told_before_anything_is_asked(arxiv: Server, asking: Client) -> None:
    with pytest.raises(UnknownTopic):
        ArxivFeed(arxiv.bases["feed"]).fetch(asking, Wanted(topics=("cs.CL", "cs.CL/../x")), {})
    assert arxiv.log == []


@pytest.mark.parametrize("fault", sorted(OF_ANY_REPLY))
def test_whatever_happens_to_a_feed_the_next_run_has_it_all(
    fault: str, arxiv: Server, asking: Client, world: World
) -> None:
    held = Held()
    arxiv.plan.script = [fault]
    try:
        harvested(arxiv, asking, held)
    except FetchFailed:
        assert held.announcements == set()
        harvested(arxiv, asking, held)
    assert {one.source_id for one in held.announcements} == {key for key, _ in listed(world, FRIDAY, "cs.CL")}


def test_what_oai_pmh_says_of_the_same_day_has_the_last_word(world: World, arxiv: Server, asking: Client) -> None:
    """It has the comment and the dates, whichever of the two comes first."""
    from broadsheet.core.saying import followed, moment
    from broadsheet.sources.arxiv.oai.fetch import ArxivOAI

    feed, oai = Held(), Held()
    harvested(arxiv, asking, feed)
    oai.harvest(ArxivOAI(arxiv.bases["oai"]), asking, CL)
    for key, record in feed.records.items():
        assert moment(oai.records[key]) > moment(record), key
        both = {followed(record, oai.records[key]), followed(oai.records[key], record)}
        assert len(both) == 1
        assert both.pop().comment == world.papers[key].comment


def test_an_old_listing_under_a_new_date_takes_nothing_back_that_oai_pmh_said(
    world: World, arxiv: Server, asking: Client
) -> None:
    """The listing before was missed, so nobody sees that this one is old; what it lacks still stands."""
    from broadsheet.core.saying import moment
    from broadsheet.sources.arxiv.oai.fetch import ArxivOAI

    oai, feed = Held(), Held()
    oai.harvest(ArxivOAI(arxiv.bases["oai"]), asking, CL)
    world.live(date(2026, 11, 23))
    arxiv.plan.script = ["the listing before, newly dated"]
    harvested(arxiv, asking, feed)
    assert feed.records
    assert all(moment(record) < moment(oai.records[key]) for key, record in feed.records.items())


def test_a_day_that_was_read_and_then_has_other_papers_is_not_certain(
    world: World, arxiv: Server, asking: Client
) -> None:
    """A cache gives the listing before under today's date, after today's own was read."""
    held = Held()
    world.live(date(2026, 11, 23))
    harvested(arxiv, asking, held)
    certain = {one for one in held.announcements if one.certain}
    arxiv.plan.script = ["the listing before, newly dated"]
    harvested(arxiv, asking, held)
    assert {one for one in held.announcements if one.certain} == certain
    assert held.announcements > certain
