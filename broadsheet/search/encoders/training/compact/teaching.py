"""What the encoder is taught: for each paper one vector, made of what other encoders make of it.

The static encoder's vector and, where there are any, a large model's are laid side by side and turned so that the first
numbers say most (principal components): a cosine in the new space is the weighed mean of the teachers' cosines as nearly
as its length allows, and every prefix is as good as a prefix can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.base import Vectors
from broadsheet.search.encoders.training.texts import BadPapersError

SHARE = 0.7  # of a large model in the cosine


@dataclass(frozen=True)
class Lesson:
    """``rows[i]`` is the vector, of length 1, to be learned for text ``texts[i]``."""

    texts: NDArray[np.int64]
    rows: Vectors
    from_static: Vectors  # [static's dimension, width]: the best linear guess of a row from the static vector alone


@dataclass(frozen=True)
class Given:
    """Vectors that a large model has made: of the papers ``ids``, in a folder's ids.txt and vectors.npy."""

    ids: Sequence[str]
    rows: NDArray[np.float16]


def given(folder: Path) -> Given:
    """Read a folder of vectors.

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
        rows = _unit(large.rows[[place[ids[at]] for at in texts.tolist()]].astype(np.float32))
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
    wanted = _unit(np.concatenate([turned, padding], axis=1))
    own = static[texts]
    guess = np.linalg.solve(own.T @ own + 1e-3 * len(own) / own.shape[1] * np.eye(own.shape[1]), own.T @ wanted)
    return Lesson(texts, wanted, guess.astype(np.float32))


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return unit
