"""What an encoder is: text in, unit vectors out, with a name that says which space they live in."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def unit_rows(vectors: Vectors) -> Vectors:
    """``[n, d]`` with every row brought to length 1; a row of zeros stays one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32, copy=False)


class Encoder(Protocol):
    """Vectors of two encoders compare only if name, version and dimension are all equal."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def licence(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """``[len(texts), dimension]``; every row has length 1, or is all 0 where a text says nothing."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """``[dimension]``: the same space, for what a person typed."""
        ...

    def knows(self, text: str) -> float:
        """The share, 0 to 1, of the words of ``text`` that it has learned; a fusion trusts it less where it is low."""
        ...

    def has_learned(self, word: str) -> bool:
        """Whether the lower-case ``word`` is one that it has learned."""
        ...
