"""Writing the index: everything anew, or what changed into a generation that shares the rest with the last one."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.search import generation
from broadsheet.search.columns import STATE
from broadsheet.search.document import Document
from broadsheet.search.encoders.apart import encoded, encoded_apart
from broadsheet.search.encoders.base import Encoder
from broadsheet.search.filling import Filling
from broadsheet.search.generation import VOCABULARY, Generation, Step, Verifier
from broadsheet.search.kept import KeptVectors
from broadsheet.search.lexical import LexicalReader, LexicalWriter
from broadsheet.search.manifest import Manifest, space_of
from broadsheet.search.parts import PartWriter, centre_of, counted, leave_blank, merged
from broadsheet.search.spelling import Speller

_BATCH = 1_000


class EncoderChangedError(Exception):
    """The index was made with another encoder than the one now chosen: it must be rebuilt."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What changed of a paper beside its text; such changes cost no new row."""

    votes: int
    citations: int
    heat: float


def rebuild(
    root: Path,
    documents: Iterable[Document],
    encoder: Encoder,
    seq: int = 0,
    step: Step = generation.no_step,
    *,
    apart: bool = False,
    kept: Sequence[KeptVectors] = (),
    serves: str = "",
) -> Generation:
    """Index ``documents``, and nothing else, into a new generation. Memory does not grow with their text.

    ``encoder`` makes the vectors of the base; other spaces have those that are ``kept``. ``serves`` names the space
    that answers, the base if empty. ``apart``: vectors are made in a second process, which pays from some ten thousand
    documents on.

    Raises:
        BusyError: if another process is writing.
    """
    with generation.writing(root):
        base = _base(root)
        number, path = generation.begin(root)
        words = LexicalWriter(path / "words", new=True)
        space = space_of(encoder)
        part = PartWriter(path, 0, number, space)
        for batch, vectors in (encoded_apart if apart else encoded)(_batches(documents), encoder):
            part.add(batch, vectors, words)
            step("while adding")
        words.commit()
        centre = part.vectors.mean()
        np.save(path / centre_of(space.name), centre)
        done = part.finish(centre)
        state = np.concatenate([np.empty(0, STATE), *part.states])
        _refuse_doubles(state)
        np.save(path / "state.npy", state)
        Speller.build(LexicalReader(path / "words").vocabulary()).save(path / VOCABULARY)
        parts = (done,) if done.rows else ()
        step("before filling")
        fillings = [Filling(path, parts, state, one, None) for one in kept if one.space.name != space.name]
        others = [one.write(path) for one in fillings if not one.empty]
        spaces = counted(path, parts, [replace(space, centred=len(state)), *others], ~state["gone"])
        manifest = Manifest(number, number, seq, len(state), spaces, serves or space.name, parts)
        return generation.publish(root, path, manifest, base, step)


def update(
    root: Path,
    encoder: Encoder,
    *,
    puts: Sequence[Document] = (),
    deletes: Sequence[int] = (),
    moved: Mapping[int, Moved] | None = None,
    seq: int,
    verifier: Verifier | None = None,
    wait: float = 0,
    step: Step = generation.no_step,
) -> Generation:
    """A new generation with ``puts`` added or replaced, the papers ``deletes`` gone and ``moved`` figures set.

    Applying the same change twice changes nothing. A worker that updates often keeps one ``verifier``, so that files
    which it has already checked are not read again.

    Raises:
        BusyError: if another process is still writing after ``wait`` seconds.
        NoIndexError: if there is nothing to update; rebuild.
        EncoderChangedError: if the index holds vectors of another encoder; rebuild.
    """
    with generation.writing(root, wait):
        base = generation.open_current(root, verifier)
        spaces = base.manifest.spaces
        if not spaces[0].made_by(encoder):
            raise EncoderChangedError(
                f"the index was made with {spaces[0]}, not {space_of(encoder)}; run `broadsheet index rebuild`"
            )
        number, path = generation.begin(root)
        step("before linking")
        generation.link(base, path, base.manifest.parts)
        for name in (VOCABULARY, *(centre_of(space.name) for space in spaces)):
            shutil.copy2(base.path / name, path / name)
        state: NDArray[np.void] = np.load(base.state)
        latest, moved = _told_apart(state, puts, moved or {})
        replaced = {*deletes, *(document.paper for document in latest)}
        parts = list(base.manifest.parts)
        if replaced:
            words = LexicalWriter(path / "words", new=False)
            words.delete(sorted(replaced))
            state["gone"] |= np.isin(state["paper"], np.array(sorted(replaced), np.int64))
            if latest:
                part = PartWriter(path, len(state), number, spaces[0])
                for batch, vectors in encoded(_batches(latest), encoder):
                    part.add(batch, vectors, words)
                    step("while adding")
                state = np.concatenate([state, *part.states])
                parts.append(part.finish(np.load(base.path / centre_of(encoder.name))))
                for space in spaces[1:]:
                    leave_blank(path / "parts" / parts[-1].name, parts[-1].rows, space)
                parts = merged(path, parts, number, spaces)
            words.commit()
        _move(state, moved)
        np.save(path / "state.npy", state)
        alive = ~state["gone"]
        manifest = replace(
            base.manifest,
            generation=number,
            seq=seq,
            documents=int(alive.sum()),
            spaces=counted(path, parts, spaces, alive),
            parts=tuple(parts),
        )
        return generation.publish(root, path, manifest, base, step)


def _told_apart(
    state: NDArray[np.void], puts: Sequence[Document], moved: Mapping[int, Moved]
) -> tuple[list[Document], dict[int, Moved]]:
    """The documents whose text is new, the last of each paper, and the figures of those that only moved."""
    latest = {document.paper: document for document in puts}
    places = np.flatnonzero(np.isin(state["paper"], np.array(list(latest), np.int64)) & ~state["gone"])
    held = {int(state["paper"][place]): int(state["text"][place]) for place in places.tolist()}
    fresh, still = [], dict(moved)
    for paper, one in latest.items():
        if held.get(paper) == one.text_hash:
            still[paper] = Moved(one.votes, one.citations, one.heat)
        else:
            fresh.append(one)
    return fresh, still


def _move(state: NDArray[np.void], moved: Mapping[int, Moved]) -> None:
    if not moved:
        return
    places = np.flatnonzero(np.isin(state["paper"], np.array(list(moved), np.int64)) & ~state["gone"])
    for place in places.tolist():
        now = moved[int(state["paper"][place])]
        state["votes"][place], state["citations"][place], state["heat"][place] = now.votes, now.citations, now.heat


def _refuse_doubles(state: NDArray[np.void]) -> None:
    """A paper given twice to a rebuild is an error of the caller that must not show it twice."""
    unique = np.unique(state["paper"])
    if len(unique) != len(state):
        raise ValueError(f"{len(state) - len(unique)} papers were given twice to the index")


def _base(root: Path) -> Generation | None:
    try:
        return generation.open_current(root)
    except generation.NoIndexError:
        return None


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    pending = iter(documents)
    while batch := list(islice(pending, _BATCH)):
        yield batch
