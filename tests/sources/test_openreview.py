"""OpenReview: only what everyone may read, and all of a venue, against a real server."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet.core.record import LinkKind, checked
from broadsheet.sources import places
from broadsheet.sources.failures import BadReply, FetchFailed, Refused
from broadsheet.sources.http import Client
from broadsheet.sources.openreview import adapt, parse
from broadsheet.sources.openreview.home import asked_by
from broadsheet.sources.place import Batch, UnknownTopic, Wanted
from tests.sources.arxiv_faults import Answer
from tests.sources.harvesting import Held
from tests.sources.place_server import NOON, PASSING, PlaceServer

SAMPLE = json.loads((Path(__file__).parent / "samples" / "openreview" / "notes.json").read_bytes())
VENUE = "FOLD.cc/2026/Conference"


def test_a_note_in_full() -> None:
    made = checked(adapt.record(parse.page(SAMPLE).notes[0], NOON))
    assert (made.source_id, made.title) == ("rkFolded01", "Braided Kernels under Drift")
    assert (made.authors, made.keywords) == (("Sofía Núñez", "Wei Zhang"), ("kernels", "drift"))
    assert (made.summary, made.summary_by) == ("Kernels hold if braided.", "the authors")
    assert (made.venue, made.licence, made.published) == ("FOLD 2026 Oral", "CC BY 4.0", date(2025, 11, 19))
    assert {one.kind: one.url for one in made.links} == {
        LinkKind.PAGE: "https://openreview.net/forum?id=rkFolded01",
        LinkKind.PDF: "https://openreview.net/pdf/0a1b.pdf",
        LinkKind.CODE: "https://github.com/fold/braids",
    }


def test_notes_and_fields_that_are_not_for_everyone_are_left_out() -> None:
    page = parse.page(SAMPLE)
    assert (page.given, [one.identifier for one in page.notes]) == (3, ["rkFolded01", "rkFolded03"])
    assert not {"review_secret", "authorids"} & set(page.notes[0].content)
    assert adapt.record(page.notes[1], NOON).authors == ()


def test_a_withdrawn_submission_is_flagged() -> None:
    assert adapt.record(parse.page(SAMPLE).notes[1], NOON).withdrawn


@pytest.mark.parametrize("value", [[], {}, {"notes": {}}, {"name": "Error"}])
def test_what_is_no_page_is_refused(value: object) -> None:
    with pytest.raises(BadReply):
        parse.page(value)


def test_a_venue_or_an_invitation_is_a_topic() -> None:
    assert asked_by(VENUE) == {"content.venueid": VENUE}
    assert asked_by(f"{VENUE}/-/Submission") == {"invitation": f"{VENUE}/-/Submission"}
    with pytest.raises(UnknownTopic, match=r"ICLR\.cc"):
        asked_by("cs.CL")


def note(number: int, title: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": f"rkNumber{number:04}", "forum": f"rkNumber{number:04}", "number": number, "readers": ["everyone"],
        "odate": 1763510400000, "content": {"title": {"value": title or f"Paper {number}"}},
    } | more  # fmt: skip


class Venues:
    """Notes by venue. ``size``: the most of a page; ``token``: what must be shown, if anything."""

    def __init__(self) -> None:
        self.held = {VENUE: [note(number) for number in range(1, 8)], "TIDE.cc/2026/Workshop": [note(50)]}
        self.size, self.more, self.token = 3, 0, ""

    def tell(self, path: str, asked: Mapping[str, str]) -> object:
        if path == "/login":
            told = json.loads(asked[""])
            good = told == {"id": "ada@example.org", "password": "se:cret"}
            return {"token": "t0k3n", "user": {}} if good else Answer(b"{}", "application/json", 400)
        if path != "/notes":
            return None
        notes = self.held.get(asked.get("content.venueid") or asked.get("invitation", ""), [])
        start = int(asked["offset"])
        return {"notes": notes[start : start + self.size], "count": len(notes) + self.more}


@pytest.fixture
def venues() -> Venues:
    return Venues()


@pytest.fixture
def there(venues: Venues) -> Iterator[PlaceServer]:
    with PlaceServer(tell=venues.tell) as server:
        yield server


def harvested(
    there: PlaceServer, asking: Client, held: Held, topics: tuple[str, ...] = (VENUE,), key: str = ""
) -> Batch | None:
    (source,) = places.routes("openreview", {"notes": there.home}, key)
    return held.harvest(source, asking, Wanted(topics=topics))


def test_all_notes_of_all_venues_are_read_page_by_page(there: PlaceServer, asking: Client) -> None:
    held = Held()
    last = harvested(there, asking, held, (VENUE, "TIDE.cc/2026/Workshop"))
    assert len(held.records) == 8
    assert [one.parameters["offset"] for one in there.log] == ["0", "3", "6", "0"]
    assert {one.parameters["sort"] for one in there.log} == {"number:asc"}
    assert last is not None
    assert (last.finished, last.cursor) == (True, {})


def test_a_paper_is_announced_on_the_day_everyone_could_read_it(there: PlaceServer, asking: Client) -> None:
    held = Held()
    harvested(there, asking, held)
    assert {(one.day, one.topic, one.certain) for one in held.announcements} == {(date(2025, 11, 19), VENUE, False)}


def test_an_empty_page_in_mid_list_moves_nothing(there: PlaceServer, asking: Client, venues: Venues) -> None:
    venues.more = 5
    held = Held()
    with pytest.raises(BadReply, match="7 of the 12 notes"):
        harvested(there, asking, held)
    assert held.cursors["notes"] == {"topic": VENUE, "offset": 7}


def test_a_killed_harvest_goes_on_with_its_page(there: PlaceServer, asking: Client) -> None:
    held = Held()
    (source,) = places.routes("openreview", {"notes": there.home})
    next(held.steps(source, asking, Wanted(topics=(VENUE,))))
    asked = len(there.log)
    harvested(there, asking, held)
    assert there.log[asked].parameters["offset"] == "3"
    assert len(held.records) == 7


def test_replies_and_notes_without_a_title_cost_only_themselves(
    there: PlaceServer, asking: Client, venues: Venues
) -> None:
    venues.held[VENUE] += [note(8, forum="rkNumber0001"), note(9, content={})]
    held = Held()
    harvested(there, asking, held)
    assert (len(held.records), len(held.rejects)) == (7, 2)


def test_a_deleted_note_is_gone(there: PlaceServer, asking: Client, venues: Venues) -> None:
    held = Held()
    harvested(there, asking, held)
    venues.held[VENUE][0]["ddate"] = 1763596800000
    harvested(there, asking, held)
    assert held.gone == {"rkNumber0001"}


def test_who_is_turned_away_is_told_of_the_key(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: Answer(b'{"name": "ChallengeRequiredError"}', "application/json", 403)
    with pytest.raises(Refused, match="openreview_key"):
        harvested(there, asking, Held())


def test_a_name_and_a_password_get_a_token_that_is_shown(there: PlaceServer, asking: Client) -> None:
    harvested(there, asking, Held(), key="ada@example.org:se:cret")
    assert there.paths[:2] == ["/login", "/notes"]
    assert there.log[1].headers["Authorization"] == "Bearer t0k3n"


def test_a_token_is_shown_as_it_is(there: PlaceServer, asking: Client) -> None:
    harvested(there, asking, Held(), key="abc.def")
    assert there.log[0].headers["Authorization"] == "Bearer abc.def"


def test_a_wrong_password_is_told_and_not_shown(there: PlaceServer, asking: Client) -> None:
    with pytest.raises(Refused, match="does not know") as wrong:
        harvested(there, asking, Held(), key="ada@example.org:wrong")
    assert "wrong" not in str(wrong.value)


def test_without_a_venue_there_is_nothing_to_ask(there: PlaceServer, asking: Client) -> None:
    with pytest.raises(UnknownTopic, match="no venue is named"):
        harvested(there, asking, Held(), ())


@pytest.mark.parametrize("fault", PASSING)
def test_whatever_happens_to_a_reply_the_next_run_has_it_all(
    fault: str, there: PlaceServer, asking: Client
) -> None:
    held = Held()
    there.plan.script = [None, fault]
    try:
        harvested(there, asking, held)
    except FetchFailed:
        there.world.now = NOON + timedelta(hours=8)
        harvested(there, asking, held)
    assert len(held.records) == 7
