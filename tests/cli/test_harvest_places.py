"""`broadsheet harvest` of places other than arXiv, as the real command against a real server."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.cli.conftest import Command
from tests.sources.arxiv_faults import Answer
from tests.sources.place_server import PlaceServer


def on(data: Path, addresses: str = "") -> Command:
    data.mkdir(exist_ok=True)
    return Command(data).with_options(source_addresses=addresses, private_sources="true")


def test_daily_papers_of_today_are_there_after_one_command(tmp_path: Path) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"

    def tell(path: str, asked: Mapping[str, str]) -> object:
        told = {
            "id": "2611.00042", "title": "Lanterns of the Day", "upvotes": 17, "submittedOnDailyAt": f"{today}T00:00:01Z"
        }  # fmt: skip
        return [{"paper": told}] if asked.get("date") == today and asked["p"] == "0" else []

    with PlaceServer(tell=tell) as there:
        there.world.now = datetime.now(UTC)
        command = on(tmp_path / "data", f"huggingface.daily={there.home}/api")
        done = command("harvest", "huggingface", "--route", "daily")
        assert "huggingface by daily: 1 new" in done.out
        paper = command("paper", "2611.00042", "--json").json
        assert "huggingface.votes" in str(paper)
        assert there.paths == ["/api/daily_papers"] * len(there.log)


def test_a_feed_that_refuses_is_asked_again_once_a_person_has_said_so(tmp_path: Path) -> None:
    with PlaceServer(tell=lambda path, asked: Answer(b"no", "text/plain", 403)) as there:
        command = on(tmp_path / "data")
        words = ("harvest", "feeds", "--topics", f"{there.home}/papers.rss")
        assert "`broadsheet sources reset feeds.127.0.0.1` asks it again" in command(*words, code=3).err
        assert "until a person has looked" in command(*words, code=3).err
        assert len(there.log) == 1
        command("sources", "reset", "feeds.127.0.0.1")
        command(*words, code=3)
        assert len(there.log) == 2


def test_what_must_be_named_is_asked_for_before_anything_is_ordered(tmp_path: Path) -> None:
    command = on(tmp_path / "data")
    assert "no feed is named" in command("harvest", "feeds", code=2).err
    assert "no venue is named" in command("harvest", "openreview", code=2).err
    assert "no topics" in command("harvest", "huggingface", "--topics", "cs.CL", code=2).err
    assert "ordered:" not in command("sources").out
