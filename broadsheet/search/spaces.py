"""The spaces of one generation at work: which encoder reads a query, and how near papers are that only another knows.

Vectors of two encoders are never compared. A space that is still being filled ranks the papers it covers; the others
are ranked by the base, which covers all, and their cosines are brought to the scale of the space that serves: by the
straight line that gives the best cosines of the base, among the papers *both* hold, the mean and the spread of the best
of the serving space among them. The same papers give both lists, so neither encoder is favoured, whatever a cosine of
0.6 means to each. Measured with half of 49,576 papers covered: of the first ten, 49 to 51 % are covered ones. (Matching
rank by rank instead takes one outlier for another: a title then finds its paper first in 89.7 %, by the line in 91.7.)
"""

import logging
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from broadsheet.search import encoders
from broadsheet.search.columns import Mask, Rows
from broadsheet.search.encoders import Encoder
from broadsheet.search.generation import Generation
from broadsheet.search.manifest import Space
from broadsheet.search.parts import centre_of, held_rows
from broadsheet.search.vectors import Space as Vectors
from broadsheet.search.vectors import VectorPart

_log = logging.getLogger(__name__)
Floats = NDArray[np.float32]
Seeds = Iterable[tuple[Rows, float]]
"""Rows and how strongly, and in which direction, they pull."""

FEWEST = 64
"""A space that covers fewer papers than this, and not all, does not rank: there is nothing to set its scale by."""
_COMPARED = 256


class OpenSpace:
    """One space of a generation: its vectors, which rows have one (None: every row), its encoder if it is here."""

    def __init__(self, generation: Generation, space: Space, encoder: Encoder | None) -> None:
        manifest = generation.manifest
        folders = [generation.part(part) for part in manifest.parts]
        parts = [
            VectorPart(folder / space.name, part.rows) for folder, part in zip(folders, manifest.parts, strict=True)
        ]
        self.name = space.name
        self.encoder = encoder
        self.vectors = Vectors(parts, space.dimension, np.load(generation.path / centre_of(space.name)))
        self.held: Mask | None = None if space.name == manifest.base.name else held_rows(folders, space.name)

    def among(self, rows: Rows) -> Rows:
        """Those of ``rows`` that have a vector."""
        return rows if self.held is None else rows[self.held[rows]]

    def toward(self, text: str, seeds: Seeds) -> Floats | None:
        """The unit vector to which a text and seeds point; None if they point nowhere."""
        aims = [self.encoder.encode_query(text)] if text and self.encoder is not None else []
        for rows, pull in seeds:
            if len(known := self.among(rows)):
                aims.append(np.float32(pull) * self.vectors.vectors(known).mean(axis=0))
        return unit(np.sum(aims, axis=0)) if aims else None


class Spaces:
    """The base and the space that serves, which may be one and the same."""

    def __init__(self, generation: Generation, encoder: Encoder | None, alive: Mask | None) -> None:
        """``encoder``: used for the space of its name in place of this installation's; ``alive``: rows in use."""
        manifest = generation.manifest
        self.base = OpenSpace(generation, manifest.base, reader_of(manifest.base, encoder))
        self.serving = self.base
        chosen = manifest.serving
        if chosen is not manifest.base and chosen.covered >= min(FEWEST, manifest.documents):
            reader = reader_of(chosen, encoder)
            if reader is None:
                _log.warning("encoder %s is not here: the space of %s answers", chosen, self.base.name)
            else:
                self.serving = OpenSpace(generation, chosen, reader)
        if self.serving.encoder is None:
            _log.warning("encoder %s is not here: search by meaning rests until `broadsheet index rebuild`", chosen)
        missing = None if self.serving.held is None else ~self.serving.held
        if missing is not None and alive is not None:
            missing &= alive
        self._missing = missing if missing is not None and missing.any() else None

    def has_learned(self, word: str) -> bool:
        """Whether an encoder in use has learned the lower-case ``word``."""
        readers = {one.name: one.encoder for one in (self.base, self.serving) if one.encoder is not None}
        return any(reader.has_learned(word) for reader in readers.values())

    def aim(self, text: str, seeds: Seeds) -> "Aim | None":
        """Where ``text`` and ``seeds`` point; None if nowhere."""
        seeds = tuple(seeds)
        here = self.serving.toward(text, seeds)
        if self.serving is self.base:
            return None if here is None else Aim(self.base, here)
        if here is None:  # seeds that the new space does not cover: the base knows them
            there = self.base.toward(text, seeds)
            return None if there is None else Aim(self.base, there)
        if self._missing is None or (there := self.base.toward(text, seeds)) is None:
            return Aim(self.serving, here)
        return MixedAim(self.serving, here, self._missing, self.base, there)


