"""Learned rows -> the weights file that ``Static`` reads: eight bits a number and one scale a row."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def save(out: Path, vocabulary: Sequence[str], rows: NDArray[np.float32], licence: str) -> str:
    """Write rows [vocabulary, then pieces; 256] and answer the version: a digest of all that changes a vector.

    Written aside and then moved into place, so that a reader finds the old file or the new, never half of one.
    """
    peak = np.abs(rows).max(axis=1)
    scale = np.where(peak > 0, peak / 127, 1).astype(np.float32)
    table = np.rint(rows / scale[:, None]).astype(np.int8)
    joined = "\n".join(vocabulary).encode()
    version = hashlib.sha256(joined + table.tobytes() + scale.tobytes()).hexdigest()[:12]
    facts = json.dumps({"version": version, "licence": licence}).encode()
    aside = out.with_name(f"{out.name}.part")
    with aside.open("wb") as file:
        np.savez(
            file,
            rows=table,
            scale=scale,
            words=np.frombuffer(joined, np.uint8),
            facts=np.frombuffer(facts, np.uint8),
        )
    aside.replace(out)
    return version
