"""SIGKILL for the worker in the middle of a job: the job is given to another."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def until(there: Callable[[], bool], seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while not there() and time.monotonic() < end:
        time.sleep(0.1)
    return there()


def test_a_job_whose_worker_was_killed_is_done_by_another(tmp_path: Path) -> None:
    file, data = tmp_path / "workers", tmp_path / "data"
    data.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
    cluster = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.redelivered", str(file)],
        env=kept | {"BROADSHEET_DATA": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert until(lambda: file.exists() and file.read_text().endswith("\n"))
        os.kill(int(file.read_text()), signal.SIGKILL)
        assert until(file.with_suffix(".done").exists)
        first, second = file.read_text().split()
        assert first != second
    finally:
        os.killpg(cluster.pid, signal.SIGKILL)
        cluster.wait()
