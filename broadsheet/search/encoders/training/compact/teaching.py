"""What the encoder is taught: for each paper one vector, made of what other encoders make of it.

The static encoder's vector and, where there are any, a large model's are laid side by side and turned so that the first
numbers say most (principal components): a cosine in the new space is the weighed mean of the teachers' cosines as nearly
as its length allows, and every prefix is as good as a prefix can be. What the teachers make of single words is where the
token vectors begin: most words are too rare in the papers to be learned from them alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.base import Encoder, Vectors, unit_rows
from broadsheet.search.encoders.training.texts import BadPapersError

WORD = "word:"  # before a single word where the ids of papers stand
SHARE = 0.7  # of a large model in the cosine
PART = 1024  # texts that are encoded and kept at once


@dataclass(frozen=True)
class Lesson:
    """``rows[i]`` is the vector, of length 1, to be learned for text ``texts[i]``."""

    texts: NDArray[np.int64]
    rows: Vectors
    turn: Vectors  # [the teachers' dimensions, width]
    from_static: Vectors  # [static's dimension, width]: the best linear guess of a row from the static vector alone


@dataclass(frozen=True)
class Given:
    """Vectors, of length 1, that a large model has made: of papers, and of single words, whose ids begin with ``WORD``."""

    ids: Sequence[str]
    rows: NDArray[np.float16]  # [len(ids), its dimension]


def taught_by(
    teacher: Encoder, wanted: Sequence[tuple[str, str]], folder: Path, progress: Callable[[str], None]
) -> Given:
    """What ``teacher`` makes of texts, given with their ids; kept in ``folder`` part by part, so that it can be ended."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, len(wanted), PART):
        file = folder / f"{start:09}.npy"
        if not file.exists():
            rows = teacher.encode([text for _, text in wanted[start : start + PART]])
            aside = file.with_suffix(".part")
            with aside.open("wb") as content:
                np.save(content, rows.astype(np.float16))
            aside.replace(file)
            progress(f"{teacher.name} has read {min(start + PART, len(wanted))} of {len(wanted)} texts and words")
        parts.append(np.load(file, allow_pickle=False))
    return Given([one for one, _ in wanted], np.concatenate(parts))


def given(folder: Path) -> Given:
    """Read a folder of vectors that were made elsewhere: ids.txt, an id a line, and vectors.npy, float16.

    Raises:
        BadPapersError: if it is not one.
    """
    try:
        rows = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
        ids = (folder / "ids.txt").read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as wrong:
        raise BadPapersError(f"{folder}: no vectors there ({wrong}); it wants ids.txt and vectors.npy") from wrong
    ids = ids[:-1] if ids and not ids[-1] else ids
    if rows.ndim != 2 or len(ids) != len(rows):
        raise BadPapersError(f"{folder}: {len(ids)} ids and vectors of the shape {rows.shape}; write them anew")
    return Given(ids, rows)


def lesson(ids: Sequence[str], static: Vectors, large: Given | None, width: int, kept: Path) -> Lesson:
    """``ids`` and ``static`` [len(ids), d] are of all texts, ``large`` of some.

    ``kept`` is a file in which the turn is remembered, so that training that goes on with more vectors goes on in the
    same space.
    """
    texts = np.arange(len(ids))
    both = static
    if large is not None:
        place = {one: at for at, one in enumerate(large.ids)}
        texts = np.array([at for at, one in enumerate(ids) if one in place], np.int64)
        if not len(texts):
            raise BadPapersError("none of the vectors is of a paper that may be learned from; look at the ids")
        rows = unit_rows(large.rows[[place[ids[at]] for at in texts.tolist()]].astype(np.float32))
        both = np.concatenate([static[texts] * (1 - SHARE) ** 0.5, rows * SHARE**0.5], axis=1)
    if kept.exists():
        turn = np.load(kept, allow_pickle=False)
    else:
        _, directions = np.linalg.eigh((both.T @ both).astype(np.float64))
        # Laid out as it will be read back: another layout adds up in another order.
        turn = np.ascontiguousarray(directions[:, ::-1][:, :width], np.float32)
        with kept.open("wb") as file:
            np.save(file, turn)
    if turn.shape[0] != both.shape[1]:
        raise BadPapersError(f"{kept}: made with other teachers; name another folder to train into")
    turned = both @ turn
    padding = np.zeros((len(turned), width - turned.shape[1]), np.float32)
    wanted = unit_rows(np.concatenate([turned, padding], axis=1))
    own = static[texts]
    guess = np.linalg.solve(own.T @ own + 1e-3 * len(own) / own.shape[1] * np.eye(own.shape[1]), own.T @ wanted)
    return Lesson(texts, wanted, turn, guess.astype(np.float32))


def first_table(taught: Lesson, spelt: Sequence[str], static: Vectors, large: Given | None) -> Vectors:
    """What the vectors of tokens that spell ``spelt`` begin as, each of length 1 or 0: [len(spelt), width].

    ``static`` [len(spelt), its dimension]. A word without a vector of the large model is guessed from the static one.
    """
    table = static @ taught.from_static
    place = {one: at for at, one in enumerate(large.ids) if one.startswith(WORD)} if large else {}
    known = [at for at, word in enumerate(spelt) if WORD + word in place]
    if large is not None and known:
        rows = large.rows[[place[WORD + spelt[at]] for at in known]].astype(np.float32)
        # Words alone are all alike to a network that was made for sentences: what they share says nothing.
        rows = unit_rows(rows - rows.mean(0))
        both = np.concatenate([static[known] * (1 - SHARE) ** 0.5, rows * SHARE**0.5], axis=1)
        table[known, : taught.turn.shape[1]] = both @ taught.turn
    return unit_rows(table)
