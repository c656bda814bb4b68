"""`broadsheet doctor`: what is wrong, and the remedy."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command


@pytest.fixture
def copy(library: Command, tmp_path: Path) -> Command:
    """The library, free to be harmed."""
    shutil.copytree(library.data, tmp_path / "copy")
    return Command(tmp_path / "copy")


def finding(told: Any, name: str) -> Any:
    return next(one for one in told["findings"] if one["name"] == name)


def test_a_folder_in_order_is_found_well(library: Command) -> None:
    told = library("doctor", "--full", "--json").json
    assert told["well"] is True
    assert finding(told, "index")["said"].endswith("the database (4)")
    assert finding(told, "integrity")["said"].startswith("integrity_check")
    assert told["versions"]["SQLite"] == sqlite3.sqlite_version
    assert [one for one in told["findings"] if one["level"] != "good" and not one["remedy"]] == []


def test_an_old_sqlite_is_told_and_a_mended_one_is_not(library: Command) -> None:
    told = [one["name"] for one in library("doctor", "--json").json["findings"]]
    old = (3, 7, 0) <= sqlite3.sqlite_version_info < (3, 51, 3)
    assert ("broadsheet.W001" in told) == old


def test_a_folder_without_tables_is_told_how_to_get_them(broadsheet: Command) -> None:
    told = broadsheet("doctor", "--json", code=1).json
    assert told["well"] is False
    assert "broadsheet import" in finding(told, "tables")["remedy"]


def test_a_flipped_byte_in_the_index_is_found(copy: Command) -> None:
    generation = max(one for one in (copy.data / "index").iterdir() if one.is_dir())
    file = max((generation / "words").iterdir(), key=lambda one: one.stat().st_size)
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    told = copy("doctor", "--json", code=1).json
    assert "index rebuild" in finding(told, "index")["remedy"]
    copy("index", "rebuild")
    assert copy("doctor", "--json").json["well"] is True


def test_a_paper_that_the_index_has_not_is_found(copy: Command) -> None:
    with sqlite3.connect(copy.data / "broadsheet.sqlite3") as database:
        database.execute("UPDATE paper SET title = 'Another title' WHERE key = '2611.00001'")
    told = copy("index", "verify", "--json", code=1).json
    assert len(told["different"]) == 1
    assert "1 papers are old" in finding(copy("doctor", "--full", "--json", code=1).json, "index")["said"]


def test_what_waits_in_the_outbox_is_a_warning_and_update_takes_it_in(copy: Command) -> None:
    with sqlite3.connect(copy.data / "broadsheet.sqlite3") as database:
        database.execute("UPDATE paper SET title = 'An umbrella of another kind' WHERE key = '2611.00001'")
        database.execute("INSERT INTO outbox (paper, verb) SELECT id, 'put' FROM paper WHERE key = '2611.00001'")
    assert finding(copy("doctor", "--json").json, "outbox")["level"] == "warning"
    assert copy("index", "update", "--json").json["puts"] == 1
    assert copy("search", "another kind", "--mode", "words", "--json").json["papers"][0]["id"] == "2611.00001"


def test_a_damaged_database_is_found(copy: Command) -> None:
    with sqlite3.connect(copy.data / "broadsheet.sqlite3") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = copy.data / "broadsheet.sqlite3"
    raw = bytearray(file.read_bytes())
    raw[4096 * 8 : 4096 * 24] = b"\xa5" * 4096 * 16
    file.write_bytes(raw)
    told = copy("doctor", "--json", code=1).json
    assert any("backup" in one["remedy"] for one in told["findings"] if one["level"] == "error")


def test_a_data_folder_that_is_no_folder_is_named(broadsheet: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file, no folder")
    done = Command(tmp_path / "file" / "data")("doctor", code=2)
    assert str(tmp_path / "file") in done.err
