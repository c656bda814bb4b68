"""What encoders cost on one core, and how far they agree: abstracts a second, milliseconds a query, cosine to the first.

    python -m bench.encoder_speed DATA ENCODER [ENCODER ...] [--papers 400] [--rounds 3] [--json]

DATA holds ``papers.jsonl.gz``; an ENCODER is a name (``static``) or the folder of a model. Encoders take turns, so that
what else the machine does falls on all of them; times are of the processor, of the best round. The text of a paper is what
the index encodes. ``same ten``: of the ten papers nearest to a paper by the first encoder, the share that this one names.
"""

import argparse
import itertools
import json
import time
from pathlib import Path

import numpy as np

from bench.measuring import lines, peak
from broadsheet.search import encoders
from broadsheet.search.encoders.base import Encoder, Vectors
from broadsheet.search.power import Power, allow

QUERIES = (
    "sparse attention",
    "residual connections",
    "training large models when memory is short",
    "learning without forgetting and without stored examples",
    "which papers measure how well language models use tools over many steps",
)


def texts(data: Path, count: int) -> list[str]:
    papers = itertools.islice(lines(data / "papers.jsonl.gz"), count)
    return [f"{paper['title']}. {paper.get('abstract') or ''}" for paper in papers]


def opened(name: str) -> Encoder:
    return encoders.find(name, "" if name in encoders.ENCODERS else str(Path(name).absolute()))


def nearest(vectors: Vectors) -> np.ndarray:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    return np.argsort(-cosines, axis=1)[:, :10]


def measure(data: Path, names: list[str], papers: int, rounds: int) -> list[dict[str, object]]:
    allow(Power(threads=1))
    read = texts(data, papers)
    every = {name: opened(name) for name in names}
    spent = dict.fromkeys(names, float("inf"))
    asked: dict[str, list[float]] = {name: [] for name in names}
    made: dict[str, Vectors] = {}
    for _ in range(rounds):
        for name, encoder in every.items():
            start = time.process_time()
            made[name] = encoder.encode(read)
            spent[name] = min(spent[name], time.process_time() - start)
            for query in QUERIES * 10:
                start = time.perf_counter()
                encoder.encode_query(query)
                asked[name].append(1000 * (time.perf_counter() - start))
    first = made[names[0]]
    near = nearest(first)
    told = []
    for name, encoder in every.items():
        row: dict[str, object] = {
            "encoder": encoder.name,
            "version": encoder.version,
            "abstracts_a_second": round(papers / spent[name], 1),
            "query_ms_p50": round(float(np.median(asked[name])), 2),
            "query_ms_best": round(min(asked[name]), 2),
        }
        if made[name].shape == first.shape:
            cosines = np.sum(made[name] * first, axis=1)
            also = [len(set(a) & set(b)) / 10 for a, b in zip(near, nearest(made[name]), strict=True)]
            row |= {"cosine": round(float(cosines.mean()), 4), "least": round(float(cosines.min()), 4)}
            row["same_ten"] = round(float(np.mean(also)), 3)
        told.append(row)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("encoders", nargs="+")
    parser.add_argument("--papers", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = measure(asked.data, asked.encoders, asked.papers, asked.rounds)
    resident = int(peak())
    if asked.json:
        print(json.dumps({"papers": asked.papers, "resident_mb": resident, "encoders": rows}, indent=1))
        return
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    print(f"resident, all of them together: {resident} MB")


if __name__ == "__main__":
    main()
