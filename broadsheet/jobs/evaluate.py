"""How well search answers judged queries: words, meaning, both, and plain rank fusion beside them, on the same queries.

The papers are those that the folder brings (``search.judged``), else those named beside it, else those that this
installation holds. Papers that are brought are indexed in a folder of their own, which goes when all is measured
or, where one is named to keep them, serves the next time.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType

import numpy as np
import orjson
from django.conf import settings

from broadsheet.listings.engine import current_engine
from broadsheet.ranking import evaluation, fusion, hybrid
from broadsheet.ranking.evaluation import Comparison
from broadsheet.ranking.hybrid import Mode
from broadsheet.ranking.paging import DEEPEST
from broadsheet.search import encoders, generation, judged, writer
from broadsheet.search.document import Document
from broadsheet.search.encoders import Encoder
from broadsheet.search.engine import SearchEngine
from broadsheet.search.generation import NoIndexError
from broadsheet.search.guard import QueryTooLong
from broadsheet.search.judged import Judged, Problem
from broadsheet.search.manifest import DamagedError
from broadsheet.search.query import read
from broadsheet.search.syntax import Query

RANKS = "rrf"
"""Reciprocal-rank fusion of words and meaning, told beside them as the yardstick."""
MODES = (Mode.WORDS.value, Mode.MEANING.value, RANKS, Mode.HYBRID.value)
_NUMBERS = "numbers.json"

Progress = Callable[[int], None]


class NothingJudgedError(ValueError):
    """No query has an answer among the papers; the message says where they were looked for."""


@dataclass(frozen=True, slots=True)
class Library:
    """Papers open for search. ``find`` gives the number of the paper that an id names, or None."""

    engine: SearchEngine
    find: Callable[[str], int | None]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What came out for one folder. ``queries`` were asked; ``unanswered`` have no answer among the papers and were
    not; ``unknown`` answers to the queries asked are not among the papers, and nothing can find them.
    """

    name: str
    papers: int
    encoder: str
    version: str
    queries: dict[str, str]
    unanswered: int
    unknown: int
    comparison: Comparison
    problems: tuple[Problem, ...]


class Libraries:
    """Opens the papers of each folder, and those of several folders once. What it made goes when it is left."""

    def __init__(self, corpus: Sequence[Path] = (), keep: Path | None = None) -> None:
        """``corpus``: papers for every folder in place of its own; ``keep``: where indexes are kept for another time."""
        self._corpus, self._keep = tuple(corpus), keep
        self._last: tuple[tuple[tuple[Path, ...], str, str], Library] | None = None
        self._folder: Path | None = None

    def __enter__(self) -> "Libraries":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._last = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def of(self, folder: Judged, encoder: Encoder | None, indexing: Progress = lambda _: None) -> Library:
        """The papers to search for the queries of ``folder``; ``encoder`` reads papers that are brought (None: the
        installation's choice), and must be the one that answers where they are the installation's.

        Raises:
            NoIndex: if they are those of this installation and it has no index.
            NothingJudgedError: if another encoder answers there.
        """
        files = self._corpus or ((folder.corpus,) if folder.corpus else ())
        if not files:
            return _held(encoder)
        encoder = encoder or encoders.get(settings.OPTIONS["encoder"])
        wanted = (files, encoder.name, encoder.version)
        if self._last is None or self._last[0] != wanted:
            self._last = None  # one index in memory at a time
            self._last = (wanted, self._brought(files, encoder, indexing))
        return self._last[1]

    def _brought(self, files: tuple[Path, ...], encoder: Encoder, indexing: Progress) -> Library:
        root = self._root(files, encoder)
        problems: list[Problem] = []
        try:
            numbers = dict(orjson.loads((root / _NUMBERS).read_bytes()))
            return Library(SearchEngine(generation.open_current(root), encoder), numbers.get)
        except (OSError, ValueError, NoIndexError, DamagedError):
            numbers = {}  # not made yet, or by another release

        def numbered() -> Iterator[Document]:
            for name, document in judged.papers(files, problems):
                numbers[name] = document.paper
                indexing(1)
                yield document

        root.mkdir(parents=True, exist_ok=True)
        made = writer.rebuild(root, numbered(), encoder)
        (root / _NUMBERS).write_bytes(orjson.dumps(numbers))
        return Library(SearchEngine(made, encoder), numbers.get, tuple(problems))

    def _root(self, files: tuple[Path, ...], encoder: Encoder) -> Path:
        if self._keep is None:
            self._folder = self._folder or Path(tempfile.mkdtemp(prefix="broadsheet-evaluate-"))
        told = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
        made_of = repr((told, encoder.name, encoder.version, encoder.dimension)).encode()
        return (self._keep or self._folder or Path()) / hashlib.blake2b(made_of, digest_size=8).hexdigest()


