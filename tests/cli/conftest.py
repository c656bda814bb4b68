"""The real command, in a process of its own, on a data folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

COMMAND = [sys.executable, "-m", "broadsheet.cli"]


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        return [line.split("\t") for line in self.out.splitlines()]


@dataclass(frozen=True)
class Command:
    """``broadsheet`` with this data folder. It always runs on SQLite, whatever database the suite runs on."""

    data: Path
    options: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
        return {**kept, "BROADSHEET_DATA": str(self.data), **self.options}

    def __call__(self, *words: str, code: int = 0, stdin: str = "", timeout: float = 60) -> Done:
        """Run to the end, see that it ends with ``code`` and that nobody is shown a traceback."""
        run = subprocess.run(
            [*COMMAND, *words],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        done = Done(run.returncode, run.stdout, run.stderr)
        assert "Traceback" not in done.err, done.err
        assert done.code == code, done
        return done

    def start(self, *words: str) -> "subprocess.Popen[str]":
        # In a session of its own, so that a signal for it cannot reach the tests.
        return subprocess.Popen(
            [*COMMAND, *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def with_options(self, **options: str) -> "Command":
        return Command(self.data, {f"BROADSHEET_{name.upper()}": value for name, value in options.items()})


def made_up(number: int, **said: Any) -> dict[str, Any]:
    """A paper that nobody wrote."""
    return {
        "id": f"2611.{number:05}",
        "title": f"Made-up paper {number} on the folding of umbrellas",
        "abstract": f"We fold umbrella {number} in a way nobody has folded one before.",
        "authors": ["Ada Invented", f"Bob Number{number}"],
        "date": "2026-02-10",
        "topics": ["cs.CL"],
        "source": "arxiv",
        **said,
    }


def write_papers(file: Path, papers: list[dict[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(paper) + "\n" for paper in papers), "utf-8")
    return file


LIBRARY = [
    made_up(
        1,
        title="Zebrafish lanterns for nocturnal parsing",
        links=[{"kind": "code", "url": "https://example.org/1"}],
    ),
    made_up(2, title="A kettle that forgets: continual learning by evaporation", topics=["cs.LG"]),
    made_up(
        3,
        title="Seventeen ways to sort a drawer",
        date="2026-02-11",
        placements=[{"day": "2026-02-11", "position": 0, "picked": True, "by": "huggingface"}],
        signals=[{"source": "huggingface", "kind": "votes", "value": 41, "seen_at": "2026-02-12T00:00:00+00:00"}],
    ),
    made_up(4, title="On \x1b[31mred\u202e titles and $O(n^2)$ tricks", abstract="It has <b>marks</b> in it."),
]


@pytest.fixture
def broadsheet(tmp_path: Path) -> Command:
    """The command on an empty data folder."""
    data = tmp_path / "data"
    data.mkdir()
    return Command(data)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command on a folder with the papers of ``LIBRARY``; tests only read it."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "data").mkdir()
    command = Command(folder / "data")
    command("import", str(write_papers(folder / "papers.jsonl", LIBRARY)))
    return command


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A ``broadsheet serve`` that has said where it is."""

    process: "subprocess.Popen[str]"
    address: str

    def get(self, path: str) -> str:
        with urlopen(self.address + path, timeout=10) as answer:
            return str(answer.read().decode())

    def end(self, how: signal.Signals) -> tuple[int, float]:
        """``(exit code, seconds it took)``."""
        began = time.monotonic()
        self.process.send_signal(how)
        code = self.process.wait(15)
        return code, time.monotonic() - began


Serve = Callable[..., Site]


@pytest.fixture
def serve(free_port: int) -> Iterator[Serve]:
    """Start the site and wait until it says its address; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(command: Command, *flags: str) -> Site:
        process = command.start("serve", "--port", str(free_port), "--workers", "1", *flags)
        started.append(process)
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said.startswith("Broadsheet is at "):
            _, err = process.communicate(timeout=15)
            raise AssertionError(f"serve did not come up: {said}{err}")
        return Site(process, said.removeprefix("Broadsheet is at ").strip())

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
