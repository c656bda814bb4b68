"""How well and how fast search answers, on real papers: `python bench/search_quality.py DATA --work DIR`.

DATA holds `papers.jsonl.gz` and `bench/<name>/{queries.jsonl,qrels.tsv[,corpus.jsonl.gz,extra_docs.jsonl.gz]}`. An
index is built once per corpus and encoder under DIR and used again. Prints one table a part: build, latency, known items, judged
queries with words alone, meaning alone, hybrid, and plain reciprocal-rank fusion beside it.
"""

import argparse
import gzip
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from broadsheet.core.text import first_sentence
from broadsheet.ranking import fusion, hybrid, measures
from broadsheet.ranking.hybrid import Mode
from broadsheet.search import encoders, generation, normalise, writer
from broadsheet.search.document import Document
from broadsheet.search.engine import SearchEngine
from broadsheet.search.query import read
from broadsheet.search.syntax import And, Query, Word

TODAY = date(2026, 8, 1)
MEASURES: dict[str, Callable[[list[int], dict[int, int]], float]] = {
    "nDCG@10": lambda ranking, gains: measures.ndcg(ranking, gains, 10),
    "MRR": measures.reciprocal_rank,
    "R@10": lambda ranking, gains: measures.recall(ranking, gains, 10),
    "R@100": lambda ranking, gains: measures.recall(ranking, gains, 100),
    "S@1": lambda ranking, gains: measures.success(ranking, gains, 1),
}


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)


def document(number: int, raw: dict[str, Any]) -> Document:
    """A line of papers.jsonl or of a BEIR corpus. Machine summaries are left out: they leak scitldr's answers."""
    day = str(raw.get("date") or "")
    return Document(
        paper=number,
        key=str(raw.get("id") or raw["_id"]).lower(),
        title=raw.get("title") or "",
        abstract=raw.get("abstract") or raw.get("text") or "",
        authors=tuple(raw.get("authors") or ()),
        topics=tuple(raw.get("categories") or ()),
        keywords=tuple(raw.get("keywords") or ()),
        venue=raw.get("venue") or "",
        sources=(raw["source"],) if raw.get("source") else (),
        published=date.fromisoformat(day) if len(day) == 10 else None,
        year=raw.get("year"),
    )


def plain(text: str) -> Query:
    """A judged query as nothing but words: in a sentence a quote or a minus is no operator."""
    return Query(text, root=And(tuple(Word(word) for word in normalise.words(text))), meaning=text)


class Corpus:
    """Documents under numbers from 1, and the index of them."""

    def __init__(self, name: str, files: list[Path], work: Path, encoder: str) -> None:
        self.name, self.files, self.encoder = name, files, encoders.get(encoder)
        self.numbers: dict[str, int] = {}
        self.root = work / f"{name}-{self.encoder.name}-{self.encoder.version}"
        self.engine = self._open()

    def documents(self) -> Iterable[Document]:
        self.numbers.clear()
        for file in self.files:
            for raw in lines(file):
                one = str(raw.get("id") or raw["_id"])
                if one not in self.numbers:
                    self.numbers[one] = len(self.numbers) + 1
                    yield document(self.numbers[one], raw)

    def _open(self) -> SearchEngine:
        if not (self.root / generation.POINTER).exists():
            held = list(self.documents())
            started, began = time.perf_counter(), time.process_time()
            made = writer.rebuild(self.root, held, self.encoder)
            took, busy = time.perf_counter() - started, time.process_time() - began
            size = sum(file.stat().st_size for file in made.path.rglob("*") if file.is_file())
            text = sum(len(one.title.encode()) + len(one.abstract.encode()) for one in held)
            print(
                f"build {self.name}: {len(held)} papers in {took:.1f} s = {len(held) / took:.0f}/s "
                f"({busy:.1f} s of processor), "
                f"{size / 1e6:.0f} MB on disk = {size / text:.2f} of the text"
            )
        started = time.perf_counter()
        found = generation.open_current(self.root)
        checked = time.perf_counter()
        engine = SearchEngine(found, self.encoder)
        print(
            f"open {self.name}: verified in {checked - started:.2f} s, opened in {time.perf_counter() - checked:.2f} s"
        )
        if not self.numbers:
            for _ in self.documents():
                pass
        return engine


