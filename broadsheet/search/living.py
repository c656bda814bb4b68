"""The papers of a generation that are in use, and the hashes of their texts."""

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.generation import Generation
from broadsheet.search.parts import TEXTS


def texts_of(generation: Generation) -> NDArray[np.uint64]:
    """For every row the hash of the text that an encoder reads."""
    folders = [generation.part(part) for part in generation.manifest.parts]
    return np.concatenate([np.empty(0, np.uint64), *(np.fromfile(one / TEXTS, np.uint64) for one in folders)])


def newest_first(generation: Generation) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The numbers of the papers and the hashes of their texts, the last published first."""
    state: NDArray[np.void] = np.load(generation.state)
    days = np.concatenate([np.empty(0, np.int32), *(np.load(one)["days"] for one in generation.columns)])
    alive = np.flatnonzero(~state["gone"])
    order = alive[np.lexsort((-state["paper"][alive], -days[alive].astype(np.int64)))]
    return state["paper"][order], texts_of(generation)[order]
