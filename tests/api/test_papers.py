"""The Daily Papers routes, field by field, as their clients read them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.core.record import Link, LinkKind
from broadsheet.core.signal import Kind
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.index import update
from broadsheet.jobs.tally import tally
from tests.factories import ABSTRACT, AUTHORS, DAY, TITLE, picked, preprint, reading, record

OTHER = "A Slower Clock for Faster Networks"


@pytest.fixture
def api(db: None, client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Two papers of one day, one of them picked, with its votes; indexed."""
    settings.DATA = tmp_path
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 2, 11, 15, tzinfo=UTC))
    absorb_batch(
        [
            preprint("2602.01001"),
            preprint("2602.01002", title=OTHER, authors=("Cleo Varga",)),
            record(
                "huggingface",
                "2602.01001",
                ids=("2602.01001",),
                summary="Lanterns help readers.",
                summary_by="Hugging Face",
                keywords=("lanterns", "long contexts"),
                links=(Link(LinkKind.CODE, "https://github.com/example/lanterns"),),
                placements=(picked(0, by="huggingface"),),
                submitted_by="Dora Lind",
                organization="Lantern Lab",
                observations=(
                    reading(Kind.VOTES, 78, "huggingface"),
                    reading(Kind.COMMENTS, 3, "huggingface"),
                    reading(Kind.STARS, 26, "github"),
                ),
            ),
        ]
    )
    tally()
    print_editions(DAY)
    update()
    return client


