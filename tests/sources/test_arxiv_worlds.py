"""Random worlds: whatever arXiv and the network do, what is held in the end is what arXiv has."""

import os
import random
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from broadsheet.sources.arxiv.feed.fetch import ArxivFeed
from broadsheet.sources.arxiv.oai.fetch import ArxivOAI
from broadsheet.sources.failures import FetchFailed
from broadsheet.sources.place import Wanted
from tests.sources.arxiv_faults import FAULTS, OF_FEEDS, OF_OAI, SLOW, Plan
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import Paper, World
from tests.sources.harvesting import Held, WorldClock, client

# More of them: TEST_WORLDS=500 pytest tests/sources/test_arxiv_worlds.py
WORLDS = int(os.environ.get("TEST_WORLDS", "12"))


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_end_is_the_truth_whatever_happens_on_the_way(seed: int, swift: Path) -> None:
    chance = random.Random(seed)
    world = World(seed)
    world.live_through(date(2026, 6, 1), date(2026, 8, 31), most=3)
    days = world.days(date(2026, 9, 1), date(2026, 9, 30))
    plan = Plan(rate=chance.choice((0.1, 0.3, 0.5)), seed=seed)
    topics = chance.choice(((), ("cs.LG",), ("cs", "hep-th")))
    held, wanted = Held(), Wanted(topics=topics)
    with Server(world, plan, page=chance.choice((3, 7, 20))) as arxiv:
        source = ArxivOAI(arxiv.bases["oai"])
        asking = client(swift, WorldClock(world), seed=seed)
        for day in days:
            world.live(day)
            if chance.random() < 0.1:
                world.delete()
            if chance.random() < 0.3:
                continue  # the laptop stays shut
            _run(held, source, asking, wanted, chance)
        plan.rate = 0.0
        for _ in range(8):
            asking.breaker("arxiv.oai").reset()
            if (last := held.harvest(source, asking, wanted)) is not None and last.finished:
                break
        else:
            pytest.fail("never finished")
    _compare(held, world, topics)


def _run(held: Held, source: ArxivOAI, asking: object, wanted: Wanted, chance: random.Random) -> None:
    """One run, which may fail, or be killed after any batch."""
    asking.breaker("arxiv.oai").reset()  # type: ignore[attr-defined]
    try:
        for _ in held.steps(source, asking, wanted):  # type: ignore[arg-type]
            if chance.random() < 0.1:
                return
    except FetchFailed:
        pass


def _compare(held: Held, world: World, topics: tuple[str, ...]) -> None:
    def is_wanted(paper: object) -> bool:
        names = paper.topics  # type: ignore[attr-defined]
        return not topics or any(one == name or one.startswith(f"{name}.") for one in names for name in topics)

    truth = {one.key: one for one in world.public() if is_wanted(one)}
    there = {key for key, one in truth.items() if not one.deleted}
    assert there <= held.records.keys(), "papers are lost"
    assert held.records.keys() - held.gone <= there, "papers are there that arXiv does not have"
    for key in there:
        made, paper = held.records[key], truth[key]
        assert made.title == paper.title
        assert [one.number for one in made.versions] == list(range(1, paper.version + 1)), key
        assert made.topics == paper.topics
        assert made.journal_ref == paper.journal_ref, key
        assert made.withdrawn == paper.withdrawn
        assert made.authors == paper.authors


@pytest.mark.parametrize("seed", range(max(WORLDS // 4, 3)))
def test_every_paper_ends_on_its_day_whatever_happens_to_either_route(seed: int, swift: Path) -> None:
    """No day that was read in a listing is wrong, and of those concluded only some that nobody could tell."""
    topics = ("cs.CL", "cs.LG", "hep-th")
    # Labor Day, on which arXiv sends no mailing.
    holidays = frozenset({date(2026, 9, 7)})
    world, held, wanted = World(seed, holidays, topics), Held(), Wanted(topics=topics)
    plan = Plan(rate=0.4, seed=seed, names=tuple(sorted({*FAULTS, *OF_OAI, *OF_FEEDS} - set(SLOW))))
    with Server(world, plan, page=7) as arxiv:
        asking = client(swift, WorldClock(world), seed=seed)
        for day in world.days(date(2026, 9, 1), date(2026, 10, 20)):
            world.live(day, most=4)
            for source in (ArxivFeed(arxiv.bases["feed"]), ArxivOAI(arxiv.bases["oai"])):
                asking.breaker(f"arxiv.{source.route}").reset()
                with suppress(FetchFailed):
                    held.harvest(source, asking, wanted)
        plan.rate = 0.0
        while (last := held.harvest(ArxivOAI(arxiv.bases["oai"]), asking, wanted)) is None or not last.finished:
            pass
    assert held.records.keys() == {paper.key for paper in world.public()}
    read = {key: [one.day for one in record.placements if one.certain] for key, record in held.records.items()}
    assert all(days in ([], [world.papers[key].announced]) for key, days in read.items()), "read, and wrong"
    wrong = [one for one in world.public() if held.day_of(one.key) != one.announced]
    assert all(_cannot_be_told(world, one) for one in wrong), wrong
    assert len(wrong) <= len(world.public()) * 0.06


def _cannot_be_told(world: World, paper: Paper) -> bool:
    """Held back or changed again: whoever missed its listing and the change cannot tell one from the other."""
    assert paper.announced
    opened, _ = world.window(paper.announced - timedelta(days=1))
    return paper.versions[0] < opened or paper.modified.date() > paper.announced


def test_the_worlds_draw_every_fault_of_oai_pmh() -> None:
    assert set(OF_OAI) <= set(Plan().names)
