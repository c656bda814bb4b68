"""`broadsheet serve`: up by itself, found at the printed address, gone when told to."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, Command, Serve, made_up, write_papers


def test_the_first_start_serves_the_starter_edition_and_finds_what_another_terminal_imports(
    broadsheet: Command, serve: Serve, tmp_path: Path
) -> None:
    site = serve(broadsheet)
    assert "papers" in site.get("/papers")
    assert broadsheet("doctor", "--json").json["well"] is True
    file = write_papers(tmp_path / "papers.jsonl", [made_up(1, title="Zebrafish lanterns for nocturnal parsing")])
    broadsheet("import", str(file), "--no-index")
    until = time.monotonic() + 60
    while "2611.00001" not in site.get("/papers?q=zebrafish+lanterns&mode=words") and time.monotonic() < until:
        time.sleep(0.2)
    assert "2611.00001" in site.get("/papers?q=zebrafish+lanterns&mode=words")


def test_what_follows_changes_ends_with_whoever_started_it(library: Command) -> None:
    started = (
        "import os, subprocess\n"
        f"print(subprocess.Popen([*{COMMAND!r}, 'index', 'update', '--follow', str(os.getpid())]).pid)"
    )
    told = subprocess.run(
        [sys.executable, "-c", started],
        env=library.environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    until = time.monotonic() + 60
    while Path(f"/proc/{int(told.stdout)}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(f"/proc/{int(told.stdout)}").exists()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_ten_seconds(library: Command, serve: Serve, how: signal.Signals) -> None:
    code, seconds = serve(library).end(how)
    assert code == 0
    assert seconds < 10


def test_killed_outright_it_leaves_the_port_free(library: Command, serve: Serve, free_port: int) -> None:
    site = serve(library)
    os.kill(site.process.pid, signal.SIGKILL)
    until = time.monotonic() + 15
    while _answers(free_port) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _answers(free_port)
    assert "papers" in serve(library).get("/papers")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_port_that_is_taken_is_named_with_the_remedy(library: Command, free_port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", free_port))
        other.listen()
        done = library("serve", "--port", str(free_port), code=3)
    assert str(free_port) in done.err
    assert "--port" in done.err


def test_an_address_that_is_not_ours_is_refused(library: Command, free_port: int) -> None:
    done = library("serve", "--host", "no-such-host.invalid", "--port", str(free_port), code=2)
    assert "--host" in done.err


def test_listening_to_all_without_naming_hosts_is_warned_of(library: Command, serve: Serve) -> None:
    site = serve(library, "--host", "0.0.0.0")
    site.end(signal.SIGTERM)
    assert site.process.stderr is not None
    assert "BROADSHEET_ALLOWED_HOSTS" in site.process.stderr.read()


def test_empty_means_without_the_starter_edition(broadsheet: Command, serve: Serve) -> None:
    serve(broadsheet, "--empty").end(signal.SIGTERM)
    assert broadsheet("edition", code=1).out == ""
