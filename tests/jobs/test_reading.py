"""Reading in a process of its own gives what reading here gives, and ends with those who listen."""

import multiprocessing
import os
import signal
from datetime import date
from pathlib import Path

import orjson
import pytest

from broadsheet.jobs import reading

TODAY = date(2026, 11, 22)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Enough papers that the reader is never finished before it is heard."""
    path = tmp_path / "papers.jsonl"
    lines = [orjson.dumps({"id": f"2611.{number:05}", "title": f"Umbrella {number}"}) for number in range(5_000)]
    path.write_bytes(b"\n".join([*lines, b'{"id": "x", "title": ""}']))
    return path


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "APART_FROM", 0)


def test_a_large_file_is_read_in_another_process_with_the_same_result(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = list(reading.batches(file, (0, 0), TODAY, None))
    monkeypatch.setattr(reading, "APART_FROM", 0)
    assert list(reading.batches(file, (0, 0), TODAY, None)) == here
    assert sum(len(batch.records) for batch in here) == 5_000
    assert [one.line for batch in here for one in batch.rejects] == [5_001]


@pytest.mark.usefixtures("apart")
def test_it_goes_on_after_a_cursor(file: Path) -> None:
    first = next(iter(reading.batches(file, (0, 4_990), TODAY, None)))
    assert [one.title for one in first.records] == [f"Umbrella {number}" for number in range(4_990, 5_000)]


@pytest.mark.usefixtures("apart")
def test_when_nobody_listens_any_more_the_reading_process_ends(file: Path) -> None:
    listening = reading.batches(file, (0, 0), TODAY, None)
    next(listening)
    assert len(multiprocessing.active_children()) == 1
    listening.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("apart")
def test_a_reading_process_that_dies_is_told(file: Path) -> None:
    listening = reading.batches(file, (0, 0), TODAY, None)
    next(listening)
    (reader,) = multiprocessing.active_children()
    os.kill(reader.pid or 0, signal.SIGKILL)
    with pytest.raises(OSError, match="run the import again"):
        list(listening)


@pytest.mark.usefixtures("apart")
def test_what_goes_wrong_there_is_raised_here(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        list(reading.batches(tmp_path, (0, 0), TODAY, None))