def answered(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.content
    return orjson.loads(response.content)


def test_an_item_of_a_day_has_every_field_that_clients_read(api: Client) -> None:
    item = answered(api, "/api/daily_papers?date=2026-02-10")[0]
    assert item["title"] == item["paper"]["title"] == TITLE
    assert item["summary"] == item["paper"]["summary"] == ABSTRACT
    assert item["paper"]["id"] == "2602.01001"
    assert [one["name"] for one in item["paper"]["authors"]] == list(AUTHORS)
    assert item["paper"]["upvotes"] == 78
    assert item["numComments"] == 3
    assert item["publishedAt"] == "2026-02-10T00:00:00.000Z"
    assert item["paper"]["submittedOnDailyAt"] == "2026-02-10T00:00:00.000Z"
    assert item["submittedBy"]["fullname"] == item["submittedBy"]["user"] == "Dora Lind"
    assert len(item["paper"]["discussionId"]) == len(item["paper"]["authors"][0]["_id"]) == 24


def test_what_the_official_client_reads_at_item_level_stands_there_and_in_the_paper(api: Client) -> None:
    item = answered(api, "/api/daily_papers?date=2026-02-10")[0]
    for level in (item, item["paper"]):
        assert level["ai_summary"] == "Lanterns help readers."
        assert level["ai_keywords"] == ["lanterns", "long contexts"]
        assert level["githubRepo"] == "https://github.com/example/lanterns"
        assert level["githubStars"] == 26
        assert level["organization"]["fullname"] == "Lantern Lab"


def test_what_is_not_known_is_left_out(api: Client) -> None:
    item = answered(api, "/api/daily_papers?date=2026-02-10")[1]
    assert item["title"] == OTHER
    assert not {"githubRepo", "githubStars", "ai_summary", "submittedBy", "organization"} & set(item)


def test_a_page_names_the_next_one(api: Client) -> None:
    response = api.get("/api/daily_papers?date=2026-02-10&limit=1")
    assert response["Link"] == '<http://testserver/api/daily_papers?date=2026-02-10&limit=1&p=1>; rel="next"'
    assert "Link" not in api.get("/api/daily_papers?date=2026-02-10&limit=1&p=1")


def test_a_page_past_the_end_is_empty(api: Client) -> None:
    assert answered(api, "/api/daily_papers?date=2026-02-10&p=100") == []


@pytest.mark.parametrize("period", ["week=2026-W07", "month=2026-02", "date=2026-02-10", "sort=trending", ""])
def test_weeks_months_trending_and_the_latest_day_list_the_same_papers(api: Client, period: str) -> None:
    assert answered(api, f"/api/daily_papers?{period}")[0]["paper"]["id"] == "2602.01001"


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("daily_papers?date=2025-13-40", "date"),
        ("daily_papers?week=2026-W60", "week"),
        ("daily_papers?limit=0", "limit"),
        ("daily_papers?limit=101", "limit"),
        ("daily_papers?p=-1", "p"),
        ("daily_papers?p=99999999999999999999", "p"),
        ("daily_papers?limit=²", "limit"),
        ("papers/search", "q"),
        ("papers/search?q=%20", "q"),
        ("papers/search?q=a&limit=121", "limit"),
        ("papers/search?q=a&sort=nonsense", "sort"),
        ("papers/search?q=a&from=yesterday", "from"),
        ("papers/search?q=a&has_code=perhaps", "has_code"),
        ("papers/search?q=" + "(" * 9_000, "q"),
        ("papers/search?q=a&cursor=abc", "cursor"),
        ("papers/search?q=a&year=soon", "year"),
    ],
)
def test_a_bad_parameter_is_named_with_what_to_send_instead(api: Client, asked: str, parameter: str) -> None:
    response = api.get(f"/api/{asked}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    body = orjson.loads(response.content)
    assert body["parameter"] == parameter
    assert body["detail"] == body["error"] != ""


def test_a_search_finds_marks_and_says_why(api: Client) -> None:
    found = answered(api, "/api/papers/search?q=lanterns")
    assert found[0]["paper"]["id"] == "2602.01001"
    assert {"type": "highlight", "text": "Lanterns"} in found[0]["highlightedTitle"]
    assert "".join(part["text"] for part in found[0]["highlightedTitle"]) == TITLE
    assert found[0]["reasons"]
    assert found[0]["score"] > 0
    assert found[0]["upvoted"] is False


def test_a_search_takes_at_most_as_many_as_asked(api: Client) -> None:
    assert len(answered(api, "/api/papers/search?q=reader&limit=1")) == 1


def test_a_search_is_narrowed_by_code_and_day(api: Client) -> None:
    assert [item["paper"]["id"] for item in answered(api, "/api/papers/search?q=reader&has_code=true")] == [
        "2602.01001"
    ]
    assert answered(api, "/api/papers/search?q=reader&to=2026-02-09") == []


def test_a_search_goes_on_by_its_link_to_the_end(api: Client) -> None:
    met = []
    path = "/api/papers/search?q=reader&limit=1"
    while path:
        response = api.get(path)
        met += [item["paper"]["id"] for item in orjson.loads(response.content)]
        path = response.get("Link", "").partition("<http://testserver")[2].partition(">")[0]
    assert len(met) == len(set(met)) == int(response["X-Total-Count"]) > 1


def test_a_cursor_of_another_search_is_refused_with_a_remedy(api: Client) -> None:
    link = api.get("/api/papers/search?q=reader&limit=1")["Link"]
    cursor = link.partition("cursor=")[2].partition(">")[0]
    body = answered(api, f"/api/papers/search?q=lanterns&cursor={cursor}", 400)
    assert "another search: leave cursor out" in body["detail"]


@pytest.mark.parametrize(
    "name", ["2602.01001", "2602.01001v1", "arXiv:2602.01001", "https://arxiv.org/abs/2602.01001"]
)
def test_a_paper_is_found_by_any_of_its_names(api: Client, name: str) -> None:
    paper = answered(api, f"/api/papers/{name}")
    assert paper["id"] == "2602.01001"
    assert paper["ids"] == ["2602.01001"]
    assert paper["editions"] == ["2026-02-10"]
    assert paper["versions"] == [{"number": 1, "at": "2026-02-10T00:00:00.000Z"}]


def test_an_unknown_paper_is_a_404_that_says_so(api: Client) -> None:
    assert "1234.56789" in answered(api, "/api/papers/1234.56789", 404)["detail"]


def test_any_site_may_read_and_nobody_may_write(api: Client) -> None:
    assert api.get("/api/daily_papers")["Access-Control-Allow-Origin"] == "*"
    assert api.post("/api/daily_papers").status_code == 405


def test_votes_here_take_the_place_of_theirs_and_are_never_added(api: Client) -> None:
    absorb_batch(
        [
            record(
                "broadsheet",
                "2602.01001",
                ids=("2602.01001",),
                observations=(reading(Kind.VOTES, 5, "broadsheet"),),
            )
        ]
    )
    assert answered(api, "/api/papers/2602.01001")["upvotes"] == 5
