"""How fast search answers and how surely it finds a known paper, on real papers, without a server between.

    python -m bench.search_quality DATA --work DIR [--encoder static] [--sample 2000] [--parts latency,known]

DATA holds `papers.jsonl.gz` and `bench/autoscholar-dev/queries.jsonl`. An index is built once per encoder under DIR
and used again. Judged queries: `broadsheet evaluate`.
"""

import argparse
import random
import time
from datetime import date
from pathlib import Path

from bench.measuring import peak, percentiles
from bench.serving import first_sentence
from broadsheet.ranking import hybrid
from broadsheet.ranking.hybrid import Mode
from broadsheet.search import encoders, generation, judged, writer
from broadsheet.search.engine import SearchEngine
from broadsheet.search.query import read

TODAY = date(2026, 8, 1)


class Corpus:
    """Papers under numbers from 1, and the index of them."""

    def __init__(self, papers: Path, work: Path, encoder: str) -> None:
        self.encoder = encoders.get(encoder)
        self.documents = [document for _, document in judged.papers([papers], [])]
        self.root = work / f"papers-{self.encoder.name}-{self.encoder.version}"
        self.engine = self._open()

    def _open(self) -> SearchEngine:
        if not (self.root / generation.POINTER).exists():
            held = self.documents
            started, began = time.perf_counter(), time.process_time()
            made = writer.rebuild(self.root, held, self.encoder)
            took, busy = time.perf_counter() - started, time.process_time() - began
            size = sum(file.stat().st_size for file in made.path.rglob("*") if file.is_file())
            text = sum(len(one.title.encode()) + len(one.abstract.encode()) for one in held)
            print(
                f"build: {len(held)} papers in {took:.1f} s = {len(held) / took:.0f}/s ({busy:.1f} s of processor), "
                f"{size / 1e6:.0f} MB on disk = {size / text:.2f} of the text"
            )
        started = time.perf_counter()
        found = generation.open_current(self.root)
        checked = time.perf_counter()
        engine = SearchEngine(found, self.encoder)
        print(f"open: verified in {checked - started:.2f} s, opened in {time.perf_counter() - checked:.2f} s")
        return engine


def known(corpus: Corpus, sample: int) -> None:
    held = random.Random(1).sample(corpus.documents, sample)
    for what, ask, depth in (
        ("title -> first", lambda one: one.title, 1),
        ("first sentence -> first three", lambda one: first_sentence(one.abstract), 3),
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
    titles = [one.title for one in random.Random(2).sample(corpus.documents, rounds)]
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
            (p50, p95, p99), cpu = percentiles(took), percentiles(busy)
            print(
                f"{name:16s} {mode:8s} p50 {p50:6.2f}  p95 {p95:6.2f}  p99 {p99:6.2f}  max {max(took):6.1f} ms"
                f"   of processor p50 {cpu[0]:6.2f}  p95 {cpu[1]:6.2f}  p99 {cpu[2]:6.2f} ms"
            )
    print(f"peak memory {peak():.0f} MB (the corpus is held too)")


def main() -> None:
    reading = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reading.add_argument("data", type=Path)
    reading.add_argument("--work", type=Path, required=True)
    reading.add_argument("--encoder", default="static")
    reading.add_argument("--sample", type=int, default=2_000)
    reading.add_argument("--parts", default="latency,known")
    asked = reading.parse_args()
    corpus = Corpus(asked.data / "papers.jsonl.gz", asked.work, asked.encoder)
    if "latency" in asked.parts:
        latency(corpus, list(judged.read(asked.data / "bench" / "autoscholar-dev").queries.values()), 300)
    if "known" in asked.parts:
        known(corpus, asked.sample)


if __name__ == "__main__":
    main()
