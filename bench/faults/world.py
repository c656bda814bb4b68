"""The small world that is tried: made-up papers, what is done to their index, what it answers; each in a process of its own."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.ranking.hybrid import search
from broadsheet.search import encoders, writer
from broadsheet.search.arranging import arrange
from broadsheet.search.encoders.hashed import Hashed
from broadsheet.search.engine import SearchEngine
from broadsheet.search.generation import Step, open_current
from broadsheet.search.kept import KeptVectors
from broadsheet.search.manifest import space_of
from broadsheet.search.query import read
from tests.search.corpus import Second, many

FORK = multiprocessing.get_context("fork")
QUESTIONS = (
    "umbrella 7", "folds", '"meets canvas3"', "weather5 -canvas3", "spoke12 OR spoke13", "renamed", "year:2020..",
    "title:umbrella weather2", "spok*", "folding umbrellas in bad weather", "like:k9", "k17", "Umbrella 30 folds 24 ways",
)  # fmt: skip
Verb = Callable[[Path, Step], object]


encoders.ENCODERS["second"] = "tests.search.corpus:Second"

PAPERS = many(120)
CHANGED = [replace(one, title=f"Renamed umbrella {one.paper}") for one in PAPERS[20:30]]


def rebuilt(root: Path, step: Step) -> object:
    return writer.rebuild(root / "index", PAPERS[:90], Hashed(), seq=9, step=step)


def updated(root: Path, step: Step) -> object:
    moved = {5: writer.Moved(9, 9, 9.0)}
    return writer.update(
        root / "index", Hashed(), puts=[*CHANGED, *PAPERS[100:]], deletes=[7, 8], moved=moved, seq=9, step=step
    )


def arranged(root: Path, step: Step) -> object:
    return arrange(root / "index", [KeptVectors(root / "vectors", space_of(Second()))], "second", step=step)


VERBS: dict[str, Verb] = {"rebuild": rebuilt, "update": updated, "arrange": arranged}


def build(root: Path) -> None:
    """An index that has been updated, with a generation to fall back on, and vectors kept for a second space."""
    writer.rebuild(root / "index", PAPERS[:80], Hashed(), seq=1)
    writer.update(root / "index", Hashed(), puts=PAPERS[80:100], seq=2)
    kept = KeptVectors(root / "vectors", space_of(Second()))
    with kept.writing():
        kept.append(
            np.array([one.paper for one in PAPERS], np.int64),
            np.array([one.meaning_hash for one in PAPERS], np.uint64),
            Second().encode([one.meaning for one in PAPERS]),
        )


def answers(root: Path) -> tuple[int, tuple[Any, ...]]:
    """The generation that opens, and what it answers to every question."""
    engine = SearchEngine(open_current(root / "index"))
    told: list[Any] = [engine.generation.manifest.seq, engine.generation.manifest.serves]
    for text in QUESTIONS:
        found = search(engine, read(text, date(2026, 11, 22)), k=50)
        told.append((text, found.total, found.exact, tuple((hit.paper, round(hit.score, 4)) for hit in found.hits)))
    return engine.generation.manifest.generation, tuple(told)


@dataclass(frozen=True)
class Ended:
    """How a process ended: the signal that killed it or 0, and what it gave or raised."""

    signal: int
    given: Any = None
    raised: str = ""


def apart(work: Callable[[], Any], kill_after: float | None = None) -> Ended:
    """``work`` done in a process of its own."""
    here, there = FORK.Pipe(duplex=False)

    def do() -> None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 # it lives as long as the process
        try:
            there.send(Ended(0, work()))
        except Exception as error:
            there.send(Ended(0, None, f"{type(error).__name__}: {error}"))

    child = FORK.Process(target=do)
    child.start()
    there.close()
    if kill_after is not None:
        time.sleep(kill_after)
        child.kill()
    try:
        ended = here.recv()
    except EOFError:
        ended = None
    child.join()
    return ended if ended is not None and not child.exitcode else Ended(-(child.exitcode or 0))
