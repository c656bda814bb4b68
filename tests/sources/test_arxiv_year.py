"""A year of mornings: every paper is in the edition of the day on which arXiv announced it, and in no other.

2025 with the holidays of arXiv's page and both changes of the clock. The feed is missed on five mornings a month, and
in August the laptop is shut for nine days.
"""

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from broadsheet.sources.arxiv.feed.fetch import ArxivFeed
from broadsheet.sources.arxiv.oai.fetch import ArxivOAI
from broadsheet.sources.http import Client
from broadsheet.sources.place import Wanted
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import Paper, World
from tests.sources.conftest import in_memory
from tests.sources.harvesting import Held, WorldClock, client

HOLIDAYS = frozenset(date(2025, *day) for day in ((1, 1), (1, 20), (6, 19), (7, 6), (9, 1), (11, 27), (12, 25)))
SHUT = (date(2025, 8, 8), date(2025, 8, 16))
TOPICS = ("cs.CL", "cs.LG", "hep-th")


@pytest.fixture(scope="module")
def year() -> tuple[World, Held]:
    world, held, chance = World(25, HOLIDAYS, TOPICS), Held(), random.Random(25)
    days = world.days(date(2025, 1, 2), date(2025, 12, 31))
    missed = {
        day for month in range(1, 13) for day in chance.sample([one for one in days if one.month == month], 5)
    }
    with Server(world, page=100) as arxiv, in_memory() as folder:
        asking = client(folder, WorldClock(world))
        for day in days:
            world.live(day, most=3)
            if not SHUT[0] <= day <= SHUT[1]:
                _morning(held, arxiv, asking, feed=day not in missed)
    return world, held


def _morning(held: Held, arxiv: Server, asking: Client, *, feed: bool) -> None:
    wanted = Wanted(topics=TOPICS)
    if feed:
        held.harvest(ArxivFeed(arxiv.bases["feed"]), asking, wanted)
    held.harvest(ArxivOAI(arxiv.bases["oai"]), asking, wanted)


def was_held_back(world: World, paper: Paper) -> bool:
    assert paper.announced
    return paper.versions[0] < world.window(paper.announced - timedelta(days=1))[0]


def test_every_paper_of_the_year_is_there(year: tuple[World, Held]) -> None:
    world, held = year
    assert held.records.keys() == {paper.key for paper in world.public()}
    assert len(held.records) > 300


def test_every_edition_has_exactly_its_papers(year: tuple[World, Held]) -> None:
    """All but those of which nobody can tell: held back by a moderator, missed in the feed and replaced since."""
    world, held = year
    wrong = [paper for paper in world.public() if held.day_of(paper.key) != paper.announced]
    assert all(was_held_back(world, paper) and paper.version > 1 for paper in wrong), wrong
    assert len(wrong) <= 2


def test_no_edition_is_empty_and_none_is_of_a_holiday(year: tuple[World, Held]) -> None:
    world, held = year
    days = {held.day_of(key) for key in held.records}
    announced = {paper.announced for paper in world.public()}
    assert announced <= days
    assert not {evening + timedelta(days=1) for evening in HOLIDAYS} & days


def test_the_nine_days_on_which_the_laptop_was_shut_have_their_editions(year: tuple[World, Held]) -> None:
    world, held = year
    shut = world.days(*SHUT)
    assert len(shut) == 6
    for day in shut:
        assert [key for key in held.records if held.day_of(key) == day]


def test_the_listings_that_were_read_say_what_arxiv_announced(year: tuple[World, Held]) -> None:
    world, held = year
    for one in held.listings:
        truth = {line.key for line, kind in world.listing(one.day, one.topic) if kind in ("new", "cross")}
        assert set(one.ids) <= truth or one.late


def test_a_hundred_thousand_old_records_edited_on_one_day_are_of_no_edition(swift: Path) -> None:
    """A few hundred here: what counts is that none of them is announced, however many."""
    world, held = World(3, topics=TOPICS), Held()
    world.live_through(date(2025, 1, 2), date(2025, 4, 30), most=6)
    with Server(world, page=100) as arxiv:
        asking = client(swift, WorldClock(world))
        held.harvest(ArxivOAI(arxiv.bases["oai"]), asking, Wanted())
        before = {key: held.day_of(key) for key in held.records}
        told = set(held.announcements)
        world.live(date(2025, 7, 1))
        edited = world.edit(10_000)
        held.harvest(ArxivOAI(arxiv.bases["oai"]), asking, Wanted())
    assert len(edited) > 200
    assert all(held.records[one.key].journal_ref == one.journal_ref for one in edited)
    assert {key: held.day_of(key) for key in before} == before
    today = {one.source_id for one in held.announcements - told if one.day > date(2025, 4, 30)}
    assert today == {paper.key for paper in world.public() if paper.announced == date(2025, 7, 1)}
