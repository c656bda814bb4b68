"""SIGKILL in the middle of an import: nothing is lost, nothing is doubled."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "broadsheet.cli", "import", "--no-index", "--json"]
PAPERS = 6_000


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
    return kept | {"BROADSHEET_DATA": str(data)}


def stored(data: Path) -> int:
    try:
        with sqlite3.connect(f"file:{data}/broadsheet.sqlite3?mode=ro", uri=True) as database:
            return int(database.execute("SELECT count(*) FROM paper").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_a_killed_import_goes_on_where_it_was(tmp_path: Path) -> None:
    file, data = tmp_path / "papers.jsonl", tmp_path / "data"
    data.mkdir()
    with file.open("w") as lines:
        for number in range(PAPERS):
            # Long enough that the file is read in a process of its own.
            said = {
                "id": f"2611.{number:05}",
                "title": f"Umbrella {number}",
                "abstract": f"We fold {number}. " * 100,
            }
            lines.write(json.dumps(said) + "\n")
    running = subprocess.Popen(
        [*COMMAND, str(file)], env=environment(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    until = time.monotonic() + 60
    while not stored(data) and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    before = stored(data)
    assert 0 < before < PAPERS
    assert before % 500 == 0

    done = subprocess.run([*COMMAND, str(file)], env=environment(data), capture_output=True, check=True)
    said = json.loads(done.stdout)
    assert (said["added"], said["unchanged"], said["rejected"]) == (PAPERS - before, 0, 0)
    assert stored(data) == PAPERS
    with sqlite3.connect(data / "broadsheet.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
