"""A world with a database: a small arXiv known to the last detail, and a machine that harvests it, and is killed.

machine = Machine()
empty = tables(machine, folder / "empty")
lived(7, machine, folder / "7", empty).wrong            # [] if all that is held is what arXiv has
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.jobs.waking import Job, Machine
from tests.sources.arxiv_faults import FAULTS, OF_FEEDS, OF_OAI, OF_QUERIES, SLOW, Plan
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import Paper, World

# Everything is ordered since May; from September on the machine is there, and editions must be right.
SINCE, FIRST, LAST = date(2026, 5, 1), date(2026, 9, 1), date(2026, 9, 30)
# Labor Day, on which arXiv sends no mailing.
HOLIDAYS = frozenset({date(2026, 9, 7)})
TOPICS = ((), ("cs.LG",), ("cs", "hep-th"), ("cs.CL", "cs.LG", "hep-th"))
# Killed by number: so many statements are those of a morning with some papers.
STATEMENTS = 250
_FAULTS = tuple(sorted({*FAULTS, *OF_OAI, *OF_FEEDS, *OF_QUERIES} - set(SLOW)))


@dataclass
class Lived:
    """How it went: mornings begun, mornings killed, faults given; and what is wrong in the end, in words.

    ``misfiled`` and ``unfiled`` count papers of which nobody could tell the day; they are not wrong.
    """

    mornings: int = 0
    killed: int = 0
    faults: int = 0
    papers: int = 0
    misfiled: int = 0
    unfiled: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Held:
    """What the database holds of one paper."""

    title: str
    authors: list[str]
    topics: list[str]
    journal_ref: str
    withdrawn: bool
    versions: list[int]
    days: list[tuple[date, bool]]


def tables(machine: Machine, folder: Path) -> Path:
    """A database with empty tables, to be copied for every world."""
    folder.mkdir(parents=True, exist_ok=True)
    assert machine.wake(Job(str(folder), {}, (), "", "", migrate=True)) == 0
    return folder / "broadsheet.sqlite3"


def lived(seed: int, machine: Machine, folder: Path, empty: Path, until: date = LAST) -> Lived:
    """Live to ``until`` in the world of ``seed``, with faults and kills, and compare what is held in the end."""
    chance = random.Random(seed)
    world = World(seed, HOLIDAYS)
    world.live_through(date(2026, 6, 1), date(2026, 8, 31), most=3)
    plan = Plan(rate=chance.choice((0.0, 0.1, 0.3, 0.5)), seed=seed, names=_FAULTS)
    topics, done = chance.choice(TOPICS), Lived()
    folder.mkdir(parents=True)
    shutil.copy(empty, folder / "broadsheet.sqlite3")
    with Server(world, plan, page=chance.choice((3, 7, 20))) as arxiv:
        usual = 0.3
        for day in world.days(FIRST, until):
            world.live(day, most=4)
            world.now += timedelta(hours=5)
            if chance.random() < 0.1:
                world.delete()
            if chance.random() < 0.2:
                continue  # the laptop stays shut
            began = time.monotonic()
            while not _woken(machine, _job(folder, arxiv, topics, chance), chance, usual, done):
                if chance.random() < 0.5:
                    break
            usual = (usual + time.monotonic() - began) / 2
        plan.rate = 0.0
        for _ in range(8):
            pass_by(folder)
            done.mornings += 1
            if machine.wake(_job(folder, arxiv, topics, chance)) == 0 and _all_read(folder, world.now.date()):
                break
        else:
            done.wrong.append("never finished")
        # What was taken back before it was ever read is flagged by the next list, which reads two days again.
        machine.wake(_job(folder, arxiv, topics, chance))
    done.faults = len(plan.given)
    compare(world, topics, held(folder), done)
    return done


def _job(folder: Path, arxiv: Server, topics: tuple[str, ...], chance: random.Random) -> Job:
    at = arxiv.world.now.isoformat()
    return Job(str(folder), arxiv.bases, topics, SINCE.isoformat(), at, seed=chance.randrange(1 << 30))


def _woken(machine: Machine, job: Job, chance: random.Random, usual: float, done: Lived) -> bool:
    """One morning, which may be killed at a statement or at any moment; whether it was not."""
    how = chance.choice(("", "", "statement", "moment"))
    if how == "statement":
        job = Job(**{**job.__dict__, "kill_at": chance.randint(1, STATEMENTS)})
    pass_by(Path(job.data))
    child = machine.start(job)
    if how == "moment":
        time.sleep(usual * chance.random())
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    code = machine.ended()
    done.mornings += 1
    done.killed += code == -signal.SIGKILL
    if code not in (0, -signal.SIGKILL):
        done.wrong.append(f"a morning ended with {code}")
    return code == 0


def pass_by(folder: Path) -> None:
    """Ten minutes pass: who was killed holds nothing any more."""
    with sqlite3.connect(folder / "broadsheet.sqlite3") as database:
        database.execute("UPDATE route SET held_until = '2020-01-01 00:00:00'")
    database.close()


def _all_read(folder: Path, today: date) -> bool:
    """Whether a list begun today was read to its end; one begun weeks ago and often broken off says less."""
    rows = _rows(folder, "SELECT failure, asked_at FROM route WHERE route = 'oai'")
    return bool(rows) and all(not failure and (asked_at or "") >= today.isoformat() for failure, asked_at in rows)


def held(folder: Path) -> dict[str, Held]:
    """What the database holds, by the papers' keys; each is there once, since the key is unique."""
    found = {
        key: Held(title, json.loads(authors), json.loads(topics), journal_ref, bool(withdrawn), [], [])
        for key, title, authors, topics, journal_ref, withdrawn in _rows(
            folder, "SELECT key, title, authors, topics, journal_ref, withdrawn FROM paper"
        )
    }
    of_version = "SELECT key, number FROM version JOIN paper ON paper.id = paper_id ORDER BY number"
    for key, number in _rows(folder, of_version):
        found[key].versions.append(number)
    certain = "SELECT source_id, day FROM announcement WHERE certain AND kind = 'new'"
    read = set(_rows(folder, certain))
    entries = "SELECT key, day FROM entry JOIN paper ON paper.id = paper_id JOIN edition ON edition.id = edition_id"
    for key, day in _rows(folder, entries):
        found[key].days.append((date.fromisoformat(day), (key, day) in read))
    return found


