"""No room on the disk: a plain line, nothing half done, and on it goes when there is room again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command, made_up, write_papers


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 megabytes. Making one takes root and a system that lets it mount."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting a small disk takes root")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_an_import_stops_with_a_plain_line_and_goes_on_when_there_is_room(small_disk: Path, tmp_path: Path) -> None:
    command = Command(small_disk)
    wanted = 4_000
    papers = [made_up(number, abstract=f"Umbrella {number}. " * 60) for number in range(wanted)]
    file = str(write_papers(tmp_path / "papers.jsonl", papers))
    stopped = command("import", file, code=3)
    assert "no room on the disk" in stopped.err
    stored = len(command("export", "-").out.splitlines())
    assert 0 < stored < wanted
    assert stored % 500 == 0, "half a batch was stored"
    subprocess.run(["mount", "-o", "remount,size=1500m", str(small_disk)], check=True)
    assert command("import", file, "--json").json["added"] == wanted - stored
    assert command("doctor", "--full", "--json").json["well"] is True
