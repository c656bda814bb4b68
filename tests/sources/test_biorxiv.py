"""bioRxiv and medRxiv: what their entries say, and every version of every day, against a real server."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet.core import ids
from broadsheet.core.record import Version, checked
from broadsheet.sources import places
from broadsheet.sources.biorxiv import adapt, parse
from broadsheet.sources.biorxiv.home import category
from broadsheet.sources.failures import BadReply, FetchFailed
from broadsheet.sources.http import Client
from broadsheet.sources.place import Announced, Batch, UnknownTopic, Wanted
from tests.sources.arxiv_faults import Answer
from tests.sources.harvesting import Held
from tests.sources.place_server import NOON, PASSING, PlaceServer

SAMPLE = json.loads((Path(__file__).parent / "samples" / "biorxiv" / "details.json").read_bytes())
NOTHING = {"messages": [{"status": "no posts found"}], "collection": []}
FIRST = date(2026, 11, 18)


def test_an_entry_in_full() -> None:
    made = checked(adapt.record(parse.page(SAMPLE).entries[0], "biorxiv"))
    assert (made.source, made.source_id) == ("biorxiv", "10.1101/2026.11.16.000101")
    assert made.authors == ("M. Okafor", "J. de Wit", "S. Nunez")
    assert (made.versions, made.published, made.updated) == ((Version(1, FIRST),), FIRST, None)
    assert (made.topics, made.licence, made.comment) == (("ecology",), "cc_by", "new results")
    assert made.links[0].url == "https://www.biorxiv.org/content/10.1101/2026.11.16.000101v1"


def test_a_later_version_tells_when_it_came_and_as_what_it_was_published() -> None:
    made = checked(adapt.record(parse.page(SAMPLE).entries[1], "biorxiv"))
    assert (made.versions, made.published, made.updated) == ((Version(3, FIRST),), None, FIRST)
    assert [one.key for one in made.ids] == ["10.1101/2026.03.02.000007", "10.1000/folds.77"]


def test_a_withdrawn_paper_says_so_in_its_title_or_its_type() -> None:
    entry = parse.page(SAMPLE).entries[0]
    assert adapt.record({**entry, "title": "WITHDRAWN: Tidal clocks"}, "biorxiv").withdrawn
    assert adapt.record({**entry, "type": "withdrawn"}, "biorxiv").withdrawn
    assert not adapt.record(entry, "biorxiv").withdrawn


@pytest.mark.parametrize("value", [[], {}, {"messages": [], "collection": []}, {"messages": [{"status": "error"}]}])
def test_what_is_no_page_is_refused(value: object) -> None:
    with pytest.raises(BadReply):
        parse.page(value)


def test_a_category_may_be_written_in_both_ways() -> None:
    assert category("Cell_Biology") == category("cell biology") == "cell biology"
    with pytest.raises(UnknownTopic, match="cell_biology"):
        category("cs.CL")


class Shore:
    """What was posted, by day. ``size``: entries a page; ``more``: by how many it counts too many."""

    def __init__(self) -> None:
        self.days: dict[str, list[dict[str, Any]]] = {}
        self.size, self.more = 3, 0
        for number in range(1, 8):
            self.post(number, FIRST)
        self.post(20, date(2026, 11, 20), category="Ecology")

    def post(self, number: int, day: date, **more: Any) -> None:
        entry = {
            "doi": f"10.1101/2026.11.01.{number:06}", "title": f"Paper {number}", "authors": "Byron, A.",
            "date": day.isoformat(), "version": "1", "category": "Genomics", "published": "NA",
        }  # fmt: skip
        self.days.setdefault(day.isoformat(), []).append(entry | more)

    def tell(self, path: str, _: object) -> object:
        parts = path.split("/")[2:]
        if parts[0] != "biorxiv":
            return None
        if "na" in parts:
            doi = "/".join(parts[1:3])
            return self._page([one for day in self.days.values() for one in day if one["doi"] == doi], 0)
        assert parts[1] == parts[2]
        return self._page(self.days.get(parts[1], []), int(parts[3]))

    def _page(self, entries: list[Any], start: int) -> object:
        part = entries[start : start + self.size]
        if not part:
            return NOTHING
        told = {"status": "ok", "cursor": start, "count": len(part), "total": str(len(entries) + self.more)}
        return {"messages": [told], "collection": part}


@pytest.fixture
def shore() -> Shore:
    return Shore()


@pytest.fixture
def there(shore: Shore) -> Iterator[PlaceServer]:
    with PlaceServer(tell=shore.tell) as server:
        yield server


def harvested(
    there: PlaceServer, asking: Client, held: Held, wanted: Wanted, route: str = "details"
) -> Batch | None:
    bases = dict.fromkeys(("details", "paper"), f"{there.home}/details")
    source = next(one for one in places.routes("biorxiv", bases) if one.route == route)
    return held.harvest(source, asking, wanted)


def test_every_entry_of_every_day_is_read_page_by_page(there: PlaceServer, asking: Client) -> None:
    held = Held()
    last = harvested(there, asking, held, Wanted(since=FIRST))
    assert len(held.records) == 8
    assert [one.rpartition("biorxiv/")[2] for one in there.paths] == [
        "2026-11-18/2026-11-18/0/json", "2026-11-18/2026-11-18/3/json", "2026-11-18/2026-11-18/6/json",
        "2026-11-19/2026-11-19/0/json", "2026-11-20/2026-11-20/0/json",
    ]  # fmt: skip
    assert last is not None
    assert (last.finished, last.cursor) == (True, {"day": "2026-11-18"})


def test_a_paper_is_announced_on_the_day_it_was_posted(there: PlaceServer, asking: Client) -> None:
    held = Held()
    harvested(there, asking, held, Wanted(since=FIRST))
    told = {(one.source_id[-6:], one.day, one.topic, one.kind, one.certain) for one in held.announcements}
    assert ("000001", FIRST, "", Announced.NEW, True) in told


def test_a_later_version_is_announced_as_no_new_paper(there: PlaceServer, asking: Client, shore: Shore) -> None:
    held = Held()
    harvested(there, asking, held, Wanted(since=FIRST))
    shore.post(1, date(2026, 11, 20), version="2", published="10.1000/one")
    harvested(there, asking, held, Wanted())
    made = held.records["10.1101/2026.11.01.000001"]
    assert [one.number for one in made.versions] == [1, 2]
    assert [one.key for one in made.ids] == ["10.1101/2026.11.01.000001", "10.1000/one"]
    kinds = {one.kind for one in held.announcements if one.day == date(2026, 11, 20) and "000001" in one.source_id}
    assert kinds == {Announced.REPLACE}


def test_topics_are_told_apart_and_named_as_they_were_asked_for(there: PlaceServer, asking: Client) -> None:
    held = Held()
    harvested(there, asking, held, Wanted(topics=("Ecology",), since=FIRST))
    assert set(held.records) == {"10.1101/2026.11.01.000020"}
    assert {one.topic for one in held.announcements} == {"Ecology"}


def test_an_empty_page_in_mid_list_moves_nothing(there: PlaceServer, asking: Client, shore: Shore) -> None:
    for number in range(100, 150):
        shore.post(number, FIRST)
    told = there.tell
    there.tell = lambda path, asked: NOTHING if "/6/" in path else told(path, asked)
    held = Held()
    with pytest.raises(BadReply, match="6 of the 57 posts"):
        harvested(there, asking, held, Wanted(since=FIRST))
    assert held.cursors["details"]["start"] == 6
    there.tell = told
    harvested(there, asking, held, Wanted(since=FIRST))
    assert len(held.records) == 58


def test_a_server_that_counts_too_many_is_believed_less_and_told(
    there: PlaceServer, asking: Client, shore: Shore
) -> None:
    shore.more = 5
    held = Held()
    last = harvested(there, asking, held, Wanted(since=FIRST))
    assert len(held.records) == 8
    assert held.rejects[0].reason == "bioRxiv counts 12 posts of 2026-11-18 and gives 7"
    assert last is not None
    assert last.finished


def test_days_that_were_not_over_are_read_again(there: PlaceServer, asking: Client, shore: Shore) -> None:
    held = Held()
    harvested(there, asking, held, Wanted(since=FIRST))
    shore.post(30, date(2026, 11, 20))
    shore.post(31, date(2026, 11, 21))
    there.world.now = NOON + timedelta(days=1)
    harvested(there, asking, held, Wanted())
    assert {"10.1101/2026.11.01.000030", "10.1101/2026.11.01.000031"} <= set(held.records)


def test_a_killed_harvest_goes_on_in_the_middle_of_the_day(there: PlaceServer, asking: Client) -> None:
    held = Held()
    source = places.routes("biorxiv", {"details": f"{there.home}/details"})[0]
    steps = held.steps(source, asking, Wanted(since=FIRST))
    next(steps)
    asked = len(there.log)
    harvested(there, asking, held, Wanted(since=FIRST))
    assert there.paths[asked].endswith("2026-11-18/3/json")
    assert len(held.records) == 8


def test_an_entry_that_makes_no_record_costs_only_itself(there: PlaceServer, asking: Client, shore: Shore) -> None:
    shore.post(40, FIRST, doi="none")
    shore.days[FIRST.isoformat()].append(17)  # type: ignore[arg-type]
    held = Held()
    harvested(there, asking, held, Wanted(since=FIRST))
    assert (len(held.records), len(held.rejects)) == (8, 2)


def test_single_papers_and_those_that_are_not_there(there: PlaceServer, asking: Client) -> None:
    held = Held()
    wanted = [ids.parse_doi(f"10.1101/2026.11.01.{number:06}") for number in (2, 999)]
    last = harvested(there, asking, held, Wanted(ids=tuple(one for one in wanted if one)), "paper")
    assert set(held.records) == {"10.1101/2026.11.01.000002"}
    assert [one.raw for one in held.rejects] == ["10.1101/2026.11.01.000999"]
    assert last is not None
    assert last.finished


def test_both_servers_share_one_pace() -> None:
    assert places.place("biorxiv").budget == places.place("medrxiv").budget


def test_json_under_another_name_is_read(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: Answer(json.dumps(NOTHING).encode(), "text/html; charset=UTF-8")
    last = harvested(there, asking, Held(), Wanted(since=FIRST))
    assert last is not None
    assert last.finished


@pytest.mark.parametrize("fault", PASSING)
def test_whatever_happens_to_a_reply_the_next_run_has_it_all(
    fault: str, there: PlaceServer, asking: Client
) -> None:
    held = Held()
    there.plan.script = [None, fault]
    try:
        harvested(there, asking, held, Wanted(since=FIRST))
    except FetchFailed:
        there.world.now = NOON + timedelta(hours=8)
        harvested(there, asking, held, Wanted(since=FIRST))
    assert len(held.records) == 8
