"""What a contender is asked, what it answers, and what it is."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from bench import papers_store
from broadsheet.search.document import Document

DIMENSION = 256
MINILM_DIMENSION = 384
PAGE = 20


@dataclass(frozen=True, slots=True)
class Corpus:
    """Papers 1 to ``count`` of ``store``, their vectors by the static encoder (float16 rows of 256), and by MiniLM.

    ``minilm`` is empty where there are none; ``minilm_made`` says that they only stand for real ones, good for
    timing but not for quality.
    """

    name: str
    store: str
    count: int
    static: str = ""
    minilm: str = ""
    minilm_made: bool = False

    def documents(self) -> Iterator[Document]:
        return papers_store.documents(Path(self.store), self.count)

    def vectors(self) -> NDArray[np.float16]:
        return np.memmap(self.static, np.float16, "r", shape=(self.count, DIMENSION))

    def minilm_vectors(self) -> NDArray[np.float16]:
        return np.memmap(self.minilm, np.float16, "r", shape=(self.count, MINILM_DIMENSION))


@dataclass(frozen=True, slots=True)
class Ask:
    """One search: ``kind`` is keywords, question or judged; a filter is met where it is empty or 0.

    ``whole`` asks for the page as a reader sees it: facets, titles and crops with the words marked.
    """

    text: str
    kind: str
    topic: str = ""
    first_year: int = 0
    k: int = PAGE
    whole: bool = True
    truth: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Paper numbers, best first; crops and facets are None where the contender has no way to make them."""

    papers: list[int]
    crops: list[str] | None = None
    facets: dict[str, dict[str, int]] | None = None


@dataclass
class Contender:
    """An engine in the race. ``build`` and ``search`` run in processes of their own."""

    name: ClassVar[str]
    design: ClassVar[str]
    """What it is made of and how it was set, in one sentence for the page."""
    can: ClassVar[frozenset[str]]
    """Of ``ABILITIES``, those it has by itself."""
    by_hand: ClassVar[frozenset[str]] = frozenset()
    """Of ``ABILITIES``, those that this file had to write around it."""
    holds_text: ClassVar[bool] = False
    """Whether its files hold titles and abstracts; for the others the text store is counted beside."""
    largest: ClassVar[int] = 3_000_000
    """The most papers it is asked to hold here."""
    why_largest: ClassVar[str] = ""
    most_judged: ClassVar[int] = 700
    """The most questions of a judged set that it is asked."""

    corpus: Corpus
    folder: Path

    def build(self) -> None:
        """Make all of its files under ``folder``, which is new and empty."""
        raise NotImplementedError

    def open(self) -> None:
        """Be ready to search."""
        raise NotImplementedError

    def search(self, ask: Ask) -> Answer:
        raise NotImplementedError

    def close(self) -> None:
        """Give back what ``open`` took."""

    def extras(self) -> dict[str, float]:
        """Other figures, by name."""
        return {}

    def processes(self) -> list[int]:
        """The roots of its process trees, whose memory and processor time are counted."""
        return [os.getpid()]


ABILITIES = ("words", "meaning", "filters", "facets", "highlights")

_CONTENDERS = {
    "broadsheet": "broadsheet_engine:BroadsheetEngine",
    "fts5": "fts5:Fts5",
    "bm25s": "bm25s_scipy:Bm25s",
    "lancedb": "lance:Lance",
    "postgres": "postgres:Postgres",
    "minilm-faiss": "minilm_faiss:MiniLmFaiss",
    "arxiv-sanity": "scan_and_refit:ScanAndRefit",
}
NAMES = tuple(_CONTENDERS)


def contender(name: str) -> type[Contender]:
    """The class of the contender called ``name``.

    Raises:
        ImportError: if a library that it needs is not installed.
    """
    module, _, kind = _CONTENDERS[name].partition(":")
    found: type[Contender] = getattr(import_module(f"bench.race.contenders.{module}"), kind)
    return found
