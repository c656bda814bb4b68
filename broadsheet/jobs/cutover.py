"""Measured cut-over: would another space find papers at least as well as the one that serves?

On a sample of the papers that both spaces cover, by meaning alone:

- a paper's title must find it first;
- the first sentence of its abstract must find it among the first three, where the paper itself is encoded anew *without*
  that sentence, so that no encoder can find it by having read it;
- how many of the first ten papers the two spaces have in common is told, and decides nothing: the new one is there to
  differ.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from broadsheet.jobs.index import documents
from broadsheet.jobs.spaces import BadSpaceError, index_root
from broadsheet.search import generation
from broadsheet.search.columns import Mask
from broadsheet.search.document import Document
from broadsheet.search.encoders import Encoder
from broadsheet.search.manifest import Space
from broadsheet.search.spaces import OpenSpace, reader_of

Floats = NDArray[np.float32]
SAMPLE = 200
ENOUGH = 0.99
"""The share of the papers that a space must cover to take over."""
_FIRST = 10
_AMONG = 3
_BETWEEN = re.compile(r"(?<=[.!?])\s+(?=[^a-z])")
_FEWEST_WORDS = 4
_SEED = 20_260


@dataclass(frozen=True, slots=True)
class Success:
    """How often one kind of query found its paper in the old space and in the new."""

    asked: int
    old: int
    new: int
    lost: int
    """Found in the old space alone."""
    gained: int
    """Found in the new space alone."""

    @property
    def is_worse(self) -> bool:
        """Whether the new space loses more than it gains, by more than chance would (twice the standard error)."""
        return self.lost - self.gained > 2 * sqrt(self.lost + self.gained)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``overlap``: the share, 0 to 1, of the first ten papers that both spaces found, over all queries."""

    old: Space
    new: Space
    coverage: float
    titles: Success
    sentences: Success
    overlap: float

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why the new space should not take over, in words; none if it may."""
        found = []
        if self.coverage < ENOUGH:
            found.append(
                f"{self.new.name} covers {self.coverage:.1%} of the papers: run `broadsheet encode --space {self.new.name}`"
            )
        for what, success in (("titles", self.titles), ("first sentences", self.sentences)):
            if success.is_worse:
                found.append(
                    f"{self.new.name} finds fewer papers by their {what}: {success.new} of {success.asked}, "
                    f"{self.old.name} {success.old}"
                )
        return tuple(found)


def compare(name: str, sample: int = SAMPLE) -> Comparison:
    """Measure the space called ``name`` against the one that serves.

    Raises:
        BadSpaceError: if the index has no such space yet, or an encoder is not here.
        NoIndexError: if there is no index.
    """
    current = generation.open_current(index_root())
    manifest = current.manifest
    made = manifest.space(name)
    if made is None:
        raise BadSpaceError(f"the index holds no vectors of {name} yet: run `broadsheet encode --space {name}`")
    both = []
    for space in (manifest.serving, made):
        encoder = reader_of(space)
        if encoder is None:
            raise BadSpaceError(f"the encoder of {space} is not here: see `broadsheet encoder list`")
        both.append(_Probe(OpenSpace(current, space, encoder), encoder))
    state: NDArray[np.void] = np.load(current.state)
    common = ~state["gone"]
    for probe in both:
        common = common if probe.space.held is None else common & probe.space.held
    rows = _drawn(np.flatnonzero(common).tolist(), sample)
    read = {one.paper: one for one in documents([int(state["paper"][row]) for row in rows])}
    asked = [(row, read[paper]) for row in rows if (paper := int(state["paper"][row])) in read]
    found = [probe.by_titles(asked, common) for probe in both]
    titles, shared = _told(found)
    found = [probe.by_sentences(asked, common) for probe in both]
    sentences, also = _told(found)
    shares = shared + also
    return Comparison(
        manifest.serving,
        made,
        made.covered / max(1, manifest.documents),
        titles,
        sentences,
        sum(shares) / len(shares) if shares else 1.0,
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """Whether a query found its paper, and the first rows that it found."""

    found: bool
    first: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Probe:
    """One space, asked."""

    space: OpenSpace
    encoder: Encoder

    def by_titles(self, asked: Sequence[tuple[int, Document]], common: Mask) -> list[_Answer]:
        answers = []
        for row, document in asked:
            rows, _ = self.space.vectors.nearest(self.encoder.encode_query(document.title), _FIRST, common)
            answers.append(_Answer(bool(len(rows)) and int(rows[0]) == row, frozenset(rows.tolist())))
        return answers

    def by_sentences(self, asked: Sequence[tuple[int, Document]], common: Mask) -> list[_Answer]:
        parted = [(row, one.title, *parts) for row, one in asked if (parts := first_sentence(one.abstract))]
        without = self.encoder.encode([f"{title}\n{rest}" for _, title, _, rest in parted])
        others = common.copy()
        answers = []
        for (row, _, sentence, _), vector in zip(parted, without, strict=True):
            others[row] = False
            query = self.encoder.encode_query(sentence)
            rows, cosines = self.space.vectors.nearest(query, _FIRST, others)
            others[row] = True
            nearer = int((cosines > float(np.vecdot(query, vector))).sum())
            answers.append(_Answer(nearer < _AMONG, frozenset(rows.tolist())))
        return answers


def first_sentence(abstract: str) -> tuple[str, str] | None:
    """The first sentence of an abstract and the rest; None where either is too short to say anything."""
    first, *rest = _BETWEEN.split(abstract.strip(), maxsplit=1)
    return (first, rest[0]) if rest and len(first.split()) >= _FEWEST_WORDS else None


def _drawn(rows: list[int], sample: int) -> list[int]:
    """The same sample of the same index every time."""
    return sorted(np.random.default_rng(_SEED).choice(rows, min(sample, len(rows)), replace=False).tolist())


def _told(found: list[list[_Answer]]) -> tuple[Success, list[float]]:
    old, new = found
    pairs = list(zip(old, new, strict=True))
    success = Success(
        len(pairs),
        sum(one.found for one in old),
        sum(one.found for one in new),
        sum(one.found and not other.found for one, other in pairs),
        sum(other.found and not one.found for one, other in pairs),
    )
    return success, [len(one.first & other.first) / max(1, len(one.first)) for one, other in pairs]
