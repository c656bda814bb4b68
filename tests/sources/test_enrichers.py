"""Semantic Scholar, OpenAlex and GitHub: what they know of papers that are held, against a real server."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.core import ids
from broadsheet.core.ids import PaperId
from broadsheet.core.record import LinkKind
from broadsheet.sources import places
from broadsheet.sources.failures import BadReply, FetchFailed, Unreachable
from broadsheet.sources.github.fetch import repository
from broadsheet.sources.http import Client
from broadsheet.sources.openalex.fetch import doi_of
from broadsheet.sources.place import Batch, Reading, Wanted
from tests.sources.arxiv_faults import Answer
from tests.sources.harvesting import Held
from tests.sources.place_server import NOON, PASSING, PlaceServer

SAMPLES = Path(__file__).parent / "samples"
S2 = json.loads((SAMPLES / "semanticscholar" / "batch.json").read_bytes())
ALEX = json.loads((SAMPLES / "openalex" / "works.json").read_bytes())


def paper(written: str) -> PaperId:
    found = ids.parse(written)
    assert found
    return found


ONE, TWO, THREE = paper("2601.00001"), paper("10.1000/unknown"), paper("2601.00003")


@pytest.fixture
def there() -> Iterator[PlaceServer]:
    with PlaceServer() as server:
        yield server


def asked(
    place: str, there: PlaceServer, asking: Client, held: Held, *wanted: PaperId, key: str = "", code: bool = False
) -> Batch:
    (source,) = places.routes(place, dict.fromkeys(("batch", "works", "stars"), there.home), key)
    pairs = tuple((one, f"https://github.com/fold/code-{one.value}") for one in wanted)
    last = held.harvest(source, asking, Wanted(code=pairs) if code else Wanted(ids=wanted))
    assert last is not None
    return last


# Semantic Scholar


def test_citations_links_and_twins_of_hundreds_in_one_request(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: S2
    held = Held()
    last = asked("semanticscholar", there, asking, held, ONE, TWO, THREE)
    assert json.loads(there.log[0].parameters[""]) == {
        "ids": ["ARXIV:2601.00001", "DOI:10.1000/unknown", "ARXIV:2601.00003"]
    }
    made = held.records["0f" * 20]
    assert [one.key for one in made.ids] == ["2601.00001", "10.1000/twin.1"]
    assert [(one.name, one.value, one.seen_at) for one in made.observations] == [
        ("semanticscholar.citations", 41, NOON)
    ]
    assert made.venue == "Journal of Folding"
    assert {one.kind for one in made.links} == {LinkKind.PAGE, LinkKind.PDF}
    assert [one.raw for one in held.rejects] == ["10.1000/unknown"]
    assert (last.finished, last.cursor) == (True, {})


def test_another_arxiv_id_than_was_asked_for_is_no_name_of_the_paper(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: S2
    held = Held()
    asked("semanticscholar", there, asking, held, ONE, TWO, THREE)
    made = held.records["1a" * 20]
    assert ([one.key for one in made.ids], made.venue, made.observations) == (["2601.00003"], "", ())


def test_the_key_is_in_a_header_and_nowhere_else(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: S2
    asked("semanticscholar", there, asking, Held(), ONE, TWO, THREE, key="hush")
    assert there.log[0].headers["x-api-key"] == "hush"
    assert "hush" not in str(there.log[0].parameters)


def test_a_request_of_which_none_is_known_is_refused_and_no_failure(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: Answer(b'{"error": "No valid paper ids given"}', "application/json", 400)
    held = Held()
    assert asked("semanticscholar", there, asking, held, ONE).finished
    assert len(held.rejects) == 1


def test_another_number_of_papers_than_were_asked_for_cannot_be_told_apart(
    there: PlaceServer, asking: Client
) -> None:
    there.tell = lambda path, asked: S2
    with pytest.raises(BadReply, match="another number"):
        asked("semanticscholar", there, asking, Held(), ONE, TWO)


def test_nothing_is_asked_of_ids_that_it_cannot_know(there: PlaceServer, asking: Client) -> None:
    assert asked("semanticscholar", there, asking, Held(), paper("openreview:rkgt0REKwS")).finished
    assert there.log == []


# OpenAlex


def test_citations_and_twins_by_doi(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: ALEX
    held = Held()
    asked("openalex", there, asking, held, ONE, TWO, key="hush")
    told = there.log[0].parameters
    assert told["filter"] == "doi:10.48550/arxiv.2601.00001|10.1000/unknown"
    assert told["api_key"] == "hush"
    assert set(held.records) == {"W4400000001"}
    made = held.records["W4400000001"]
    assert [one.key for one in made.ids] == ["2601.00001", "10.1000/twin.1"]
    assert [(one.name, one.value) for one in made.observations] == [("openalex.citations", 38)]
    assert [one.raw for one in held.rejects] == ["10.1000/unknown"]


def test_fifty_papers_are_asked_for_at_once(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: {"results": []}
    asked("openalex", there, asking, Held(), *(paper(f"2601.{number:05}") for number in range(1, 121)))
    assert [one.parameters["filter"].count("|") + 1 for one in there.log] == [50, 50, 20]


@pytest.mark.parametrize("written", ["10.1000/a,b", "10.1000/a|b", "acl:P19-1001"])
def test_what_would_break_the_question_is_not_asked(written: str) -> None:
    assert doi_of(paper(written)) == ""


def test_an_answer_without_works_is_refused(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: {"error": "Invalid filter"}
    with pytest.raises(BadReply, match="no list"):
        asked("openalex", there, asking, Held(), ONE)


def test_a_day_that_is_spent_ends_the_run_and_names_no_key(there: PlaceServer, asking: Client) -> None:
    spent = (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "40000"))
    there.tell = lambda path, asked: Answer(b"{}", "application/json", 429, spent)
    with pytest.raises(Unreachable, match="40000 s") as wrong:
        asked("openalex", there, asking, Held(), ONE, key="hush")
    assert "hush" not in str(wrong.value)
    assert len(there.log) == 1


# GitHub


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/Fold/Braids", "fold/braids"),
        ("https://www.github.com/fold/braids.git", "fold/braids"),
        ("https://github.com/fold/braids/tree/main/src", "fold/braids"),
        ("https://github.com/fold", ""),
        ("https://gitlab.com/fold/braids", ""),
        ("https://github.com.example.org/fold/braids", ""),
        ("https://github.com/fold/..", ""),
        ("https://github.com/fold/br%2Faids", ""),
    ],
)
def test_the_repository_of_an_address(address: str, name: str) -> None:
    assert repository(address) == name


class Hub:
    """Stars by repository."""

    def __init__(self) -> None:
        self.stars: dict[str, object] = {"fold/code-2601.00001": 120, "fold/code-2601.00003": 3}

    def tell(self, path: str, _: Mapping[str, str]) -> object:
        stars = self.stars.get(path.removeprefix("/repos/"))
        if stars is None:
            return None
        body = json.dumps({"full_name": "x", "stargazers_count": stars}).encode()
        return Answer(body, "application/json; charset=utf-8", 200, (("ETag", f'"{stars}"'),))


def readings(batch: Batch) -> dict[str, int]:
    return {one.paper.key: one.observation.value for one in batch.readings}


def test_stars_are_readings_of_the_papers_that_link_to_the_code(there: PlaceServer, asking: Client) -> None:
    there.tell = Hub().tell
    last = asked("github", there, asking, Held(), ONE, THREE, code=True, key="hush")
    assert readings(last) == {"2601.00001": 120, "2601.00003": 3}
    assert isinstance(last.readings[0], Reading)
    assert last.readings[0].observation.name == "github.stars"
    assert there.log[0].headers["Authorization"] == "Bearer hush"


def test_what_is_unchanged_is_still_a_reading_of_today(there: PlaceServer, asking: Client) -> None:
    there.tell = Hub().tell
    held = Held()
    asked("github", there, asking, held, ONE, code=True)
    there.world.now = NOON + timedelta(days=1)
    last = asked("github", there, asking, held, ONE, code=True)
    assert there.log[1].headers["If-None-Match"] == '"120"'
    assert readings(last) == {"2601.00001": 120}
    assert last.readings[0].observation.seen_at == NOON + timedelta(days=1)


def test_two_papers_of_one_repository_cost_one_request(there: PlaceServer, asking: Client) -> None:
    there.tell = Hub().tell
    (source,) = places.routes("github", {"stars": there.home})
    address = "https://github.com/fold/code-2601.00001"
    last = Held().harvest(source, asking, Wanted(code=((ONE, address), (THREE, f"{address}/issues"))))
    assert last is not None
    assert (readings(last), len(there.log)) == ({"2601.00001": 120, "2601.00003": 120}, 1)


def test_a_repository_that_is_gone_costs_only_itself(there: PlaceServer, asking: Client) -> None:
    hub = Hub()
    hub.stars["fold/code-2601.00003"] = "many"
    there.tell = hub.tell
    held = Held()
    last = asked("github", there, asking, held, ONE, TWO, THREE, code=True)
    assert readings(last) == {"2601.00001": 120}
    assert len(held.rejects) == 2


@pytest.mark.parametrize("place", ["semanticscholar", "openalex", "github"])
@pytest.mark.parametrize("fault", PASSING)
def test_whatever_happens_to_a_reply_the_next_run_has_it_all(
    place: str, fault: str, there: PlaceServer, asking: Client
) -> None:
    hub = Hub()
    there.tell = lambda path, asked: (
        hub.tell(path, asked) if "repos" in path else S2[:1] if "batch" in path else ALEX
    )
    there.plan.script = [fault]
    held, code = Held(), place == "github"
    try:
        last = asked(place, there, asking, held, ONE, code=code)
    except FetchFailed:
        there.world.now = NOON + timedelta(hours=8)
        last = asked(place, there, asking, held, ONE, code=code)
    assert len(held.records) + len(last.readings) == 1
