"""How SQLite is used: on a live connection of an instance of its own, in processes of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BEGIN = "import django, json, sys, time; django.setup(); from django.db import connection, transaction; "


@pytest.fixture
def instance(tmp_path: Path) -> dict[str, str]:
    """The environment of a new instance with its tables, on SQLite whatever the suite runs on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
    environ = kept | {"BROADSHEET_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "broadsheet.config.settings"}
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"], env=environ, check=True
    )
    return environ


def start(program: str, environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", BEGIN + program], env=environ, stdout=subprocess.PIPE, text=True)


def answer(process: subprocess.Popen[str]) -> dict[str, float]:
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    read: dict[str, float] = json.loads(said)
    return read


def test_a_committed_change_survives_and_rows_that_point_nowhere_are_refused(instance: dict[str, str]) -> None:
    program = """
with connection.cursor() as cursor:
    read = lambda name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
    print(json.dumps({"wal": read("journal_mode") == "wal", **{name: read(name) for name in
        ("synchronous", "foreign_keys", "busy_timeout", "mmap_size")}}))
"""
    assert answer(start("\n" + program, instance)) == {
        "wal": True,
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "mmap_size": 0,
    }


def test_processes_that_read_and_then_write_wait_for_each_other(instance: dict[str, str]) -> None:
    """Begun as readers, transactions that come to write fail at once where another wrote meanwhile."""
    program = """
from broadsheet.catalog.models import Run
end, done, worst = time.monotonic() + 3, 0, 0.0
while time.monotonic() < end:
    began = time.monotonic()
    with transaction.atomic():
        held = Run.objects.count()
        Run.objects.create(job="test", target=str(held))
    worst, done = max(worst, time.monotonic() - began), done + 1
print(json.dumps({"done": done, "worst": worst}))
"""
    said = [answer(process) for process in [start("\n" + program, instance) for _ in range(2)]]

    assert all(one["done"] > 0 for one in said)
    assert max(one["worst"] for one in said) < 10


def test_processes_that_absorb_the_same_papers_make_each_once(instance: dict[str, str]) -> None:
    program = """
from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Paper
from tests.factories import preprint
for start in range(0, 100, 10):
    absorb_batch([preprint(f"2603.{n:05}", title=f"Lantern number {n} of a hundred lanterns") for n in range(start, start + 10)])
print(json.dumps({"papers": Paper.objects.count()}))
"""
    said = [answer(process) for process in [start("\n" + program, instance) for _ in range(2)]]

    assert max(one["papers"] for one in said) == 100
