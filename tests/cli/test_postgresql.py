"""The command line on PostgreSQL, where the suite has one."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.cli.conftest import LIBRARY, Command, write_papers

SERVER = os.environ.get("BROADSHEET_TEST_DATABASE", "")


@pytest.fixture
def on_postgresql(broadsheet: Command) -> Iterator[Command]:
    """The command on a fresh database of the server that the suite runs on."""
    if not SERVER.startswith(("postgresql://", "postgres://")):
        pytest.skip("BROADSHEET_TEST_DATABASE names no PostgreSQL")
    import psycopg

    name = f"broadsheet_cli_{secrets.token_hex(4)}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield broadsheet.with_options(database=urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}")))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_papers_go_in_are_found_and_come_out(on_postgresql: Command, tmp_path: Path) -> None:
    on_postgresql("import", str(write_papers(tmp_path / "papers.jsonl", LIBRARY)))
    assert on_postgresql("search", "zebrafish", "--json").json["papers"][0]["id"] == "2611.00001"
    assert on_postgresql("doctor", "--full", "--json").json["well"] is True
    assert len(on_postgresql("export", "-").out.splitlines()) == len(LIBRARY)
    assert not (on_postgresql.data / "broadsheet.sqlite3").exists()


def test_a_server_that_is_not_there_is_told_in_one_line(broadsheet: Command) -> None:
    away = broadsheet.with_options(database="postgresql://nobody:hunter2@127.0.0.1:1/nothing")
    done = away("edition", code=3)
    assert "database" in done.err
    assert "hunter2" not in done.err
    assert done.err.count("\n") == 1
