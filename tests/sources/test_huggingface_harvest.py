"""H17: Daily Papers over the network: a real server that speaks as its API does, one quirk at a time."""

import tarfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.core.ids import PaperId, Scheme
from broadsheet.sources import places
from broadsheet.sources.failures import BadReply, FetchFailed, Missing
from broadsheet.sources.http import Client
from broadsheet.sources.huggingface import parse
from broadsheet.sources.huggingface.asked import records
from broadsheet.sources.huggingface.home import announces
from broadsheet.sources.place import Batch, Source, Tells, UnknownTopic, Wanted
from tests.sources.arxiv_faults import Answer
from tests.sources.daily_papers import FRIDAY, THURSDAY, Daily, item
from tests.sources.harvesting import Held
from tests.sources.place_server import NOON, PASSING, PlaceServer


@pytest.fixture
def daily() -> Daily:
    return Daily()


@pytest.fixture
def there(daily: Daily) -> Iterator[PlaceServer]:
    with PlaceServer(tell=daily.tell) as server:
        yield server


def route(there: PlaceServer, name: str) -> Source:
    base = f"{there.home}/api"
    names = ("daily", "week", "month", "trending", "paper")
    found = places.routes("huggingface", dict.fromkeys(names, base))
    return next(one for one in found if one.route == name)


def harvested(there: PlaceServer, asking: Client, held: Held, since: date | None = THURSDAY) -> Batch | None:
    return held.harvest(route(there, "daily"), asking, Wanted(since=since))


def votes(held: Held, key: str) -> dict[str, int]:
    return {one.name: one.value for one in held.records[key].observations}


def test_each_day_from_the_first_is_read_and_its_papers_filed_by_votes(there: PlaceServer, asking: Client) -> None:
    held = Held()
    last = harvested(there, asking, held)
    found = {key: (one.placements[0].day, one.placements[0].position) for key, one in held.records.items()}
    assert found == {
        "2611.00001": (THURSDAY, 0), "2611.00002": (THURSDAY, 1),
        "2611.00004": (FRIDAY, 0), "2611.00003": (FRIDAY, 1), "2611.00005": (FRIDAY, 2),
    }  # fmt: skip
    assert last is not None
    assert last.finished


def test_votes_are_theirs_and_bear_the_time_of_reading(there: PlaceServer, asking: Client) -> None:
    """H17: their votes are never mixed with ours."""
    held = Held()
    harvested(there, asking, held)
    reading = held.records["2611.00004"].observations
    assert {(one.name, one.value) for one in reading} == {("huggingface.votes", 7), ("huggingface.comments", 1)}
    assert {one.seen_at for one in reading} == {NOON}


def test_a_day_stays_open_until_half_a_day_after_its_end(there: PlaceServer, asking: Client, daily: Daily) -> None:
    held = Held()
    harvested(there, asking, held)
    assert [(one.day, one.ids) for one in held.listings] == [(THURSDAY, ("2611.00001", "2611.00002"))]
    daily.days["2026-11-20"].append(item(6, votes=30))
    there.world.now = NOON + timedelta(days=1)
    asked = len(there.log)
    harvested(there, asking, held)
    assert {one.parameters["date"] for one in there.log[asked:]} == {"2026-11-20", "2026-11-21"}
    assert held.records["2611.00006"].placements[0].position == 0
    assert held.listings[1].day == FRIDAY
    assert len(held.listings[1].ids) == 4
    assert held.cursors["daily"] == {"day": "2026-11-21", "counts": {"2026-11-21": 0}}


def test_pages_are_read_until_one_brings_nothing_new_however_many_items_they_have(
    there: PlaceServer, asking: Client, daily: Daily
) -> None:
    daily.days["2026-11-20"] = [item(number, votes=number) for number in range(10, 35)]
    daily.cap = 10
    held = Held()
    harvested(there, asking, held, FRIDAY)
    assert len(held.records) == 25
    assert held.records["2611.00034"].placements[0].position == 0