def evaluate(
    folder: Path,
    libraries: Libraries,
    modes: Sequence[str] = MODES,
    encoder: Encoder | None = None,
    *,
    today: date,
    indexing: Progress = lambda _: None,
    asking: Progress = lambda _: None,
) -> Evaluated:
    """Ask every query of ``folder`` in each of ``modes``, as the search box would read it.

    ``indexing`` is told of papers, ``asking`` of queries, as they are done.

    Raises:
        NotJudgedError: if the folder holds no judged queries.
        NothingJudgedError: if none of the papers that answer them is among the papers.
        NoIndex: if the papers are those of this installation and it has no index.
    """
    held = judged.read(folder)
    library = libraries.of(held, encoder, indexing)
    problems = [*held.problems, *library.problems]
    gains: dict[str, dict[int, int]] = {}
    unknown = 0
    for name, papers in held.gains.items():
        answers = [(library.find(paper), grade) for paper, grade in papers.items() if grade]
        known = {number: grade for number, grade in answers if number is not None}
        if known:
            gains[name] = known
            unknown += len(answers) - len(known)
    if not gains:
        raise NothingJudgedError(
            f"{folder}: none of the papers that answer its queries is among the papers searched"
        )
    runs: dict[str, dict[str, list[int]]] = {mode: {} for mode in modes}
    for name in list(gains):
        try:
            query = read(held.queries[name], today)
        except QueryTooLong as wrong:
            problems.append(Problem(folder, 0, f"query {name!r}: {wrong}"))
            del gains[name]
            continue
        for mode, ranking in _rankings(library.engine, query, modes).items():
            runs[mode][name] = ranking
        asking(1)
    space = library.engine.generation.manifest.serving
    return Evaluated(
        name=held.name,
        papers=library.engine.generation.manifest.documents,
        encoder=space.name,
        version=space.version,
        queries={name: held.queries[name] for name in gains},
        unanswered=len(held.gains) - len(gains),
        unknown=unknown,
        comparison=evaluation.compare(runs, gains),
        problems=tuple(problems),
    )


def _rankings(engine: SearchEngine, query: Query, modes: Sequence[str]) -> dict[str, list[int]]:
    wanted = {Mode(mode) for mode in modes if mode != RANKS}
    if RANKS in modes:
        wanted |= {Mode.WORDS, Mode.MEANING}
    depth = DEEPEST if RANKS in modes else evaluation.DEPTH
    found = {
        mode.value: [hit.paper for hit in hybrid.search(engine, query, k=depth, mode=mode, facets=False).hits]
        for mode in sorted(wanted)
    }
    if RANKS in modes:
        parts = [np.array(found[mode.value], np.int64) for mode in (Mode.WORDS, Mode.MEANING)]
        found[RANKS] = fusion.reciprocal_ranks(parts)[0].tolist()
    return {mode: found[mode] for mode in modes}


def _held(encoder: Encoder | None) -> Library:
    engine = current_engine().search_engine
    serving = engine.generation.manifest.serving
    if encoder is not None and not serving.made_by(encoder):
        raise NothingJudgedError(
            f"{serving.name} answers for the papers held here, not {encoder.name}: run `broadsheet encoder use` first, "
            "or name a corpus"
        )

    def find(paper: str) -> int | None:
        rows = engine.words.by_id(paper)
        return int(engine.columns.papers[rows[0]]) if len(rows) else None

    return Library(engine, find)
