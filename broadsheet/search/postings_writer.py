"""Writing postings: words counted while papers stream by, set aside as sorted runs, and laid out stem by stem at last."""

import shutil
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.postings import FIELDS, LENGTHS, STEPS
from broadsheet.search.postings_layout import Source, lay_out, write_stems
from broadsheet.search.stem import is_indexed, stems
from broadsheet.search.wording import Wording

# How soon more of a word says no more, and how much a long text counts against it: as in Lucene and tantivy.
K1, B = 1.2, 0.75
_RUN = 4_000_000  # words counted in memory before they are sorted and set aside: some 100 MB
_MOST_KNOWN = 500_000
_NONE = -1
_MOST_TIMES = 255
_ROW_BITS = 32

Integers = NDArray[np.int64]


class PostingsWriter:
    """The postings of one part: ``add`` each paper in row order, then ``finish``."""

    def __init__(self, path: Path, lengths: NDArray[np.float64] | None = None) -> None:
        """``lengths``: the usual lengths to measure by; those of the papers added, where there are no others yet."""
        self._path, self._usual = path, lengths
        self._runs = path / "runs"
        self._numbers = _Numbers()
        self._fields = [_Counted(self._runs, field) for field in FIELDS]

    def add(self, wording: Wording) -> None:
        for counted, words in zip(self._fields, (wording.text, wording.heading), strict=True):
            counted.add(words, self._numbers)
        if self._fields[0].waiting >= _RUN:
            self._set_aside()

    def finish(self) -> None:
        self._set_aside()
        usual = self._usual
        if usual is None:
            usual = np.array([max(1.0, counted.usual()) for counted in self._fields])
        named = sorted((stem.encode(), number) for stem, number in self._numbers.of_stem.items())
        rank = np.empty(len(named), np.int64)
        rank[[number for _, number in named]] = np.arange(len(named))
        write_stems(self._path, [stem for stem, _ in named])
        for counted, length in zip(self._fields, usual.tolist(), strict=True):
            lay_out(self._path, counted.field, counted.sources(rank, length), len(named), counted.rows)
        np.save(self._path / LENGTHS, usual)
        shutil.rmtree(self._runs, ignore_errors=True)

    def _set_aside(self) -> None:
        self._runs.mkdir(exist_ok=True)
        for counted in self._fields:
            counted.set_aside()


class _Numbers(dict[str, int]):
    """For each word met the number of its stem, given when the word is first met."""

    def __init__(self) -> None:
        super().__init__()
        self.of_stem: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        if len(self) > _MOST_KNOWN:
            self.clear()
        number = _NONE
        if is_indexed(word):
            number = self.of_stem.setdefault(stems([word])[0], len(self.of_stem))
        self[word] = number
        return number


class _Counted:
    """The words of one field, as they come, and the runs that were set aside."""

    def __init__(self, folder: Path, field: str) -> None:
        self._folder, self.field = folder, field
        self._words = array("i")
        self._sizes = array("i")
        self._lengths: list[NDArray[np.int32]] = []
        self._runs: list[tuple[NDArray[np.int32], NDArray[np.uint32]]] = []
        self.rows = 0

    @property
    def waiting(self) -> int:
        return len(self._words)

    def add(self, words: Sequence[str], numbers: "_Numbers") -> None:
        self._words.extend(map(numbers.__getitem__, words))
        self._sizes.append(len(words))

    def usual(self) -> float:
        return float(sum(int(one.sum(dtype=np.int64)) for one in self._lengths) / max(1, self.rows))

    def set_aside(self) -> None:
        """Sort what is waiting by stem and row, count it, and write it to a file."""
        if not self._sizes:
            return
        words, sizes = np.frombuffer(self._words, np.int32), np.frombuffer(self._sizes, np.int32)
        rows = np.repeat(np.arange(len(sizes)), sizes)
        kept = words != _NONE
        self._lengths.append(np.bincount(rows[kept], minlength=len(sizes)).astype(np.int32))
        keys = (words[kept].astype(np.int64) << _ROW_BITS) | (rows[kept] + self.rows)
        keys.sort()
        starts = np.flatnonzero(np.diff(keys, prepend=-1))
        times = np.minimum(np.diff(starts, append=len(keys)), _MOST_TIMES).astype(np.uint8)
        keys = keys[starts]
        numbers = (keys >> _ROW_BITS).astype(np.int32)
        firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
        self._runs.append((numbers[firsts], np.diff(firsts, append=len(numbers)).astype(np.uint32)))
        with self._file(len(self._runs) - 1).open("wb") as file:
            file.write(keys.astype(np.uint32).tobytes())
            file.write(times.tobytes())
        self.rows += len(sizes)
        self._words, self._sizes = array("i"), array("i")

    def sources(self, rank: Integers, usual: float) -> list[Source]:
        lengths = np.concatenate([np.empty(0, np.int32), *self._lengths])
        weights = (K1 * (1 - B + B * lengths / usual)).astype(np.float32)
        found: list[Source] = []
        for at, (numbers, counts) in enumerate(self._runs):
            entries = int(counts.sum(dtype=np.int64))
            ranks = rank[numbers]
            order = np.argsort(ranks)
            starts = (np.cumsum(counts, dtype=np.int64) - counts)[order]
            found.append(
                _Run(self._file(at), entries, weights, ranks[order], starts, counts[order].astype(np.int64))
            )
        return found

    def _file(self, number: int) -> Path:
        return self._folder / f"{self.field}.{number:04d}"


@dataclass(frozen=True, slots=True)
class _Run:
    """A run as a source of entries; shares are reckoned when they are asked for."""

    file: Path
    entries: int
    weights: NDArray[np.float32]
    ranks: Integers
    starts: Integers
    counts: Integers

    def take(self, at: Integers) -> tuple[Integers, NDArray[np.uint8]]:
        if not self.entries:
            return np.empty(0, np.int64), np.empty(0, np.uint8)
        rows = np.memmap(self.file, np.uint32, "r", shape=(self.entries,)).take(at).astype(np.int64)
        times = np.memmap(self.file, np.uint8, "r", self.entries * 4, (self.entries,)).take(at).astype(np.float32)
        shares = np.rint(times / (times + self.weights[rows]) * STEPS)
        return rows, np.maximum(shares, 1).astype(np.uint8)

    @property
    def columns(self) -> dict[int, tuple[int, NDArray[np.uint8]]]:
        return {}
