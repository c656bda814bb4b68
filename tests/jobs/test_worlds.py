"""Random worlds with a database: whatever arXiv, the network and SIGKILL do, what is held in the end is what arXiv has."""

import os
import signal
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.jobs.waking import Job, Machine
from tests.jobs.worlds import HOLIDAYS, SINCE, Lived, compare, held, lived, pass_by, tables
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import World
from tests.sources.conftest import in_memory

# More and longer ones: make worlds
WORLDS = int(os.environ.get("TEST_WORLDS", "12"))
UNTIL = date(2026, 9, 10)
TOPICS = ("cs.CL", "cs.LG")
# Everything that a morning writes, in the order in which it first does.
STEPS = {
    "the order": 'INSERT INTO "harvest_order"',
    "the route": 'INSERT INTO "route"',
    "that the route is taken": 'UPDATE "route" SET "holder"',
    "the run": 'INSERT INTO "run"',
    "the cursor": 'UPDATE "route" SET "cursor"',
    "papers": 'INSERT INTO "paper"',
    "records": 'INSERT INTO "record"',
    "names": 'INSERT INTO "identifier"',
    "versions": 'INSERT INTO "version"',
    "editions": 'INSERT INTO "edition"',
    "places in editions": 'INSERT INTO "entry"',
    "what the index must see": 'INSERT INTO "outbox"',
    "announcements": 'INSERT INTO "announcement"',
    "the tally of the run": 'UPDATE "run" SET "cursor"',
    "that the run ended": 'UPDATE "run" SET "state"',
    "that a listing was read": 'UPDATE "coverage" SET "listed"',
    "the lines of the ledger": 'UPDATE "coverage" SET "state"',
    "the order of an edition": "UPDATE entry SET position",
    "that an edition is closed": 'UPDATE "edition" SET "closed_at" = %s, "papers"',
}


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    machine = Machine()
    yield machine
    machine.close()


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    with in_memory() as folder:
        yield folder


@pytest.fixture(scope="module")
def empty(machine: Machine, root: Path) -> Path:
    return tables(machine, root / "empty")


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_database_ends_as_arxiv_is_whatever_happens_on_the_way(
    seed: int, machine: Machine, root: Path, empty: Path
) -> None:
    """H05: updates, faults, kills and records that move between pages; nothing is lost, nothing doubled."""
    done = lived(seed, machine, root / str(seed), empty, until=UNTIL)
    assert done.wrong == []
    assert done.papers > 10


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_of_a_morning_the_next_one_brings_everything(
    step: str, before: bool, machine: Machine, root: Path, empty: Path
) -> None:
    """H06: the cursor is written with the page it follows, so a kill repeats a page and never leaves one out."""
    folder = root / f"{step}, {before}"
    folder.mkdir()
    (folder / "broadsheet.sqlite3").write_bytes(empty.read_bytes())
    world = World(1, HOLIDAYS)
    world.live_through(date(2026, 6, 1), date(2026, 9, 1), most=3)
    world.now += timedelta(hours=5)
    with Server(world, page=20) as arxiv:
        job = Job(str(folder), arxiv.bases, TOPICS, SINCE.isoformat(), world.now.isoformat())
        killed = Job(**{**job.__dict__, "kill_like": STEPS[step], "before": before})
        assert machine.wake(killed) == -signal.SIGKILL
        pass_by(folder)
        assert machine.wake(job) == 0
    done = Lived()
    compare(world, TOPICS, held(folder), done)
    assert done.wrong == []