def judged(corpus: Corpus, folder: Path, only: int | None) -> None:
    queries = {str(q["_id"]): q["text"] for q in lines(folder / "queries.jsonl")}
    gains: dict[str, dict[int, int]] = {}
    with (folder / "qrels.tsv").open() as file:
        next(file)
        for line in file:
            query, paper, grade = line.rstrip("\n").split("\t")[:3]
            if paper in corpus.numbers and query in queries:
                gains.setdefault(query, {})[corpus.numbers[paper]] = int(float(grade))
    chosen = sorted(gains)
    if only and len(chosen) > only:
        chosen = random.Random(0).sample(chosen, only)
    table: dict[str, dict[str, list[float]]] = {}
    runs: dict[str, dict[str, list[int]]] = {}
    for mode in Mode:
        run = runs.setdefault(mode, {})
        for query in chosen:
            found = hybrid.search(corpus.engine, plain(queries[query]), k=100, mode=mode, facets=False)
            run[query] = [hit.paper for hit in found.hits]
    runs["rrf"] = {}
    import numpy as np

    for query in chosen:
        both = [np.array(runs[mode][query], np.int64) for mode in (Mode.WORDS, Mode.MEANING)]
        runs["rrf"][query] = fusion.reciprocal_ranks(both)[0].tolist()
    print(f"\n{folder.name}: {len(chosen)} queries, encoder {corpus.encoder.name}")
    for name, run in runs.items():
        table[name] = {m: [f(run[q], gains[q]) for q in chosen] for m, f in MEASURES.items()}
        values = "  ".join(f"{m} {statistics.fmean(v):.4f}" for m, v in table[name].items())
        p = measures.paired_p(table[name]["nDCG@10"], table["words"]["nDCG@10"], 1000)
        print(f"  {name:8s} {values}  p(words) {p:.3f}")


def known(corpus: Corpus, sample: int) -> None:
    held = random.Random(1).sample(list(corpus.documents()), sample)
    for what, ask, depth in (
        ("title -> first", lambda one: one.title, 1),
        ("first sentence -> first three", lambda one: first_sentence(one.abstract, 2_000), 3),
    ):
        for mode in (Mode.WORDS, Mode.HYBRID):
            missed = []
            for one in held:
                if not ask(one):
                    continue
                found = hybrid.search(corpus.engine, read(ask(one), TODAY), k=depth, mode=mode, facets=False)
                if one.paper not in [hit.paper for hit in found.hits]:
                    missed.append(one)
            print(f"{what} ({mode}): {1 - len(missed) / len(held):.4f} of {len(held)}")
            for one in missed[:8]:
                print(f"    missed {one.key}: {ask(one)[:150]!r}")


def latency(corpus: Corpus, questions: list[str], rounds: int) -> None:
    titles = [one.title for one in random.Random(2).sample(list(corpus.documents()), rounds)]
    draw = random.Random(3)
    words = [" ".join(draw.sample(title.split(), min(len(title.split()), draw.randint(1, 4)))) for title in titles]
    for name, asked in (("1 to 4 keywords", words), ("questions", questions), ("titles", titles)):
        for mode in Mode:
            took, busy = [], []
            for text in asked:
                started, began = time.perf_counter(), time.thread_time()
                hybrid.search(corpus.engine, read(text, TODAY), k=20, mode=mode)
                busy.append((time.thread_time() - began) * 1000)
                took.append((time.perf_counter() - started) * 1000)
            cuts, cpu = statistics.quantiles(took, n=100), statistics.quantiles(busy, n=100)
            print(
                f"{name:16s} {mode:8s} p50 {cuts[49]:6.2f}  p95 {cuts[94]:6.2f}  p99 {cuts[98]:6.2f}  max {max(took):6.1f} ms"
                f"   of processor p50 {cpu[49]:6.2f}  p95 {cpu[94]:6.2f}  p99 {cpu[98]:6.2f} ms"
            )
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (the corpus is held too)"
    )


def main() -> None:
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("data", type=Path)
    reading.add_argument("--work", type=Path, required=True)
    reading.add_argument("--encoder", default="static")
    reading.add_argument("--sample", type=int, default=2_000)
    reading.add_argument("--parts", default="latency,known,judged,classic")
    asked = reading.parse_args()
    parts = asked.parts.split(",")
    bench = asked.data / "bench"
    papers = asked.data / "papers.jsonl.gz"
    if {"latency", "known", "judged"} & set(parts):
        corpus = Corpus("papers", [papers], asked.work, asked.encoder)
        questions = [q["text"] for q in lines(bench / "autoscholar-dev" / "queries.jsonl")]
        if "latency" in parts:
            latency(corpus, questions, 300)
        if "known" in parts:
            known(corpus, asked.sample)
        if "judged" in parts:
            judged(corpus, bench / "autoscholar-dev", None)
            corpus = Corpus(
                "scitldr", [papers, bench / "scitldr" / "extra_docs.jsonl.gz"], asked.work, asked.encoder
            )
            judged(corpus, bench / "scitldr", asked.sample)
    if "classic" in parts:
        for name in ("cranfield", "cisi", "nfcorpus-processed"):
            corpus = Corpus(name, [bench / name / "corpus.jsonl.gz"], asked.work, asked.encoder)
            judged(corpus, bench / name, None)


if __name__ == "__main__":
    main()
