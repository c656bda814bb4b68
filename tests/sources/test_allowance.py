"""H14: what headers tell of an allowance, and how the client takes it, against a real server."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.sources import allowance
from broadsheet.sources.failures import BadReply, Refused, Unreachable
from broadsheet.sources.http import JSON
from broadsheet.sources.pace import Budget
from tests.sources.arxiv_faults import Answer
from tests.sources.harvesting import ToldClock, client
from tests.sources.place_server import NOON, PlaceServer

WALL = NOON.timestamp()
BUDGET = Budget("there", 1.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"ratelimit": '"api";r=0;t=57'}, 57.0),
        ({"ratelimit": '"api";r=12;t=57'}, 0.0),
        ({"ratelimit": '"pages";r=3;t=9, "api";r=0;t=41'}, 41.0),
        ({"ratelimit": "limit=100, remaining=0, reset=30"}, 30.0),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "25"}, 25.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(WALL) + 90)}, 90.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(WALL) - 90)}, 0.0),
        ({"x-ratelimit-remaining": "4999", "x-ratelimit-reset": str(int(WALL) + 90)}, 0.0),
        ({"ratelimit": "soon", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "later"}, 0.0),
        ({}, 0.0),
    ],
)
def test_seconds_until_there_is_an_allowance_again(headers: dict[str, str], seconds: float) -> None:
    assert allowance.spent(headers, WALL) == seconds


def test_a_moment_counts_from_the_servers_own_clock() -> None:
    theirs = datetime(2030, 1, 1, tzinfo=UTC)
    headers = {
        "date": "Tue, 01 Jan 2030 00:00:00 GMT",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(int(theirs.timestamp()) + 7),
    }
    assert allowance.spent(headers, WALL) == 7.0


def ask(there: PlaceServer, folder: Path, clock: ToldClock, content: bytes = b"") -> object:
    return (
        client(folder, clock)
        .get(f"{there.home}/api", source="there", budget=BUDGET, kinds=JSON, content=content)
        .json()
    )


def test_when_nothing_is_left_all_wait_until_there_is_again(tmp_path: Path) -> None:
    """H14: what a place says is left is obeyed."""
    clock = ToldClock(NOON)
    with PlaceServer(tell=lambda path, asked: [], headers=(("RateLimit", '"api";r=0;t=200'),)) as there:
        ask(there, tmp_path, clock)
        ask(there, tmp_path, clock)
    assert clock.slept == [200.0]


def test_a_429_waits_as_long_as_the_allowance_says(tmp_path: Path) -> None:
    answers = [Answer(b"", "text/plain", 429, (("RateLimit", '"api";r=0;t=120'),)), [1]]
    clock = ToldClock(NOON)
    with PlaceServer(tell=lambda path, asked: answers.pop(0)) as there:
        assert ask(there, tmp_path, clock) == [1]
    assert clock.slept == [120.0]


def test_a_403_for_want_of_allowance_is_no_refusal(tmp_path: Path) -> None:
    spent = (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(int(WALL) + 3_000)))
    clock = ToldClock(NOON)
    with (
        PlaceServer(tell=lambda path, asked: Answer(b"{}", "application/json", 403, spent)) as there,
        pytest.raises(Unreachable, match="again in 3000 s"),
    ):
        ask(there, tmp_path, clock)
    assert client(tmp_path, clock).breaker("there").health().refused is False


def test_any_other_403_is_a_refusal(tmp_path: Path) -> None:
    with (
        PlaceServer(tell=lambda path, asked: Answer(b"{}", "application/json", 403)) as there,
        pytest.raises(Refused),
    ):
        ask(there, tmp_path, ToldClock(NOON))


def test_what_is_sent_is_not_sent_elsewhere(tmp_path: Path) -> None:
    moved = Answer(b"", "text/html", 302, (("Location", "/other"),))
    with (
        PlaceServer(tell=lambda path, asked: moved) as there,
        pytest.raises(BadReply, match="not sent elsewhere"),
    ):
        ask(there, tmp_path, ToldClock(NOON), b"[]")


def test_what_is_sent_arrives(tmp_path: Path) -> None:
    clock = ToldClock(NOON)
    with PlaceServer(tell=lambda path, asked: {"got": asked.get("", "")}) as there:
        assert ask(there, tmp_path, clock, b'["x"]') == {"got": '["x"]'}


def test_a_key_in_an_address_is_in_no_message(tmp_path: Path) -> None:
    with (
        PlaceServer(tell=lambda path, asked: Answer(b"{}", "application/json", 401)) as there,
        pytest.raises(Refused) as wrong,
    ):
        client(tmp_path, ToldClock(NOON)).get(
            f"{there.home}/works?a=1&api_key=hush&b=2", source="there", budget=BUDGET, kinds=JSON
        )
    assert "hush" not in str(wrong.value)
    assert "b=2" in str(wrong.value)
