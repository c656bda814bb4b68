"""The papers that are raced on: made ones of any number, real ones with judged questions, and their vectors."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import papers_store
from bench.measuring import lines
from bench.race.protocol import DIMENSION, MINILM_DIMENSION, Corpus
from bench.recombine import Recombiner
from broadsheet.search import encoders
from broadsheet.search.document import Document
from broadsheet.search.judged import read

JUDGED = ("autoscholar-dev", "scitldr")
REAL = {"encoded": "Real papers that have MiniLM vectors", "real": "All real papers"}
_BATCH = 2_000


def made(data: Path, work: Path, count: int, most: int) -> Corpus:
    """The first ``count`` of ``most`` recombined papers; one store serves all sizes."""
    stores = sorted(work.glob("made-*.sqlite"), key=lambda one: one.stat().st_size)
    store = next((one for one in stores if papers_store.size(one) >= count), work / f"made-{most}.sqlite")
    if not store.exists():
        print(f"making {most:,} papers of real sentences …", flush=True)
        papers_store.write(store, Recombiner(data).documents(most))
    return Corpus(f"{count}", str(store), count)


def real(data: Path, work: Path, name: str, minilm: Path | None) -> Corpus:
    """All real papers and those that only the judgments of scitldr know; or those of them that have MiniLM vectors."""
    store = work / f"{name}.sqlite"
    if not store.exists():
        encoded = set(_ids(minilm)) if name == "encoded" and minilm else None
        papers_store.write(store, _real_documents(data, encoded))
    return Corpus(name, str(store), papers_store.size(store))


def _real_documents(data: Path, only: set[str] | None) -> Iterator[Document]:
    held: set[str] = set()
    for file in (data / "papers.jsonl.gz", data / "bench" / "scitldr" / "extra_docs.jsonl.gz"):
        for raw in lines(file):
            key = str(raw.get("id") or raw["_id"])
            if key in held or (only is not None and key not in only):
                continue
            held.add(key)
            day = str(raw.get("date") or "")
            # Machine-made summaries are left out: they leak the answers of scitldr.
            yield Document(
                paper=len(held), key=key, title=raw.get("title") or "", abstract=raw.get("abstract") or raw.get("text") or "",
                authors=tuple(raw.get("authors") or ()), topics=tuple(raw.get("categories") or ()),
                keywords=tuple(raw.get("keywords") or ()), venue=raw.get("venue") or "",
                sources=(raw["source"],) if raw.get("source") else (), ids=(key.lower(),),
                published=date.fromisoformat(day) if len(day) == 10 else None, year=raw.get("year"),
            )  # fmt: skip


def judged(data: Path, corpus: Corpus, most: int) -> dict[str, dict[str, Any]]:
    """For each judged set, its questions (at most ``most``) and the gains of the papers that answer each."""
    numbers = {one.key: one.paper for one in corpus.documents()}
    found: dict[str, dict[str, Any]] = {}
    for name in JUDGED:
        held = read(data / "bench" / name)
        known = {
            query: {str(numbers[paper]): grade for paper, grade in papers.items() if paper in numbers}
            for query, papers in held.gains.items()
        }
        gains = {query: papers for query, papers in known.items() if papers}
        chosen = sorted(gains)[:: max(1, len(gains) // most)][:most]
        found[name] = {"texts": [held.queries[one] for one in chosen], "gains": [gains[one] for one in chosen]}
    return found


def with_vectors(corpus: Corpus, work: Path) -> tuple[Corpus, float]:
    """The corpus with the static encoder's vectors beside it, and the seconds that encoding all of it takes."""
    store = Path(corpus.store)
    path, speed = work / f"{store.stem}.static.f16", work / f"{store.stem}.static.seconds"
    held = path.stat().st_size // (2 * DIMENSION) if path.exists() else 0
    if held < corpus.count:
        encoder = encoders.get("static")
        started = time.process_time()
        pending = islice(papers_store.documents(store, corpus.count), held, None)
        with path.open("ab") as file:
            while batch := list(islice(pending, _BATCH)):
                file.write(encoder.encode([one.meaning for one in batch]).astype(np.float16).tobytes())
        speed.write_text(str((time.process_time() - started) / (corpus.count - held)))
    return replace(corpus, static=str(path)), float(speed.read_text()) * corpus.count


def with_minilm(corpus: Corpus, work: Path, folder: Path) -> Corpus:
    """The corpus with MiniLM vectors from ``folder`` (ids.txt, and vec.f16: unit rows of 384 in that order).

    Real papers get their own. Made papers get a real paper's with noise (cosine about 0.9 to it), for nothing but time
    depends on them. All real papers get none, unless all have one.
    """
    store = Path(corpus.store)
    path = work / f"{store.stem}.minilm.f16"
    ids = _ids(folder)
    rows: NDArray[np.float16] = np.fromfile(folder / "vec.f16", np.float16).reshape(-1, MINILM_DIMENSION)
    draw = np.random.default_rng(5)
    is_real = corpus.name in REAL
    places = {one: at for at, one in enumerate(ids)}
    if is_real and any(one.key not in places for one in corpus.documents()):
        return corpus
    if not path.exists() or path.stat().st_size < corpus.count * 2 * MINILM_DIMENSION:
        with path.open("wb") as file:
            for start in range(0, corpus.count, 20_000):
                number = min(20_000, corpus.count - start)
                if is_real:
                    batch = rows[[places[one.key] for one in islice(corpus.documents(), start, start + number)]]
                else:
                    noise = draw.standard_normal((number, MINILM_DIMENSION), np.float32)
                    noise *= 0.5 / np.linalg.norm(noise, axis=1, keepdims=True)
                    batch = rows[draw.integers(0, len(rows), number)] + noise
                    batch /= np.linalg.norm(batch, axis=1, keepdims=True)
                file.write(batch.astype(np.float16).tobytes())
    return replace(corpus, minilm=str(path), minilm_made=not is_real)


def _ids(folder: Path) -> list[str]:
    """Which papers have vectors, in the order of the rows; the last may not have come yet."""
    rows = (folder / "vec.f16").stat().st_size // (2 * MINILM_DIMENSION)
    return (folder / "ids.txt").read_text().splitlines()[:rows]
