"""`broadsheet export`: everything out, and in again."""

import gzip
import os
import subprocess
from pathlib import Path

from tests.cli.conftest import COMMAND, Command, made_up, write_papers


def exported(command: Command) -> list[str]:
    return sorted(command("export", "-").out.splitlines())


def test_importing_an_export_gives_the_same_papers(library: Command, broadsheet: Command, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl.gz"
    library("export", str(file))
    broadsheet("import", str(file), "--no-index")
    assert exported(broadsheet) == exported(library)
    for name in ("2611.00003", "2611.00001"):
        there, here = library("paper", name, "--json").json, broadsheet("paper", name, "--json").json
        for moving in ("records", "similar"):
            there.pop(moving), here.pop(moving)
        assert here == there


def test_importing_ones_own_export_changes_nothing(broadsheet: Command, tmp_path: Path) -> None:
    broadsheet("import", str(write_papers(tmp_path / "in.jsonl", [made_up(1), made_up(2)])), "--no-index")
    broadsheet("export", str(tmp_path / "out.jsonl"))
    done = broadsheet("import", str(tmp_path / "out.jsonl"), "--no-index", "--json").json
    assert (done["added"], done["changed"], done["unchanged"]) == (0, 0, 2)


def test_an_export_that_fails_leaves_the_file_as_it_was(broadsheet: Command, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("the last one\n")
    (broadsheet.data / "broadsheet.sqlite3").write_bytes(b"this is no database, whatever its name says" * 100)
    broadsheet("export", str(file), code=3)
    assert file.read_text() == "the last one\n"
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".part")] == []


def test_a_pipe_is_written_to_and_stays_a_pipe(library: Command, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    running = library.start("export", str(pipe))
    assert len(pipe.read_text("utf-8").splitlines()) == 4
    assert running.wait(30) == 0
    running.communicate()
    assert pipe.is_fifo()


def test_a_link_keeps_pointing_at_its_file(library: Command, tmp_path: Path) -> None:
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    library("export", str(tmp_path / "link.jsonl"))
    assert (tmp_path / "link.jsonl").is_symlink()
    assert len((tmp_path / "real.jsonl").read_text("utf-8").splitlines()) == 4


def test_a_gzip_export_is_the_same_bytes_each_time(library: Command, tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        library("export", str(tmp_path / name))
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()
    assert len(gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()).splitlines()) == 4


def test_a_reader_that_goes_away_ends_it_without_complaint(broadsheet: Command, tmp_path: Path) -> None:
    papers = [made_up(number, abstract="long words " * 500) for number in range(60)]
    broadsheet("import", str(write_papers(tmp_path / "in.jsonl", papers)), "--no-index")
    with subprocess.Popen(
        [*COMMAND, "export", "-"], env=broadsheet.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(30) == 141
        assert running.stderr.read() == b""