def _rows(folder: Path, sql: str) -> list[tuple[str, ...]]:
    database = sqlite3.connect(folder / "broadsheet.sqlite3")
    try:
        return database.execute(sql).fetchall()
    finally:
        database.close()


def compare(world: World, topics: tuple[str, ...], found: dict[str, Held], done: Lived) -> None:
    """Write into ``done.wrong`` where what was ``found`` is not what arXiv has."""
    truth = {one.key: one for one in world.public() if _is_of(one, topics)}
    done.papers = len(found)
    # What was deleted before it was ever read is nowhere.
    done.wrong += [f"{key} is lost" for key, one in truth.items() if not one.deleted and key not in found]
    done.wrong += [f"{key} is nothing that arXiv has" for key in found.keys() - truth.keys()]
    for key in truth.keys() & found.keys():
        paper, made = truth[key], found[key]
        facts = {
            "title": (made.title, paper.title),
            "authors": (made.authors, list(paper.authors)),
            "withdrawn": (made.withdrawn, paper.withdrawn or paper.deleted),
        }
        if not paper.deleted:
            facts |= {
                "topics": (made.topics, list(paper.topics)),
                "journal": (made.journal_ref, paper.journal_ref),
                "versions": (made.versions, list(range(1, paper.version + 1))),
            }
        done.wrong += [f"{key}: {name} is {is_}, not {was}" for name, (is_, was) in facts.items() if is_ != was]
        _compare_days(world, paper, made, done)


def _compare_days(world: World, paper: Paper, made: Held, done: Lived) -> None:
    assert paper.announced
    days = [day for day, _ in made.days]
    if len(days) > 1:
        done.wrong.append(f"{paper.key}, announced on {paper.announced}, is in {len(days)} editions: {days}")
    if not days and paper.announced >= FIRST:
        # Held back for so long, and missed in its listing, that it cannot be told from an old one that was edited.
        done.unfiled += 1
        if not _cannot_be_told(world, paper):
            done.wrong.append(f"{paper.key}, announced on {paper.announced}, is in no edition")
    for day, read in made.days:
        if day != paper.announced and paper.announced >= FIRST:
            done.misfiled += 1
            if read or not _cannot_be_told(world, paper):
                done.wrong.append(f"{paper.key}, announced on {paper.announced}, is in the edition of {day}")


def _cannot_be_told(world: World, paper: Paper) -> bool:
    """Held back or changed again: whoever missed its listing and the change cannot tell one from the other."""
    assert paper.announced
    opened, _ = world.window(paper.announced - timedelta(days=1))
    return paper.versions[0] < opened or paper.modified.date() > paper.announced


def _is_of(paper: Paper, topics: tuple[str, ...]) -> bool:
    return not topics or any(one == name or one.startswith(f"{name}.") for one in paper.topics for name in topics)
