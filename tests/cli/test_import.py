"""`broadsheet import`: what went in, what did not, and what happens when it is stopped."""

import fcntl
import gzip
import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.cli.conftest import Command, made_up, write_papers


def papers_in(command: Command) -> int:
    """How many papers are stored now; 0 while there are no tables."""
    try:
        with sqlite3.connect(f"file:{command.data}/broadsheet.sqlite3?mode=ro", uri=True) as database:
            return int(database.execute("SELECT count(*) FROM paper").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def test_import_says_how_many_papers_went_in_and_they_are_found(broadsheet: Command, tmp_path: Path) -> None:
    file = write_papers(tmp_path / "papers.jsonl", [made_up(1), made_up(2)])
    done = broadsheet("import", str(file))
    assert done.rows[0][:2] == ["added", "2"]
    assert broadsheet("search", "umbrella", "--json").json["total"] == 2


def test_a_file_read_to_its_end_is_passed_over_the_second_time(broadsheet: Command, tmp_path: Path) -> None:
    file = str(write_papers(tmp_path / "papers.jsonl", [made_up(1)]))
    broadsheet("import", file, "--no-index")
    assert broadsheet("import", file, "--no-index", "--json").json["skipped"] == 1
    again = broadsheet("import", file, "--no-index", "--json", "--again").json
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 1)


def test_a_bad_line_is_counted_and_kept_with_its_reason_and_the_rest_goes_in(
    broadsheet: Command, tmp_path: Path
) -> None:
    file = write_papers(tmp_path / "papers.jsonl", [made_up(1), {"abstract": "It has no title."}, made_up(2)])
    done = broadsheet("import", str(file), "--no-index", "--json").json
    assert (done["added"], done["rejected"]) == (2, 1)
    kept = Path(done["rejects"][0]).read_text("utf-8")
    assert '"line":2' in kept
    assert "title" in kept


def test_a_folder_of_gzip_and_plain_files_is_read_whole(broadsheet: Command, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    plain = write_papers(folder / "a.jsonl", [made_up(1)])
    (folder / "b.jsonl.gz").write_bytes(
        gzip.compress(plain.read_bytes().replace(b"2611.00001", b"2611.00002").replace(b"paper 1 ", b"paper 2 "))
    )
    assert broadsheet("import", str(folder), "--no-index", "--json").json["added"] == 2


def test_nothing_could_be_imported_ends_with_1_and_names_the_file(broadsheet: Command, tmp_path: Path) -> None:
    file = tmp_path / "notes.bin"
    file.write_bytes(b"%PDF-1.7 of something else")
    done = broadsheet("import", str(file), "--no-index", code=1)
    assert "notes.bin" in done.err


def test_a_path_that_is_not_there_is_named(broadsheet: Command) -> None:
    done = broadsheet("import", "/nowhere/papers.jsonl", code=2)
    assert "/nowhere/papers.jsonl" in done.err
    assert not (broadsheet.data / "broadsheet.sqlite3").exists()


def test_a_second_import_at_the_same_time_is_refused(broadsheet: Command, tmp_path: Path) -> None:
    file = write_papers(tmp_path / "papers.jsonl", [made_up(1)])
    with (broadsheet.data / "import.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = broadsheet("import", str(file), code=3)
    assert "another import" in done.err


def feed(path: Path, lines: Sequence[str], until: threading.Event) -> None:
    """Make ``path`` a pipe that gives an import ``lines``, the last quarter of them only after ``until``."""

    def write() -> None:
        with path.open("w", encoding="utf-8") as looked_at:  # it is read once to be known again, and then once more
            looked_at.writelines(lines)
            # A new pipe for the second reading, or the first would go on into it.
            path.unlink()
            os.mkfifo(path)
        with suppress(BrokenPipeError), path.open("w", encoding="utf-8") as reading:
            reading.writelines(lines[: len(lines) * 3 // 4])
            reading.flush()
            until.wait(120)
            reading.writelines(lines[len(lines) * 3 // 4 :])

    path.unlink(missing_ok=True)
    os.mkfifo(path)
    threading.Thread(target=write, daemon=True).start()


def test_ctrl_c_loses_nothing_and_the_second_run_goes_on(broadsheet: Command, tmp_path: Path) -> None:
    wanted = 4_000
    lines = [json.dumps(made_up(number)) + "\n" for number in range(wanted)]
    file = str(tmp_path / "papers.jsonl")
    # However busy the machine is, the import cannot have come to its end when the signal is sent.
    sent = threading.Event()
    feed(Path(file), lines, sent)
    running = broadsheet.start("import", file, "--no-index")
    until = time.monotonic() + 60
    while not papers_in(broadsheet) and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    sent.set()
    _, err = running.communicate(timeout=30)
    stored = papers_in(broadsheet)
    assert running.returncode == 130, err
    assert "Traceback" not in err
    assert "goes on from there" in err
    assert 0 < stored < wanted
    feed(Path(file), lines, sent)
    rest = broadsheet("import", file, "--no-index", "--json").json
    assert rest["added"] == wanted - stored
    assert rest["unchanged"] == 0
    assert papers_in(broadsheet) == wanted