def test_a_server_that_gives_the_same_page_for_ever_is_read_once(
    there: PlaceServer, asking: Client, daily: Daily
) -> None:
    there.tell = lambda path, asked: daily.days["2026-11-20"]
    held = Held()
    harvested(there, asking, held, FRIDAY)
    assert len(held.records) == 3
    assert len(there.log) == 2


def test_an_empty_day_is_a_day_without_papers(there: PlaceServer, asking: Client, daily: Daily) -> None:
    """H17: an empty day is tolerated."""
    daily.days.clear()
    held = Held()
    last = harvested(there, asking, held)
    assert held.records == {}
    assert [(one.day, one.ids) for one in held.listings] == [(THURSDAY, ())]
    assert last is not None
    assert last.finished


def test_a_list_that_lost_its_papers_is_not_believed(there: PlaceServer, asking: Client, daily: Daily) -> None:
    held = Held()
    harvested(there, asking, held)
    before = dict(held.cursors)
    daily.days["2026-11-20"] = []
    with pytest.raises(BadReply, match="0 papers where it had 3"):
        harvested(there, asking, held)
    assert held.cursors == before


def test_a_day_that_has_not_begun_there_is_refused_and_no_failure(
    there: PlaceServer, asking: Client, daily: Daily
) -> None:
    def tell(path: str, asked: Mapping[str, str]) -> object:
        return Answer(b"{}", "application/json", 400) if asked["date"] == "2026-11-20" else daily.tell(path, asked)

    there.tell = tell
    held = Held()
    last = harvested(there, asking, held)
    assert set(held.records) == {"2611.00001", "2611.00002"}
    assert last is not None
    assert last.finished


