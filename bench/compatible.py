"""Can vectors of one encoder be searched with queries of another? nDCG@10 and R@100 of meaning alone, beside re-encoding.

    python -m bench.compatible DATA --new FOLDER [--vectors FOLDER] [--trained FOLDER] [--sets a,b] [--pairs 20000] [--json]

The old space is ``static``; the new one is that of an encoder in a folder. Its vectors of papers are read from ``--vectors``
(ids.txt and vectors.npy; papers of a set with a corpus of its own are called SET/ID; papers without one are left out), else
made here. A map from the old space to the new is fitted on papers alone, never on a query: by least squares, or turned
only (Procrustes, Schönemann 1966). ``--trained`` is a compact encoder that was trained with the same vectors: its queries
were learned for documents of both spaces, ``static`` and the new one.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.encoder_quality import asked_of, corpus, measures
from bench.measuring import lines
from broadsheet.search.encoders import find
from broadsheet.search.encoders.base import Encoder, Vectors
from broadsheet.search.encoders.compact import Compact
from broadsheet.search.encoders.static import Static
from broadsheet.search.encoders.training.compact.teaching import SHARE, Given, given

SETS = "autoscholar-dev,scitldr,cranfield,cisi,nfcorpus-processed"
DEPTH = 1000
Ask = Callable[[str], Vectors]


def unit(rows: NDArray[Any]) -> Vectors:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def least_squares(old: Vectors, new: Vectors) -> Vectors:
    """[old's dimension, new's]: the map that brings each old vector nearest to its new one."""
    ridge = 1e-3 * len(old) / old.shape[1] * np.eye(old.shape[1])
    return np.asarray(np.linalg.solve(old.T @ old + ridge, old.T @ new), np.float32)


def turned(old: Vectors, new: Vectors) -> Vectors:
    """As ``least_squares``, but all angles between old vectors stay as they are."""
    left, _, right = np.linalg.svd(old.T @ new, full_matrices=False)
    return np.asarray(left @ right, np.float32)


class New:
    """The new space: queries by its encoder, papers from the folder where there is one."""

    def __init__(self, encoder: Encoder, held: Given | None) -> None:
        self.encoder, self._held = encoder, held
        if held and held.rows.shape[1] != encoder.dimension:
            raise SystemExit(
                f"the vectors have {held.rows.shape[1]} numbers and {encoder.name} {encoder.dimension}"
            )
        self._place = {one: at for at, one in enumerate(held.ids)} if held else {}

    def has(self, paper: str) -> bool:
        return not self._held or paper in self._place

    def rows(self, papers: list[str], texts: list[str]) -> Vectors:
        if not self._held:
            return self.encoder.encode(texts)
        return unit(self._held.rows[[self._place[paper] for paper in papers]].astype(np.float32))


def fitted(data: Path, old: Encoder, new: New, pairs: int) -> dict[str, Vectors]:
    papers = [paper for paper in lines(data / "papers.jsonl.gz") if new.has(paper["id"])]
    chosen = [papers[at] for at in np.random.default_rng(0).permutation(len(papers))[:pairs].tolist()]
    texts = [f"{paper['title']} {paper['abstract']}" for paper in chosen]
    before, after = old.encode(texts), new.rows([paper["id"] for paper in chosen], texts)
    return {"least squares": least_squares(before, after), "turned": turned(before, after)}


def asked(documents: Vectors, ask: Ask, queries: list[tuple[str, dict[int, int]]]) -> dict[str, float]:
    rows = []
    for text, grades in queries:
        cosine = documents @ ask(text)
        near = np.argpartition(-cosine, min(DEPTH, len(cosine) - 1))[:DEPTH]
        rows.append(measures(near[np.argsort(-cosine[near])], grades))
    found = np.mean(rows, axis=0).round(4).tolist()
    return {"ndcg@10": found[0], "recall@100": found[2]}


def compared(
    data: Path, name: str, old: Encoder, new: New, maps: dict[str, Vectors], trained: Path | None
) -> dict[str, Any]:
    own = f"{name}/" if (data / "bench" / name / "corpus.jsonl.gz").exists() else ""
    papers = [paper for paper in corpus(data, name) if new.has(own + paper[0])]
    queries = asked_of(data, name, papers)
    texts = [f"{title} {text}" for _, title, text in papers]
    before, after = old.encode(texts), new.rows([own + paper for paper, _, _ in papers], texts)
    found: dict[str, Any] = {
        "papers": len(papers),
        "queries": len(queries),
        "old queries, old papers": asked(before, old.encode_query, queries),
        "new queries, new papers": asked(after, new.encoder.encode_query, queries),
    }
    for kind, way in maps.items():
        found[f"old queries ({kind}), new papers"] = asked(
            after, lambda text, way=way: unit(old.encode_query(text) @ way), queries
        )
        found[f"new queries, old papers ({kind})"] = asked(unit(before @ way), new.encoder.encode_query, queries)
    if trained:
        table = Compact(trained)
        turn = np.load(trained / "training" / "turn.npy", allow_pickle=False)
        both = np.concatenate([before * (1 - SHARE) ** 0.5, after * SHARE**0.5], axis=1)
        found["queries of a trained table, papers of both"] = asked(unit(both @ turn), table.encode_query, queries)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--new", type=Path, required=True, help="the new encoder's folder")
    parser.add_argument("--vectors", type=Path, help="its vectors of the papers")
    parser.add_argument("--trained", type=Path, help="a compact encoder trained with these vectors")
    parser.add_argument("--pairs", type=int, default=20_000, help="papers to fit a map on")
    parser.add_argument("--sets", default=SETS)
    parser.add_argument("--json", action="store_true")
    said = parser.parse_args()
    old, new = Static(), New(find("", str(said.new)), given(said.vectors) if said.vectors else None)
    maps = fitted(said.data, old, new, said.pairs)
    report = {name: compared(said.data, name, old, new, maps, said.trained) for name in said.sets.split(",")}
    if said.json:
        print(json.dumps(report, indent=1))
        return
    for name, rows in report.items():
        print(f"{name}: {rows.pop('papers')} papers, {rows.pop('queries')} queries")
        for what, figures in rows.items():
            print(f"  {what:46}" + "".join(f"  {key} {value:.4f}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
