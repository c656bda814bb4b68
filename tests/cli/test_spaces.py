"""`broadsheet encoder` and `broadsheet encode`: a space is added, filled, measured, used, left and dropped."""

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Serve, made_up, write_papers

WORDS = [
    "kettle",
    "lantern",
    "umbrella",
    "ladder",
    "violin",
    "compass",
    "saddle",
    "anvil",
    "harbour",
    "meadow",
    "tunnel",
    "attic",
    "glacier",
    "orchard",
]


def titled(count: int) -> list[dict[str, object]]:
    draw = random.Random(1)
    return [
        made_up(
            number,
            title=f"{' '.join(draw.sample(WORDS, 3))} {number}",
            abstract=f"We weigh the {' and the '.join(draw.sample(WORDS, 2))}. It is done {number} times.",
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A hundred papers in an index whose base is ``static``."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "data").mkdir()
    command = Command(folder / "data")
    command("import", str(write_papers(folder / "papers.jsonl", titled(100))))
    return command


@pytest.fixture
def held(imported: Command, tmp_path: Path) -> Command:
    """The same papers and index, free to be changed."""
    shutil.copytree(imported.data, tmp_path / "data")
    return Command(tmp_path / "data")


def spaces(command: Command) -> dict[str, dict[str, object]]:
    return {one["name"]: one for one in command("encoder", "list", "--json").json}


def test_a_space_is_added_filled_used_left_and_dropped(held: Command) -> None:
    held("encoder", "add", "hashed")
    assert "40 papers encoded, 60 still to do" in held("encode", "--space", "hashed", "--limit", "40").err
    refused = held("encoder", "use", "hashed", code=1)
    assert "hashed covers 40.0% of the papers" in refused.err
    assert held("encode", "--json").json["made"] == {"hashed": 60}
    told = spaces(held)
    assert (told["hashed"]["covered"], told["hashed"]["serves"], told["static"]["serves"]) == (100, False, True)
    held("encoder", "use", "hashed", "--anyway")
    assert spaces(held)["hashed"]["serves"] is True
    assert len(held("search", "kettle lantern", "--json").json) > 0
    held("encoder", "use", "static")
    assert spaces(held)["static"]["serves"] is True
    held("encoder", "drop", "hashed")
    assert list(spaces(held)) == ["static"]
    assert not list((held.data / "vectors").glob("hashed*"))


def test_the_cut_over_shows_what_it_measured(held: Command) -> None:
    held("encoder", "add", "hashed")
    held("encode")
    told = held("encoder", "use", "hashed", "--anyway", "--json").json
    assert told["titles"]["asked"] == 100
    assert told["coverage"] == 1
    assert 0 <= told["overlap"] <= 1


def test_doctor_tells_of_each_space(held: Command) -> None:
    held("encoder", "add", "hashed")
    held("encode", "--limit", "40")
    held("encoder", "use", "hashed", "--anyway")
    told = held("doctor", "--json").json
    said = [one["said"] for one in told["findings"] if one["name"] == "space hashed"]
    assert any("covers 40 of 100 papers, and it answers" in one for one in said)


def test_what_is_not_there_is_named_with_the_remedy(held: Command) -> None:
    assert "broadsheet encoder add nonsense" in held("encode", "--space", "nonsense", code=2).err
    assert "no encoder is called 'nonsense'" in held("encoder", "add", "nonsense", code=2).err
    assert "nonsense" in held("encoder", "use", "nonsense", code=2).err
    assert "nonsense" in held("encoder", "drop", "nonsense", code=2).err


def test_a_served_site_fills_a_space_and_finds_new_papers_meanwhile(
    held: Command, serve: Serve, tmp_path: Path
) -> None:
    site = serve(held, "--empty")
    held("encoder", "add", "hashed")
    _wait_until(lambda: spaces(held)["hashed"]["covered"] == 100)
    file = write_papers(tmp_path / "more.jsonl", [made_up(900, title="Zebrafish lanterns for nocturnal parsing")])
    held("import", str(file), "--no-index")
    _wait_until(lambda: "2611.00900" in site.get("/papers?q=zebrafish+lanterns&mode=words"))
    _wait_until(lambda: spaces(held)["hashed"]["covered"] == 101)


@pytest.mark.parametrize(
    "words", [("encode",), ("encoder", "use", "hashed", "--anyway"), ("encoder", "drop", "hashed")]
)
def test_killed_at_any_moment_a_verb_is_done_or_done_again(held: Command, words: tuple[str, ...]) -> None:
    held("encoder", "add", "hashed")
    if words[0] != "encode":
        held("encode")
    began = time.monotonic()
    held("encoder", "list")
    usual = time.monotonic() - began
    draw = random.Random(9)
    for _ in range(3):
        process = held.start(*words)
        time.sleep(usual * (0.5 + draw.random()))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert held("index", "verify", "--json").json["agrees"] is True
    if words[-1] != "hashed" or "hashed" in spaces(held):
        held(*words)
    told = spaces(held)
    match words:
        case ("encode",):
            assert told["hashed"]["covered"] == 100
        case (_, "use", *_):
            assert told["hashed"]["serves"] is True
        case _:
            assert list(told) == ["static"]


def _wait_until(holds, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.3)
