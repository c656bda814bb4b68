"""Places that know more of papers that are held: which papers they are asked for, and what becomes of it."""

import json
from datetime import date, timedelta

import pytest

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Coverage, Observation, Order, Paper, Route
from broadsheet.core.record import Link, LinkKind
from broadsheet.core.signal import Kind
from broadsheet.core.signal import Observation as Told
from broadsheet.jobs import observe, schedule
from broadsheet.jobs.morning import gather
from broadsheet.sources import places
from broadsheet.sources.http import Client
from broadsheet.sources.place import Reading
from tests.factories import named, preprint, record
from tests.sources.arxiv_faults import Answer
from tests.sources.place_server import NOON, PlaceServer

pytestmark = pytest.mark.django_db

CODE = Link(LinkKind.CODE, "https://github.com/lanterns/Lanterns.git")


def test_the_newest_and_the_hottest_papers_are_asked_for_by_the_id_that_most_places_know() -> None:
    absorb_batch(
        [
            preprint("2602.01001", "Lanterns at dusk", links=(CODE,)),
            preprint("2602.01002", "Lanterns at dawn", ids=("10.1000/dawn", "2602.01002")),
            record("jsonl", "x1", "A lantern without an id that anybody knows", ids=("title:0123456789ab",)),
            record("jsonl", "x2", "An old lantern, not in any edition", ids=("2001.00001",)),
        ]
    )
    Paper.objects.filter(key="2001.00001").update(heat=3.0)
    asked = observe.wanted()
    assert [one.key for one in asked.ids] == ["2001.00001", "2602.01001", "2602.01002"]
    assert asked.code == ((named("2602.01001")[0], CODE.url),)


def test_a_reading_is_kept_with_the_record_of_who_is_believed_first() -> None:
    absorb_batch([preprint("2602.01001"), record("jsonl", "x1", ids=("2602.01001",))])
    paper, unknown = named("2602.01001", "2602.09999")
    made = observe.observed(
        [Reading(paper, Told(Kind.STARS, "github", 7, NOON)), Reading(unknown, Told(Kind.STARS, "github", 9, NOON))]
    )
    assert [(one.source, one.observations[-1].value) for one in made] == [("arxiv", 7)]


def gathered(place: str, there: PlaceServer, asking: Client) -> list[str]:
    names = [one.route for one in places.routes(place)]
    routes = places.routes(place, dict.fromkeys(names, there.home))
    ordered, _ = Order.objects.get_or_create(place=place, defaults={"since": date(2026, 2, 1)})
    done = gather(ordered, asking=asking, routes=routes, now=there.world.now)
    return list(done.failures.values())


def test_stars_are_kept_over_time_and_the_last_stands_on_the_paper(there: PlaceServer, asking: Client) -> None:
    absorb_batch([preprint("2602.01001", links=(CODE,))])
    stars = [100, 130]
    there.tell = lambda path, asked: Answer(
        json.dumps({"stargazers_count": stars.pop(0)}).encode(), "application/json"
    )
    assert gathered("github", there, asking) == []
    there.world.now = NOON + timedelta(days=1)
    assert gathered("github", there, asking) == []
    assert [one.value for one in Observation.objects.filter(source="github").order_by("seen_at")] == [100, 130]
    assert Paper.objects.get().signals["github.stars"] == 130
    assert there.paths == ["/repos/lanterns/lanterns"] * 2


def test_citations_and_a_twin_come_to_the_paper_and_its_words_stay(there: PlaceServer, asking: Client) -> None:
    absorb_batch([preprint("2602.01001", "Lanterns for Long Contexts, a study")])
    told = {
        "paperId": "2b" * 20, "title": "Lanterns for long contexts", "citationCount": 12,
        "externalIds": {"ArXiv": "2602.01001", "DOI": "10.1000/lanterns"},
    }  # fmt: skip
    there.tell = lambda path, asked: [told]
    assert gathered("semanticscholar", there, asking) == []
    paper = Paper.objects.get()
    assert paper.title == "Lanterns for Long Contexts, a study"
    assert paper.signals["semanticscholar.citations"] == 12
    assert {one.key for one in paper.identifiers.all()} == {"2602.01001", "10.1000/lanterns"}
    assert Coverage.objects.count() == 0


def test_such_a_place_is_due_once_ordered_and_then_every_day(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: []
    ordered = Order.objects.create(place="openalex")
    (source,) = places.routes("openalex")
    now = ordered.given_at
    assert schedule.due(ordered, source, now)
    Route.objects.create(place="openalex", route="works", succeeded_at=now)
    assert not schedule.due(ordered, source, now + timedelta(hours=2))
    assert schedule.due(ordered, source, now + timedelta(hours=21))
    arxiv = next(one for one in places.routes("arxiv") if one.route == "query")
    assert not schedule.due(Order.objects.create(place="arxiv"), arxiv, now)
