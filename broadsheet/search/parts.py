"""The files of consecutive rows that were written together, and of several such parts made one.

parts/000000000-00000012/
  columns.npz                     facts to narrow and count by
  meaning.u64                     a hash of the text that an encoder reads, row by row
  static.i8 .scale .bits          the base space: a vector of every row
  compact.i8 .scale .bits .held   another space; ``.held`` says which rows have a vector in it, one byte each
  stems.* text.* title.* lengths.npy   which rows hold which stem (``postings``)
"""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.columns import ColumnsWriter, Mask, merge_columns, state_of
from broadsheet.search.document import Document
from broadsheet.search.generation import COLUMNS
from broadsheet.search.lexical import LexicalWriter
from broadsheet.search.manifest import Part, Space
from broadsheet.search.postings import LENGTHS, PostingsPart
from broadsheet.search.postings_layout import merge_postings
from broadsheet.search.postings_writer import PostingsWriter
from broadsheet.search.vectors import VectorWriter
from broadsheet.search.wording import wording

Floats = NDArray[np.float32]
TEXTS = "meaning.u64"
VECTORS = (".i8", ".scale", ".bits")
HELD = ".held"


def centre_of(name: str) -> str:
    """The file, in a generation, with the centre of the space called ``name``."""
    return f"{name}.centre.npy"


class PartWriter:
    """Rows from ``first`` on: their words, their vectors in the base space, columns and state."""

    def __init__(self, path: Path, first: int, number: int, base: Space) -> None:
        self._name = f"{first:09d}-{number:08d}"
        self._path = path / "parts" / self._name
        measured = sorted((path / "parts").glob(f"*/{LENGTHS}"))
        self._path.mkdir()
        self._postings = PostingsWriter(self._path, np.load(measured[0]) if measured else None)
        self._next = first
        self.vectors = VectorWriter(self._path / base.name, base.dimension)
        self._columns = ColumnsWriter()
        self._texts: list[int] = []
        self.states: list[NDArray[np.void]] = []

    def add(self, documents: Sequence[Document], vectors: Floats, words: LexicalWriter) -> None:
        self.vectors.add(vectors)
        self.states.append(state_of(documents))
        for document in documents:
            said = wording(document)
            words.add(self._next, document, said)
            self._postings.add(said)
            self._columns.add(document)
            self._texts.append(document.meaning_hash)
            self._next += 1

    def finish(self, centre: Floats) -> Part:
        rows = self.vectors.finish(centre).rows
        if not rows:
            shutil.rmtree(self._path)
            return Part(self._name, 0)
        np.array(self._texts, np.uint64).tofile(self._path / TEXTS)
        self._columns.write(self._path / COLUMNS)
        self._postings.finish()
        return Part(self._name, rows)


def leave_blank(folder: Path, rows: int, space: Space) -> None:
    """Files of ``space`` for a part none of whose rows has a vector in it: holes on disk, all zero when read."""
    for suffix, size in ((".i8", space.dimension), (".scale", 4), (".bits", space.dimension // 8), (HELD, 1)):
        blank = folder / f"{space.name}{suffix}"
        blank.unlink(missing_ok=True)  # it may be a link to that of another generation
        with blank.open("wb") as file:
            file.truncate(rows * size)


def held_rows(folders: Sequence[Path], name: str) -> Mask:
    """Which rows of the parts in ``folders`` have a vector in the space called ``name``, not the base."""
    return np.concatenate([np.empty(0, bool), *(np.fromfile(one / (name + HELD), bool) for one in folders)])


def counted(path: Path, parts: Sequence[Part], spaces: Sequence[Space], alive: Mask) -> tuple[Space, ...]:
    """``spaces``, the base first, with the number of living rows that each covers in the generation in ``path``."""
    folders = [path / "parts" / part.name for part in parts]
    base, *others = spaces
    held = (replace(one, covered=int((held_rows(folders, one.name) & alive).sum())) for one in others)
    return (replace(base, covered=int(alive.sum())), *held)


def merged(path: Path, parts: Sequence[Part], number: int, spaces: Sequence[Space]) -> list[Part]:
    """The parts with the last ones joined until each is at least twice the next: few parts, little copying."""
    kept = list(parts)
    tail = [kept.pop()]
    while kept and kept[-1].rows < 2 * sum(part.rows for part in tail):
        tail.insert(0, kept.pop())
    if len(tail) == 1:
        return [*kept, *tail]
    folders = [path / "parts" / part.name for part in tail]
    first = tail[0].name.partition("-")[0]
    joint = Part(f"{first}-{number:08d}", sum(part.rows for part in tail))
    target = path / "parts" / joint.name
    target.mkdir()
    base, *others = (space.name for space in spaces)
    names = [TEXTS, *(base + suffix for suffix in VECTORS)]
    names += [other + suffix for other in others for suffix in (*VECTORS, HELD)]
    for name in names:
        with (target / name).open("wb") as file:
            for one in folders:
                with (one / name).open("rb") as source:
                    shutil.copyfileobj(source, file, 1 << 20)
    merge_columns([one / COLUMNS for one in folders], target / COLUMNS)
    firsts = [int(sum(part.rows for part in tail[:at])) for at in range(len(tail))]
    merge_postings(
        [PostingsPart(one, start, part.rows) for one, start, part in zip(folders, firsts, tail, strict=True)],
        target,
    )
    for one in folders:
        shutil.rmtree(one)
    return [*kept, joint]
