"""Laying out postings stem by stem from sources that each hold some rows of them; memory stays within one stretch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.postings import FIELDS, LENGTHS, TABLE, PostingsPart, is_broad

_STRETCH = 8_000_000  # entries laid out at a time: 40 MB
Integers = NDArray[np.int64]
Shares = NDArray[np.uint8]


class Source(Protocol):
    """Entries of some consecutive rows; sources are given in the order of their rows.

    The stem at place ``ranks[i]`` (ascending) of the part to be has ``counts[i]`` entries from ``starts[i]`` on. A stem
    in ``columns`` is there as a first row and a column of shares instead.
    """

    @property
    def ranks(self) -> Integers: ...
    @property
    def starts(self) -> Integers: ...
    @property
    def counts(self) -> Integers: ...
    @property
    def columns(self) -> Mapping[int, tuple[int, Shares]]: ...

    def take(self, at: Integers) -> tuple[Integers, Shares]:
        """The rows, in the part to be, and the shares of the entries ``at``."""
        ...


def write_stems(path: Path, stems: Sequence[bytes]) -> None:
    (path / "stems.utf8").write_bytes(b"".join(stems))
    np.cumsum([len(stem) for stem in stems], dtype=np.uint64).tofile(path / "stems.end")


def lay_out(path: Path, field: str, sources: Sequence[Source], stems: int, size: int) -> None:
    """Write the table, rows, shares and columns of ``field`` for a part of ``size`` rows and ``stems`` stems."""
    counts = np.zeros(stems, np.int64)
    for source in sources:
        counts[source.ranks] += source.counts
        for rank, (_, column) in source.columns.items():
            counts[rank] += np.count_nonzero(column)
    broad = (counts > 0) & is_broad(counts, size)
    table = np.zeros(stems, TABLE)
    table["count"] = counts
    sparse = np.where(broad, 0, counts)
    table["start"] = np.cumsum(sparse) - sparse
    table["start"][broad] = np.arange(int(broad.sum())) * size
    with (path / f"{field}.broad").open("wb") as file:
        for rank in np.flatnonzero(broad).tolist():
            column = _column(sources, rank, size)
            table["top"][rank] = column.max(initial=0)
            file.write(column.tobytes())
    ends = np.cumsum(sparse)
    first = 0
    with (path / f"{field}.rows").open("wb") as rows, (path / f"{field}.shares").open("wb") as shares:
        while first < stems:
            before = int(ends[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(ends, before + _STRETCH, side="right")))
            stretch = _stretch(sources, sparse, first, last)
            here = np.flatnonzero(sparse[first:last])
            starts = table["start"][first:last][here].astype(np.int64) - before
            if len(starts):
                table["top"][first + here] = np.maximum.reduceat(stretch[1], starts)
            rows.write(stretch[0].tobytes())
            shares.write(stretch[1].tobytes())
            first = last
    table.tofile(path / f"{field}.table")


def _stretch(
    sources: Sequence[Source], sparse: Integers, first: int, last: int
) -> tuple[NDArray[np.uint32], Shares]:
    """The entries of the stems ``first`` to ``last`` that have no column in the part to be."""
    wanted = sparse[first:last]
    free = np.cumsum(wanted) - wanted  # where the next entry of each stem goes
    rows = np.empty(int(wanted.sum()), np.uint32)
    shares = np.empty(len(rows), np.uint8)
    for source in sources:
        low, high = np.searchsorted(source.ranks, (first, last)).tolist()
        places = source.ranks[low:high] - first
        kept = wanted[places] > 0
        places, counts = places[kept], source.counts[low:high][kept].astype(np.int64)
        steps = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        into = np.repeat(free[places], counts) + steps
        rows[into], shares[into] = source.take(np.repeat(source.starts[low:high][kept], counts) + steps)
        free[places] += counts
        for rank, (start, column) in source.columns.items():
            if first <= rank < last and wanted[rank - first]:
                at = np.flatnonzero(column)
                into = free[rank - first] + np.arange(len(at))
                rows[into], shares[into] = at + start, column[at]
                free[rank - first] += len(at)
    return rows, shares


def _column(sources: Sequence[Source], rank: int, size: int) -> Shares:
    """The shares of one stem, a place for every row."""
    whole = np.zeros(size, np.uint8)
    for source in sources:
        if rank in source.columns:
            start, column = source.columns[rank]
            whole[start : start + len(column)] = column
            continue
        at = int(np.searchsorted(source.ranks, rank))
        if at < len(source.ranks) and source.ranks[at] == rank:
            start = int(source.starts[at])
            rows, shares = source.take(np.arange(start, start + int(source.counts[at])))
            whole[rows] = shares
    return whole


@dataclass(frozen=True, slots=True)
class _Finished:
    """A finished part as a source, its first row being ``first`` of the part to be."""

    part: PostingsPart
    field: str
    first: int
    ranks: Integers
    starts: Integers
    counts: Integers
    columns: Mapping[int, tuple[int, Shares]]

    def take(self, at: Integers) -> tuple[Integers, Shares]:
        rows = self.part.rows[self.field].take(at).astype(np.int64) + self.first
        return rows, self.part.shares[self.field].take(at)


def _finished(part: PostingsPart, field: str, ranks: Integers) -> _Finished:
    table = part.tables[field]
    counts, starts = table["count"].astype(np.int64), table["start"].astype(np.int64)
    broad = (counts > 0) & is_broad(counts, part.size)
    columns = {
        int(ranks[at]): (part.first, part.broad[field][starts[at] : starts[at] + part.size])
        for at in np.flatnonzero(broad)
    }
    kept = (counts > 0) & ~broad
    return _Finished(part, field, part.first, ranks[kept], starts[kept], counts[kept], columns)


def merge_postings(parts: Sequence[PostingsPart], target: Path) -> None:
    """Write several parts, whose rows follow on each other from 0, as one into the folder ``target``."""
    named = [[part.stem(place) for place in range(len(part.ends))] for part in parts]
    stems = sorted(set(chain.from_iterable(named)))
    rank = {stem: at for at, stem in enumerate(stems)}
    ranks = [np.array([rank[stem] for stem in one], np.int64) for one in named]
    size = sum(part.size for part in parts)
    write_stems(target, stems)
    for field in FIELDS:
        sources = [_finished(part, field, own) for part, own in zip(parts, ranks, strict=True)]
        lay_out(target, field, sources, len(stems), size)
    np.save(target / LENGTHS, parts[0].lengths)
