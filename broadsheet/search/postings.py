"""Which papers hold which stem, and how much of each paper it is: arrays on disk, mapped when they are read.

The files of one part, whose rows count from 0:

    stems.utf8 stems.end              the stems in the order of their bytes, one after the other; where each ends
    text.table title.table            per stem: in how many rows (``count``), where its entries start, its ``top`` share
    text.rows text.shares             the entries of the stems in fewer than 1 row in ``BROAD``: row, share
    text.broad                        the others: a column of shares, one for every row of the part, 0 for none
    lengths.npy                       the usual length of a text and of a title, by which shares were found

A share is the part of BM25 that depends on one paper alone, ``tf / (tf + k1 (1 - b + b length / usual length))``,
between 0 and 1, in 255 steps (Robertson and Zaragoza 2009; for impacts in few bits Anh and Moffat 2002). The usual
length is that of the papers the index was built from, so that no part has to be read again when others are added.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIELDS = ("text", "title")
TABLE = np.dtype([("start", "<u8"), ("count", "<u4"), ("top", "u1")])
BROAD = 5
"""A stem in one row of so many is kept as a column: one byte a row, not five bytes an entry."""
STEPS = 255
LENGTHS = "lengths.npy"
_REMEMBERED = 10_000  # stems whose places are kept at hand


@dataclass(frozen=True, slots=True)
class Entries:
    """Where one stem stands in one part: ``rows``, counted from ``first``, with their shares in steps of 1 / 255.

    ``rows`` is None for a stem that has a column: then ``shares`` has a place for each of the ``size`` rows.
    """

    first: int
    size: int
    count: int
    top: int
    rows: NDArray[np.uint32] | None
    shares: NDArray[np.uint8]

    def within(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The shares in ``rows`` (of the whole index, ascending, all of this part), 0 where the stem is not."""
        local = rows - self.first
        if self.rows is None:
            return self.shares[local]
        wanted = local.astype(np.uint32)
        at = np.searchsorted(self.rows, wanted)
        np.minimum(at, len(self.rows) - 1, out=at)
        found: NDArray[np.uint8] = np.where(self.rows[at] == wanted, self.shares[at], np.uint8(0))
        return found

    def places(self) -> NDArray[np.intp]:
        """The rows it stands in, counted from ``first``, ascending."""
        return np.flatnonzero(self.shares) if self.rows is None else self.rows.astype(np.intp)


class PostingsPart:
    """The postings of one part, whose first row is ``first`` of the whole index."""

    def __init__(self, path: Path, first: int, size: int) -> None:
        """Raises ``ValueError`` or ``OSError`` where the files do not hold together."""
        self.first, self.size = first, size
        self.stems = _mapped(path / "stems.utf8", np.uint8)
        self.ends = _mapped(path / "stems.end", np.uint64)
        if len(self.ends) and int(self.ends[-1]) != len(self.stems):
            raise ValueError(f"{path} names {len(self.stems)} bytes of stems, not {int(self.ends[-1])}")
        self.tables = {field: _mapped(path / f"{field}.table", TABLE) for field in FIELDS}
        self.rows = {field: _mapped(path / f"{field}.rows", np.uint32) for field in FIELDS}
        self.shares = {field: _mapped(path / f"{field}.shares", np.uint8) for field in FIELDS}
        self.broad = {field: _mapped(path / f"{field}.broad", np.uint8) for field in FIELDS}
        self.lengths: NDArray[np.float64] = np.load(path / LENGTHS)

    def stem(self, place: int) -> bytes:
        """The stem at ``place`` in the order of their bytes."""
        start = int(self.ends[place - 1]) if place else 0
        return self.stems[start : int(self.ends[place])].tobytes()

    def place(self, stem: bytes) -> int | None:
        at = bisect_left(range(len(self.ends)), stem, key=self.stem)
        return at if at < len(self.ends) and self.stem(at) == stem else None

    def entries(self, field: str, place: int) -> Entries | None:
        start, count, top = self.tables[field][place].item()
        if not count:
            return None
        if is_broad(count, self.size):
            return Entries(self.first, self.size, count, top, None, self.broad[field][start : start + self.size])
        here = slice(start, start + count)
        return Entries(self.first, self.size, count, top, self.rows[field][here], self.shares[field][here])


class Postings:
    """All parts of a generation. Safe to use from several threads."""

    def __init__(self, parts: Sequence[tuple[Path, int]]) -> None:
        """``parts``: the folder and the number of rows of each, in row order."""
        self.parts: list[PostingsPart] = []
        self.size = 0
        self._found: dict[tuple[str, str], list[Entries]] = {}
        for path, rows in parts:
            self.parts.append(PostingsPart(path, self.size, rows))
            self.size += rows

    def entries(self, field: str, stem: str) -> list[Entries]:
        """Where ``stem`` stands, part by part. One search asks for each of its stems several times."""
        found = self._found.get((field, stem))
        if found is None:
            key = stem.encode()
            places = [(part, part.place(key)) for part in self.parts]
            listed = [part.entries(field, place) for part, place in places if place is not None]
            found = [one for one in listed if one is not None]
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[field, stem] = found
        return found

    def frequency(self, field: str, stem: str) -> int:
        """In how many rows ``stem`` stands, those of papers gone included."""
        return sum(one.count for one in self.entries(field, stem))


def distinct(rows: NDArray[Any]) -> NDArray[Any]:
    """The different ones of ``rows``, ascending. By sorting: ``np.unique`` puts integers in a table, ten times as slow."""
    ascending = np.sort(rows)
    return ascending[np.diff(ascending, prepend=-1) > 0]


def is_broad(count: Any, size: int) -> Any:
    """Whether a stem in ``count`` of a part's ``size`` rows, or each of many, is kept as a column."""
    return count * BROAD >= size


def _mapped(path: Path, kind: Any) -> NDArray[Any]:
    if not path.stat().st_size:
        return np.empty(0, kind)
    # A plain array over the mapping: a memmap makes every slice ten times as dear.
    return np.asarray(np.memmap(path, kind, "r"))
