"""Bringing kept vectors into the parts of a generation that is being built."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.columns import Mask
from broadsheet.search.kept import KeptVectors, Numbers
from broadsheet.search.manifest import Part, Space
from broadsheet.search.parts import HELD, TEXTS, centre_of, leave_blank
from broadsheet.search.vectors import signs

Floats = NDArray[np.float32]
_BLOCK = 16_384
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class _Gaps:
    """A part: which of its rows have a vector in the index, and which others have one kept, in what slot."""

    part: Part
    held: Mask
    fresh: Numbers
    slots: Numbers


class Filling:
    """What a space has for rows of some parts that do not hold it yet."""

    def __init__(
        self, path: Path, parts: Sequence[Part], state: NDArray[np.void], kept: KeptVectors, made: Space | None
    ) -> None:
        """``path``: the generation with the parts; ``made``: the space of this name as it stands there, if it does."""
        self._kept = kept
        self._known = made is not None and made.made_by(kept.space)
        self._gaps = []
        start = 0
        for part in parts:
            rows = slice(start, start + part.rows)
            start += part.rows
            folder = path / "parts" / part.name
            held = np.zeros(part.rows, bool)
            if self._known:
                held = np.fromfile(folder / (kept.space.name + HELD), bool)
            slots = kept.find(state["paper"][rows], np.fromfile(folder / TEXTS, np.uint64))
            fresh = np.flatnonzero((slots >= 0) & ~held & ~state["gone"][rows])
            self._gaps.append(_Gaps(part, held, fresh, slots[fresh]))
        total = sum(int(one.held.sum()) + len(one.fresh) for one in self._gaps)
        centred = made.centred if made is not None and self._known else 0
        # The centre of the newest papers is not that of all: it is found anew whenever the space has doubled.
        self._centres = total >= 2 * centred
        self.space = replace(kept.space, centred=total if self._centres else centred)
        self.empty = total == 0

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return not self.empty and (not self._known or any(len(one.fresh) for one in self._gaps))

    def write(self, path: Path) -> Space:
        """Write it into the parts under ``path``, whose files may be links to those of another generation.

        Returns the space; how many rows it covers is left to be counted.
        """
        if not self.changes:
            return self.space
        for one in self._gaps:
            folder = path / "parts" / one.part.name
            if not self._known:
                leave_blank(folder, one.part.rows, self.space)
            if len(one.fresh):
                self._fill(folder, one)
        centre_file = path / centre_of(self.space.name)
        if self._centres:
            np.save(centre_file, self._centre(path))
        centre = np.load(centre_file)
        for one in self._gaps:
            rows = np.flatnonzero(one.held) if self._centres else np.empty(0, np.int64)
            rows = np.union1d(rows, one.fresh)
            if len(rows):
                self._sign(path / "parts" / one.part.name, one.part.rows, rows, centre)
        return self.space

    def _fill(self, folder: Path, gaps: _Gaps) -> None:
        stem, rows = folder / self.space.name, gaps.part.rows
        for suffix in (".i8", ".scale", HELD):
            _own(stem.with_suffix(suffix))
        levels = np.memmap(stem.with_suffix(".i8"), np.int8, "r+", shape=(rows, self.space.dimension))
        scales = np.memmap(stem.with_suffix(".scale"), np.float32, "r+", shape=(rows,))
        for start in range(0, len(gaps.fresh), _BLOCK):
            some = slice(start, start + _BLOCK)
            levels[gaps.fresh[some]], scales[gaps.fresh[some]] = self._kept.vectors(gaps.slots[some])
        held = gaps.held.copy()
        held[gaps.fresh] = True
        held.tofile(stem.with_suffix(HELD))

    def _sign(self, folder: Path, rows: int, which: Numbers, centre: Floats) -> None:
        stem, wide = folder / self.space.name, self.space.dimension
        levels = np.memmap(stem.with_suffix(".i8"), np.int8, "r", shape=(rows, wide))
        scales = np.fromfile(stem.with_suffix(".scale"), np.float32)
        _own(stem.with_suffix(".bits"))
        bits = np.memmap(stem.with_suffix(".bits"), np.uint8, "r+", shape=(rows, wide // 8))
        for start in range(0, len(which), _BLOCK):
            some = which[start : start + _BLOCK]
            bits[some] = signs(levels[some], scales[some], centre)

    def _centre(self, path: Path) -> Floats:
        """The mean of a sample, evenly drawn, of all the vectors that are now there."""
        total, count = np.zeros(self.space.dimension, np.float64), 0
        step = max(1, self.space.centred // _SAMPLE)
        for one in self._gaps:
            stem = path / "parts" / one.part.name / self.space.name
            rows = np.flatnonzero(np.fromfile(stem.with_suffix(HELD), bool))[::step]
            levels = np.memmap(stem.with_suffix(".i8"), np.int8, "r", shape=(one.part.rows, self.space.dimension))
            scales = np.fromfile(stem.with_suffix(".scale"), np.float32)
            for start in range(0, len(rows), _BLOCK):
                some = rows[start : start + _BLOCK]
                total += (levels[some] * scales[some, None]).sum(axis=0)
            count += len(rows)
        return (total / max(1, count)).astype(np.float32)


def _own(file: Path) -> None:
    """See that ``file`` is no link to that of another generation, which must not change."""
    if file.stat().st_nlink > 1:
        beside = file.with_name(f"{file.name}.own")
        shutil.copyfile(file, beside)
        beside.replace(file)
