"""arXiv's query API: days in the past, and single papers."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from broadsheet.core import ids
from broadsheet.core.ids import PaperId
from broadsheet.core.record import Version, checked
from broadsheet.sources.arxiv.query import adapt, parse
from broadsheet.sources.arxiv.query.fetch import ArxivQuery
from broadsheet.sources.failures import BadReply, FetchFailed, Refused
from broadsheet.sources.http import Client
from broadsheet.sources.place import Batch, Wanted
from tests.sources.arxiv_faults import OF_ANY_REPLY
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import World
from tests.sources.harvesting import Held, WorldClock, client

SAMPLES = Path(__file__).parent / "samples" / "arxiv"
SAMPLE = parse.results((SAMPLES / "query.xml").read_bytes())


@pytest.fixture
def world() -> World:
    world = World(9)
    world.live_through(date(2026, 10, 26), date(2026, 11, 20), most=8)
    return world


@pytest.fixture
def arxiv(world: World) -> Iterator[Server]:
    with Server(world) as server:
        yield server


@pytest.fixture
def asking(swift: Path, world: World) -> Client:
    return client(swift, WorldClock(world))


def harvested(arxiv: Server, asking: Client, held: Held, wanted: Wanted) -> Batch | None:
    return held.harvest(ArxivQuery(arxiv.bases["query"]), asking, wanted)


def paper(key: str) -> PaperId:
    found = ids.parse_arxiv(key)
    assert found
    return found[0]


def test_an_entry_in_full() -> None:
    made = checked(adapt.record(SAMPLE.entries[0]))
    assert (made.source_id, made.title) == ("1706.03762", "Attention Is All You Need")
    assert made.versions == (Version(1, date(2017, 6, 12)), Version(7, date(2023, 8, 2)))
    assert (made.published, made.updated) == (date(2017, 6, 12), date(2023, 8, 2))
    assert made.authors == ("Ashish Vaswani", "Noam Shazeer")
    assert (made.comment, made.journal_ref) == ("15 pages, 5 figures", "Some Journal 1")
    assert [one.key for one in made.ids] == ["1706.03762", "10.1000/xyz123"]


def test_the_primary_topic_comes_first_and_classes_of_other_schemes_are_no_topics() -> None:
    assert SAMPLE.entries[0].topics == ("cs.CL", "cs.LG")


def test_an_error_is_an_entry_too_but_no_paper(arxiv: Server, asking: Client) -> None:
    arxiv.plan.script = ["an error entry"]
    with pytest.raises(Refused, match="incorrect id format"):
        harvested(arxiv, asking, Held(), Wanted(ids=(paper("2611.00001"),)))


def test_papers_by_id_a_hundred_at_a_time_and_those_that_arxiv_does_not_give(
    arxiv: Server, asking: Client, world: World
) -> None:
    world.live_through(date(2026, 11, 23), date(2026, 12, 23), most=12)
    keys = [one.key for one in world.public()][:150]
    held = Held()
    last = harvested(arxiv, asking, held, Wanted(ids=(*map(paper, keys), paper("2611.99999"))))
    assert held.records.keys() == set(keys)
    assert len(arxiv.log) == 2
    assert [one.raw for one in held.rejects] == ["2611.99999"]
    assert last is not None
    assert last.finished


def test_days_are_asked_for_by_when_their_papers_were_submitted(arxiv: Server, asking: Client) -> None:
    harvested(arxiv, asking, Held(), Wanted(topics=("cs.CL", "cs", "hep-th"), since=date(2026, 11, 20)))
    query = arxiv.log[0].parameters["search_query"]
    assert query == "submittedDate:[202611181900 TO 202611191859] AND (cat:cs.CL OR cat:cs.* OR cat:hep-th)"


def test_every_paper_since_a_day_is_found_on_its_day(arxiv: Server, asking: Client, world: World) -> None:
    held, wanted = Held(), Wanted(since=date(2026, 11, 2))
    last = harvested(arxiv, asking, held, wanted)
    truth = {one.key: one for one in world.public() if one.versions[0] >= datetime(2026, 10, 29, 18, tzinfo=UTC)}
    assert held.records.keys() == truth.keys()
    wrong = [key for key, one in truth.items() if held.day_of(key) != one.announced]
    assert all(truth[key].announced > held.day_of(key) for key in wrong), "only held-back papers may come later"
    assert len(wrong) < len(truth) * 0.15
    assert last is not None
    assert last.finished


def test_a_harvest_that_stopped_goes_on_with_its_day(arxiv: Server, asking: Client, world: World) -> None:
    held, wanted = Held(), Wanted(since=date(2026, 11, 2))
    steps = held.steps(ArxivQuery(arxiv.bases["query"]), asking, wanted)
    next(steps)
    next(steps)
    asked = len(arxiv.log)
    harvested(arxiv, asking, held, wanted)
    assert len(arxiv.log) - asked == len(world.days(date(2026, 11, 4), date(2026, 11, 20)))


def test_a_day_that_is_not_there_yet_is_not_asked_for(arxiv: Server, asking: Client) -> None:
    last = harvested(arxiv, asking, Held(), Wanted(since=date(2027, 1, 1)))
    assert last is not None
    assert (last.finished, arxiv.log) == (True, [])


def test_an_empty_page_in_mid_list_moves_nothing(arxiv: Server, asking: Client) -> None:
    held = Held()
    arxiv.plan.script = ["an empty page of results"]
    with pytest.raises(BadReply, match="then an empty page"):
        harvested(arxiv, asking, held, Wanted(since=date(2026, 11, 18)))
    assert held.cursors == {}


def test_neither_ids_nor_days_is_a_mistake_of_the_caller(arxiv: Server, asking: Client) -> None:
    with pytest.raises(ValueError, match="by id, or for the days"):
        ArxivQuery(arxiv.bases["query"]).fetch(asking, Wanted(), {})


@pytest.mark.parametrize("fault", sorted(OF_ANY_REPLY))
def test_whatever_happens_to_a_reply_the_next_run_has_it_all(
    fault: str, arxiv: Server, asking: Client, world: World
) -> None:
    held, keys = Held(), [one.key for one in world.public()][:3]
    arxiv.plan.script = [fault]
    wanted = Wanted(ids=tuple(map(paper, keys)))
    try:
        harvested(arxiv, asking, held, wanted)
    except FetchFailed:
        assert held.records == {}
        harvested(arxiv, asking, held, wanted)
    assert held.records.keys() == set(keys)
