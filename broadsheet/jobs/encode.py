"""Filling the spaces beside the base: papers without a vector get one, the newest first.

A run goes through these steps, and each may be the last that happens:

1. see which papers of the index have no vector kept for their text, space by space;
2. take a chunk of the newest, read their texts, encode them, and append the vectors to the log of the space
   (``search.kept``), where they outlast a crash; the spaces take turns;
3. every so often, and at the end, let the index take in what is kept: search then uses it. Then look again, since
   papers may have come or changed meanwhile;
4. at the end, write a log anew that is mostly of papers and texts that are gone.

Killed anywhere, it has lost at most the chunk it was at. New papers and new texts are just papers without a vector: so
every space that is kept is written for as long as it is kept.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from broadsheet.jobs.index import documents
from broadsheet.jobs.spaces import chosen, follow, index_root, tidy, vectors_root
from broadsheet.search import encoders, generation
from broadsheet.search.encoders import Encoder
from broadsheet.search.generation import Generation, Verifier
from broadsheet.search.kept import Hashes, KeptVectors, Numbers
from broadsheet.search.living import newest_first
from broadsheet.search.manifest import space_of

_log = logging.getLogger(__name__)
CHUNK = 256
# Letting the index take in what is kept costs time and disk: at most a fiftieth of the run, and not all the time.
SHARE = 50
SELDOM = 20.0
# A log is written anew when this many vectors in it, and this share, are of no use any more.
_USELESS = 1_000
_USELESS_SHARE = 0.3

Progress = Callable[[int], None]
"""Told how many vectors were kept since the last call."""


class CannotEncodeError(Exception):
    """No vector can be made: there is no such space, or its encoder cannot be used here."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What a run did: vectors made, those still missing in the spaces that were asked for, and problems in words."""

    made: dict[str, int]
    missing: dict[str, int]
    problems: tuple[str, ...] = ()


class _Work:
    """One space: its encoder, its log, and the papers of the index that wait, newest first."""

    def __init__(self, encoder: Encoder, log: KeptVectors) -> None:
        self.name, self.log, self.made = log.space.name, log, 0
        self._encoder = encoder
        self._papers: Numbers = np.empty(0, np.int64)
        # A paper that the index still holds with its old text is not encoded twice in one run.
        self._tried: set[int] = set()

    @property
    def waiting(self) -> int:
        return len(self._papers)

    def look(self, papers: Numbers, texts: Hashes) -> None:
        """``papers`` and the hashes of their texts, newest first, as the index holds them."""
        missing = papers[self.log.find(papers, texts) < 0]
        self._papers = missing[~np.isin(missing, np.array(list(self._tried), np.int64))]

    def encode(self, most: int) -> int:
        """Make and keep up to ``most`` vectors; how many there were to make."""
        some, self._papers = self._papers[:most].tolist(), self._papers[most:]
        self._tried.update(some)
        if not (read := documents(some)):
            return 0
        papers = np.array([one.paper for one in read], np.int64)
        texts = np.array([one.meaning_hash for one in read], np.uint64)
        self.log.append(papers, texts, self._encoder.encode([one.meaning for one in read]))
        self.made += len(read)
        return len(read)

    def compact(self, papers: Numbers, texts: Hashes) -> None:
        useless = self.log.count - int((self.log.find(papers, texts) >= 0).sum())
        if self.log.damaged or useless > max(_USELESS, _USELESS_SHARE * self.log.count):
            self.log.compact(papers, texts)


def encode(
    names: Sequence[str] = (),
    *,
    limit: int | None = None,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Encoded:
    """Fill the spaces called ``names``, all that are kept if none; at most ``limit`` vectors, about ``seconds`` long.

    Raises:
        CannotEncodeError: if a name is not that of a kept space.
        NoIndexError: if there is no index yet.
        BusyError: if another process encodes for one of the spaces, or goes on writing the index.
    """
    until = time.monotonic() + seconds if seconds else float("inf")
    left = limit if limit is not None else 1 << 62
    with ExitStack() as held:
        works, problems = _works(names, held)
        index = _Index(works)
        while left and time.monotonic() < until and any(work.waiting for work in works):
            for work in works:
                made = work.encode(min(CHUNK, left))
                left -= made
                if progress:
                    progress(made)
            works = [work for work in works if chosen().space(work.name) == work.log.space]
            if index.is_due or not any(work.waiting for work in works):
                index.follow(works)
        index.follow(works)
        for work in works:
            work.compact(*index.living)
        tidy(chosen())
    return Encoded({one.name: one.made for one in works}, {one.name: one.waiting for one in works}, problems)


class _Index:
    """The index while its spaces are being filled."""

    def __init__(self, works: Sequence[_Work]) -> None:
        self._verifier = Verifier()
        self._published, self._cost = time.monotonic(), 0.0
        self._look(works, generation.open_current(index_root(), self._verifier))

    @property
    def is_due(self) -> bool:
        return time.monotonic() - self._published > max(SELDOM, SHARE * self._cost)

    def follow(self, works: Sequence[_Work]) -> None:
        """Take in what is kept, and see what is still missing."""
        began = time.monotonic()
        choice, logs = chosen(), {work.name: work.log for work in works}
        kept = [logs.get(space.name) or KeptVectors(vectors_root(), space) for space in choice.kept]
        now = follow(choice, kept, verifier=self._verifier)
        self._published = time.monotonic()
        self._cost = self._published - began
        self._look(works, now)

    def _look(self, works: Sequence[_Work], now: Generation) -> None:
        self.living = newest_first(now)
        for work in works:
            work.look(*self.living)


def _works(names: Sequence[str], held: ExitStack) -> tuple[list[_Work], tuple[str, ...]]:
    """The spaces to fill, that which serves first, their logs locked; and why others cannot be filled."""
    choice = chosen()
    if unknown := set(names) - {space.name for space in choice.kept}:
        raise CannotEncodeError(
            f"no space {min(unknown)} is kept: `broadsheet encoder list` names those that are, "
            f"`broadsheet encoder add {min(unknown)}` adds it"
        )
    works, problems = [], []
    for space in sorted(choice.kept, key=lambda one: one.name != choice.serves):
        if names and space.name not in names:
            continue
        try:
            encoder = encoders.find(space.name, space.home)
        except (ImportError, OSError, ValueError) as why:
            problems.append(f"the space {space.name} cannot be filled: {why}")
            continue
        if not space.made_by(encoder):
            _log.warning("encoder %s has become %s: its space is filled anew", space, encoder.version)
            chosen().keeping(space_of(encoder, space.home)).save(vectors_root())
        log = KeptVectors(vectors_root(), space_of(encoder, space.home))
        held.enter_context(log.writing())
        works.append(_Work(encoder, log))
    return works, tuple(problems)