class Aim:
    """Where a query points in one space."""

    def __init__(self, space: OpenSpace, vector: Floats) -> None:
        self._space, self._vector = space, vector

    def nearest(self, k: int, mask: Mask | None = None) -> tuple[Rows, Floats]:
        """The ``k`` rows of ``mask`` nearest to it, nearest first, with their cosines."""
        held = self._space.held
        if held is not None:
            mask = held if mask is None else held & mask
        return self._space.vectors.nearest(self._vector, k, mask)

    def cosines(self, rows: Rows) -> Floats:
        """How near each of ``rows`` is."""
        return self._space.vectors.cosines(rows, self._vector)


class MixedAim(Aim):
    """Where a query points in a space that does not cover all papers, and in the base for those it does not."""

    def __init__(self, space: OpenSpace, vector: Floats, missing: Mask, base: OpenSpace, there: Floats) -> None:
        super().__init__(space, vector)
        self._missing, self._base = missing, Aim(base, there)

    def nearest(self, k: int, mask: Mask | None = None) -> tuple[Rows, Floats]:
        rows, cosines = super().nearest(k, mask)
        other, there = self._base.nearest(k, self._missing if mask is None else self._missing & mask)
        if not len(other):
            return rows, cosines
        rows, cosines = np.concatenate([rows, other]), np.concatenate([cosines, self._scale.of(there)])
        order = np.lexsort((rows, -cosines))[:k]
        return rows[order], cosines[order]

    def cosines(self, rows: Rows) -> Floats:
        here = super().cosines(rows)
        gaps = self._missing[rows]
        if gaps.any():
            here[gaps] = self._scale.of(self._base.cosines(rows[gaps]))
        return here

    @cached_property
    def _scale(self) -> "Scale":
        """From the best of the papers that both spaces hold; found once a query."""
        return Scale(self._base.nearest(_COMPARED, self._space.held)[1], super().nearest(_COMPARED)[1])


class Scale:
    """Cosines of one space read as those of another, by the best of both among the same papers."""

    def __init__(self, theirs: Floats, ours: Floats) -> None:
        """``theirs`` and ``ours``: equally many cosines of each space."""
        spread = float(theirs.std())
        self._slope = float(ours.std()) / spread if spread > 1e-6 else 1.0
        self._shift = float(ours.mean()) - self._slope * float(theirs.mean())

    def of(self, cosines: Floats) -> Floats:
        """They may lie beyond those that were compared; never over 1."""
        read: Floats = np.clip(self._shift + self._slope * cosines, -1, 1).astype(np.float32)
        return read


def unit(vector: Floats) -> Floats | None:
    """``vector`` with length 1; None if it has no direction."""
    length = float(np.linalg.norm(vector))
    return (vector / length).astype(np.float32) if length > 1e-6 else None


def reader_of(space: Space, at_hand: Encoder | None = None) -> Encoder | None:
    """The encoder that made ``space``, ``at_hand`` if it has its name; None where it is not here in that version."""
    found = at_hand
    if found is None or found.name != space.name:
        try:
            found = encoders.find(space.name, space.home)
        except (ImportError, OSError, ValueError) as why:
            _log.warning("encoder %s cannot be used: %s", space, why)
            return None
    return found if space.made_by(found) else None
