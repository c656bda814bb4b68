"""Places other than arXiv, gathered as on any morning from a real server: editions, ledger, signals."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from broadsheet.catalog.models import Coverage, Entry, Order, Paper
from broadsheet.jobs.morning import gather
from broadsheet.sources import places
from broadsheet.sources.http import Client
from tests.sources.arxiv_faults import Answer
from tests.sources.place_server import NOON, PlaceServer

pytestmark = pytest.mark.django_db

THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)
NOTHING = {"messages": [{"status": "no posts found"}], "collection": []}


def gathered(place: str, there: PlaceServer, asking: Client, topics: list[str], base: str = "", **more: Any) -> Any:
    names = [one.route for one in places.routes(place)]
    routes = places.routes(place, dict.fromkeys(names, f"{there.home}{base}"))
    ordered, _ = Order.objects.get_or_create(place=place, defaults={"topics": topics, "since": THURSDAY})
    return gather(ordered, asking=asking, routes=routes, now=there.world.now, **more)


def states(place: str) -> dict[tuple[str, date], str]:
    lines = Coverage.objects.filter(place=place).order_by("topic", "day")
    return {(one.topic, one.day): one.state for one in lines}


def test_a_day_of_daily_papers_is_whole_once_it_is_over(there: PlaceServer, asking: Client) -> None:
    days = {"2026-11-19": ("2611.00001", 5), "2026-11-20": ("2611.00002", 9)}

    def tell(path: str, asked: Mapping[str, str]) -> object:
        day = asked.get("date", "")
        if day not in days or asked["p"] != "0":
            return []
        number, votes = days[day]
        told = {
            "id": number,
            "title": f"Lanterns {number}",
            "upvotes": votes,
            "submittedOnDailyAt": f"{day}T08:00:00Z",
        }
        return [{"paper": told, "numComments": 0}]

    there.tell = tell
    done = gathered("huggingface", there, asking, [])
    assert done.failures == {}
    assert {(one.edition.day, one.paper.key, one.picked) for one in Entry.objects.all()} == {
        (THURSDAY, "2611.00001", True), (FRIDAY, "2611.00002", True),
    }  # fmt: skip
    assert states("huggingface") == {("", THURSDAY): "complete", ("", FRIDAY): "waiting"}
    there.world.now = NOON + timedelta(days=1, hours=1)
    gathered("huggingface", there, asking, [])
    assert states("huggingface")[("", FRIDAY)] == "complete"


def test_posts_of_biorxiv_are_filed_and_counted_by_category(there: PlaceServer, asking: Client) -> None:
    entry = {
        "doi": "10.1101/2026.11.18.000001", "title": "Tidal clocks of two shore snails", "authors": "Okafor, M.",
        "date": "2026-11-19", "version": "1", "category": "Ecology", "published": "NA",
    }  # fmt: skip
    page = {"messages": [{"status": "ok", "total": "1", "count": 1}], "collection": [entry]}
    there.tell = lambda path, asked: page if "2026-11-19/2026-11-19/0/" in path else NOTHING
    there.world.now = NOON + timedelta(days=1)
    done = gathered("biorxiv", there, asking, ["ecology"])
    assert done.failures == {}
    assert [(one.edition.day, one.paper.key) for one in Entry.objects.all()] == [
        (THURSDAY, "10.1101/2026.11.18.000001")
    ]
    assert states("biorxiv")[("ecology", THURSDAY)] == "complete"


def test_a_feed_with_a_long_address_has_its_lines_in_the_ledger(there: PlaceServer, asking: Client) -> None:
    address = f"{there.home}/{'a-long-way-to-the-feed/' * 8}papers.rss"
    item = (
        "<item><title>Folding Maps</title><link>https://doi.org/10.1000/maps</link>"
        "<pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate></item>"
    )
    there.tell = lambda path, asked: Answer(f"<rss><channel><title>P</title>{item}</channel></rss>".encode())
    there.world.now = NOON + timedelta(days=1)
    done = gathered("feeds", there, asking, [address])
    assert done.failures == {}
    assert Paper.objects.get().key == "10.1000/maps"
    assert states("feeds")[(address, THURSDAY)] == "complete"


def test_a_place_that_is_down_fails_alone_and_in_words(there: PlaceServer, asking: Client) -> None:
    there.tell = lambda path, asked: Answer(b"<html></html>", "text/html", 503)
    done = gathered("huggingface", there, asking, [], only=("daily",))
    assert "503" in done.failures["daily"]
    assert Paper.objects.count() == 0
