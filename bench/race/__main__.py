"""Race Broadsheet's search against other engines on the same papers, queries and machine.

    python -m bench.race [--data FOLDER] [--sizes N …] [--contenders NAME …] [--work FOLDER] [--publish]

FOLDER holds papers.jsonl.gz and bench/ (BROADSHEET_TEST_DATA if not given); without it there is nothing to race on,
and this says so. A contender whose library is missing is reported as absent. Figures gather in WORK/results.json, one
entry a contender and size; ``--publish`` writes docs/race.md and its plot from all of them.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from bench import papers_store
from bench.race import corpora, footprint, page, questions
from bench.race.protocol import NAMES, Ask, Contender, Corpus, contender

_FIRST, _THEN, _LAST = 60, 400, 200
_AMONG = 10_000  # searches are made of so many papers; made ones of the first, so that every size is asked the same
# One search is one thread's work wherever a library lets that be said. Lance would warn at every search of what a later
# version will do.
_LANE = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false",
    "LANCE_LOG": "error", "LANCEDB_LOG": "error", "XDG_RUNTIME_DIR": tempfile.gettempdir(), "TQDM_DISABLE": "1",
}  # fmt: skip


def main() -> int:
    wanted = argparse.ArgumentParser(prog="python -m bench.race", description=__doc__)
    wanted.add_argument("--data", default=os.environ.get("BROADSHEET_TEST_DATA") or None)
    wanted.add_argument(
        "--sizes", nargs="*", default=["10000", "100000"], help="numbers of papers, encoded or real"
    )
    wanted.add_argument("--contenders", nargs="+", choices=NAMES, default=list(NAMES))
    wanted.add_argument("--work", type=Path, default=Path("bench/out/race"))
    wanted.add_argument("--minilm", type=Path, help="a folder of MiniLM vectors of the real papers (docs/race.md)")
    wanted.add_argument("--seconds", type=float, default=10, help="the longest that each timing may take")
    wanted.add_argument("--again", action="store_true", help="build anew what is built already")
    wanted.add_argument("--keep", action="store_true", help="leave what was built, for another run")
    wanted.add_argument("--build-only", action="store_true", help="build and keep, time no search")
    wanted.add_argument("--publish", action="store_true", help="write docs/race.md and its plot")
    asked = wanted.parse_args()
    if not asked.data or not Path(asked.data, "papers.jsonl.gz").exists():
        print("No real papers: name a folder with papers.jsonl.gz by --data or BROADSHEET_TEST_DATA.")
        return 0
    asked.work.mkdir(parents=True, exist_ok=True)
    race = Race(Path(asked.data), asked.work.resolve(), asked)
    for size in asked.sizes:
        race.run(size)
    results = race.results()
    print(page.tables(results))
    if asked.publish:
        page.publish(results, Path(__file__).parents[2] / "docs")
    return 0


class Race:
    """Runs contenders, each in processes of its own, one after another."""

    def __init__(self, data: Path, work: Path, asked: argparse.Namespace) -> None:
        self._data, self._work, self._asked = data, work, asked
        self._held = work / "results.json"
        self._most = max([int(size) for size in asked.sizes if size not in corpora.REAL], default=0)

    def results(self) -> dict[str, dict[str, Any]]:
        """By "size/contender"."""
        return orjson.loads(self._held.read_bytes()) if self._held.exists() else {}

    def _record(self, corpus: Corpus, name: str, figures: dict[str, Any]) -> None:
        results = self.results()
        place = f"{corpus.name}/{name}"
        results[place] = results.get(place, {}) | figures
        self._held.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))

    def run(self, size: str) -> None:
        is_real = size in corpora.REAL
        corpus = (
            corpora.real(self._data, self._work, size, self._asked.minilm)
            if is_real
            else corpora.made(self._data, self._work, int(size), self._most)
        )
        encoding = 0.0
        if {"lancedb", "postgres"} & set(self._asked.contenders):
            corpus, encoding = corpora.with_vectors(corpus, self._work)
        if self._asked.minilm and "minilm-faiss" in self._asked.contenders:
            corpus = corpora.with_minilm(corpus, self._work, self._asked.minilm)
        spread = max(1, corpus.count // _AMONG) if is_real else 1
        asks = questions.made(list(islice(corpus.documents(), 0, _AMONG * spread, spread)), _FIRST + _THEN + _LAST)
        facts = {
            "text_mb": papers_store.text_bytes(Path(corpus.store), corpus.count) / footprint.MB,
            "papers": corpus.count,
        }
        for name in self._asked.contenders:
            started = time.perf_counter()
            try:
                self._one(corpus, name, asks, encoding, facts)
            except (subprocess.CalledProcessError, ImportError) as wrong:
                print(f"{corpus.name}/{name}: {wrong}", flush=True)
                self._record(corpus, name, {"absent": str(wrong)})
            print(f"{corpus.name}/{name}: {time.perf_counter() - started:.0f} s", flush=True)

    def _one(self, corpus: Corpus, name: str, asks: Sequence[Ask], encoding: float, facts: dict[str, Any]) -> None:
        kind = contender(name)
        about = facts | _about(kind)
        if corpus.count > kind.largest:
            self._record(corpus, name, about | {"absent": kind.why_largest})
            return
        if "minilm" in name and not corpus.minilm:
            self._record(corpus, name, about | {"absent": "no MiniLM vectors were given (--minilm)"})
            return
        folder = self._work / corpus.name / name
        job: dict[str, Any] = {"corpus": asdict(corpus), "seconds": self._asked.seconds}
        built = folder.with_suffix(".built.json")
        if self._asked.again or not built.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            built.write_bytes(orjson.dumps(self._lane("build", name, folder, job)))
        if self._asked.build_only:
            return
        made = orjson.loads(built.read_bytes())
        if "meaning" in kind.can and name not in ("broadsheet", "minilm-faiss"):
            made["encode_s"] = encoding
        figures = about | made
        told = [asdict(one) for one in asks]
        job |= {"first": told[:_FIRST], "then": told[_FIRST : _FIRST + _THEN], "last": told[_FIRST + _THEN :]}
        figures |= self._lane("search", name, folder, job)
        if name == "minilm-faiss" and corpus.minilm_made:
            del figures["success_at_10"]
        figures["qps_2"] = self._pair(name, folder, job)
        if corpus.name in corpora.REAL:
            job["judged"] = corpora.judged(self._data, corpus, kind.most_judged)
            figures |= self._lane("judge", name, folder, job)
        figures["at"] = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
        figures.pop("absent", None)
        self._record(corpus, name, {"absent": ""} | figures)
        if not self._asked.keep:
            shutil.rmtree(folder)
            built.unlink()

    def _lane(self, action: str, name: str, folder: Path, job: dict[str, Any]) -> dict[str, Any]:
        process = _started(action, name, folder)
        out, _ = process.communicate(orjson.dumps(job) + b"\n")
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, f"{action} {name}")
        return orjson.loads(out.splitlines()[-1])

    def _pair(self, name: str, folder: Path, job: dict[str, Any]) -> float:
        """Searches a second of two processes at once."""
        short = job | {"seconds": min(10.0, job["seconds"])}
        pair = [_started("pace", name, folder) for _ in range(2)]
        for one in pair:
            one.stdin.write(orjson.dumps(short) + b"\n")
            one.stdin.flush()
        for one in pair:
            while (line := one.stdout.readline()) != b"ready\n":
                if not line:
                    raise subprocess.CalledProcessError(one.wait(), f"pace {name}")
        for one in pair:
            one.stdin.write(b"go\n")
            one.stdin.flush()
        done = [orjson.loads(one.communicate()[0].splitlines()[-1]) for one in pair]
        return sum(one["searches"] / one["seconds"] for one in done)


def _started(action: str, name: str, folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "bench.race.lane", action, name, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | _LANE,
    )  # fmt: skip


def _about(kind: type[Contender]) -> dict[str, Any]:
    return {
        "name": kind.name, "design": kind.design, "can": sorted(kind.can), "by_hand": sorted(kind.by_hand),
        "holds_text": kind.holds_text,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