def test_a_day_of_the_past_that_is_refused_is_a_failure(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: None
    with pytest.raises(Missing):
        harvested(there, asking, Held())


def test_the_list_of_another_day_files_each_paper_on_its_own(
    there: PlaceServer, asking: Client, daily: Daily
) -> None:
    there.tell = lambda path, asked: daily.days["2026-11-19"]
    held = Held()
    harvested(there, asking, held, FRIDAY)
    assert {one.placements[0].day for one in held.records.values()} == {THURSDAY}
    assert held.listings == []


def test_no_day_of_the_future_is_asked_for(there: PlaceServer, asking: Client) -> None:
    """H17: no day that has not begun."""
    harvested(there, asking, Held(), date(2027, 5, 1))
    assert {one.parameters["date"] for one in there.log} == {"2026-11-20"}


def test_items_that_are_none_are_told_and_the_others_kept(there: PlaceServer, asking: Client, daily: Daily) -> None:
    """H17: unknown fields and missing ids are tolerated."""
    daily.days["2026-11-20"] += [17, {"paper": {"title": "No id"}}, item(8, title=""), item(9, id="hep-th/9901001")]
    daily.days["2026-11-20"][-2]["title"] = ""
    held = Held()
    harvested(there, asking, held, FRIDAY)
    assert "hep-th/9901001" in held.records
    assert len(held.rejects) == 3


def test_what_is_trending_tells_votes_and_stars_and_files_nothing(there: PlaceServer, asking: Client) -> None:
    held = Held()
    held.harvest(route(there, "trending"), asking, Wanted())
    assert votes(held, "2611.00900") == {"huggingface.votes": 50, "huggingface.comments": 1, "github.stars": 1200}
    assert held.records["2611.00900"].placements == ()
    assert held.announcements == set()


def test_a_week_and_a_month_are_asked_for_by_their_names(there: PlaceServer, asking: Client) -> None:
    held = Held()
    held.harvest(route(there, "week"), asking, Wanted())
    held.harvest(route(there, "month"), asking, Wanted())
    assert there.log[0].parameters["week"] == "2026-W47"
    assert there.log[-1].parameters["month"] == "2026-11"
    assert len(held.records) == 5


def test_a_list_of_many_days_is_left_alone_for_a_while(there: PlaceServer, asking: Client) -> None:
    held = Held()
    held.harvest(route(there, "trending"), asking, Wanted())
    asked = len(there.log)
    last = held.harvest(route(there, "trending"), asking, Wanted())
    assert (len(there.log), last.finished if last else False) == (asked, True)
    there.world.now = NOON + timedelta(hours=2)
    held.harvest(route(there, "trending"), asking, Wanted())
    assert len(there.log) > asked


def test_a_later_reading_follows_the_one_before(there: PlaceServer, asking: Client, daily: Daily) -> None:
    held = Held()
    harvested(there, asking, held)
    daily.days["2026-11-20"][1]["paper"]["upvotes"] = 40
    there.world.now = NOON + timedelta(hours=3)
    held.harvest(route(there, "week"), asking, Wanted())
    assert votes(held, "2611.00004")["huggingface.votes"] == 40
    assert held.records["2611.00004"].placements[0].day == FRIDAY


def test_single_papers_and_those_that_are_not_there(there: PlaceServer, asking: Client) -> None:
    held = Held()
    ids = (
        PaperId(Scheme.ARXIV, "2611.00007"),
        PaperId(Scheme.ARXIV, "2611.99999"),
        PaperId(Scheme.DOI, "10.1/x"),
    )
    last = held.harvest(route(there, "paper"), asking, Wanted(ids=ids))
    assert votes(held, "2611.00007") == {"huggingface.votes": 3}
    assert [one.raw for one in held.rejects] == ["2611.99999"]
    assert last is not None
    assert last.finished


def test_topics_are_a_mistake_that_is_told(there: PlaceServer, asking: Client) -> None:
    for name in ("daily", "week", "month", "trending"):
        with pytest.raises(UnknownTopic, match="no topics"):
            route(there, name).fetch(asking, Wanted(topics=("cs.CL",)), {})


def test_weekends_have_no_list_and_other_days_are_never_late_before_they_are_over() -> None:
    assert [announces(date(2026, 11, day)) for day in (20, 21, 22, 23)] == [None, False, False, None]


@pytest.mark.parametrize("fault", PASSING)
def test_whatever_happens_to_a_reply_nothing_is_lost(
    fault: str, there: PlaceServer, asking: Client, daily: Daily
) -> None:
    held = Held()
    there.plan.script = [None, fault]
    try:
        harvested(there, asking, held)
    except FetchFailed:
        there.world.now += timedelta(hours=6)
        harvested(there, asking, held)
    assert set(held.records) == {f"2611.0000{number}" for number in range(1, 6)}


def test_a_killed_harvest_goes_on_with_the_same_day(there: PlaceServer, asking: Client) -> None:
    held = Held()
    steps = held.steps(route(there, "daily"), asking, Wanted(since=THURSDAY))
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    asked = len(there.log)
    harvested(there, asking, held)
    assert {one.parameters["date"] for one in there.log[asked:]} == {"2026-11-20"}
    assert len(held.records) == 5


def test_every_route_says_what_it_is_good_for() -> None:
    told = {one.route: one.tells for one in places.routes("huggingface")}
    assert told == {
        "daily": Tells.LISTINGS, "trending": Tells.LISTINGS, "week": Tells.LISTINGS, "month": Tells.LISTINGS,
        "paper": Tells.PAPERS,
    }  # fmt: skip


def test_times_without_a_day_are_of_the_reading(there: PlaceServer, asking: Client, daily: Daily) -> None:
    daily.trending = [{"paper": {"id": "2001.00001", "title": "An old one", "upvotes": 1}}]
    held = Held()
    held.harvest(route(there, "trending"), asking, Wanted())
    assert held.records["2001.00001"].seen_at == datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.data
def test_every_item_of_the_saved_days_makes_a_record_of_its_day(data: Path) -> None:
    read = Batch({})
    with tarfile.open(data / "hf-daily.tar.gz") as saved:
        for member in saved.getmembers():
            day = parse.day_of_name(member.name)
            if day and (raw := saved.extractfile(member)):
                made = list(records(parse.reply(raw.read(), member.name).items, day, NOON, read))
                assert {place.day for one in made for place in one.placements} <= {day}
                read.seen += len(made)
    assert (read.seen > 7_000, read.rejects) == (True, [])
