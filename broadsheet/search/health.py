"""How well a space uses its room, told from its vectors alone."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LEAST = 0.25
"""Below this share of its dimensions a space has collapsed, or is far too wide for what it tells apart."""


def rank_me(vectors: Floats) -> float:
    """The effective rank of ``[n, d]`` vectors, from 1 to ``min(n, d)``.

    RankMe (Garrido, Balestriero, Najman and LeCun 2023, *RankMe: Assessing the Downstream Performance of Pretrained
    Self-Supervised Representations by Their Rank*): ``exp(-sum(p log p))``, where ``p`` are the singular values divided
    by their sum. 0 for no vectors, or none with a direction.
    """
    if not len(vectors):
        return 0.0
    # The eigenvalues of the d x d products are the squares of the singular values, and cost less.
    doubles = vectors.astype(np.float64)
    values = np.sqrt(np.maximum(np.linalg.eigvalsh(doubles.T @ doubles), 0))
    total = values.sum()
    if total <= 0:
        return 0.0
    shares = values / total
    shares = shares[shares > 1e-12]
    return float(np.exp(-(shares * np.log(shares)).sum()))
