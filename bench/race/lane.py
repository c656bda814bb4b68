"""One contender in a process of its own: `python -m bench.race.lane ACTION NAME FOLDER`, a JSON job on stdin.

ACTION is build, search, judge or pace; the figures are written to stdout as one line of JSON.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from bench.race import footprint
from bench.race.protocol import Ask, Contender, Corpus, contender
from broadsheet.ranking import measures

_LEAST = 12
"""So many searches are timed however long they take."""


def build(one: Contender, job: dict[str, Any]) -> dict[str, Any]:
    started, before = time.perf_counter(), footprint.busy([os.getpid()])
    with footprint.Peak(one.processes) as peak:
        one.build()
        took = time.perf_counter() - started
    return {
        "build_s": took,
        "build_cpu_s": peak.seconds - before,
        "build_peak_mb": peak.megabytes,
        "disk_mb": footprint.disk(one.folder) / footprint.MB,
    }


def search(one: Contender, job: dict[str, Any]) -> dict[str, Any]:
    """Open, then searches never asked before: the first ones with no file in memory, then most, then bare ones."""
    first, then, last = (_asks(job[part]) for part in ("first", "then", "last"))
    footprint.evict(one.folder)
    footprint.evict(Path(one.corpus.store))
    started = time.perf_counter()
    one.open()
    opened = time.perf_counter() - started
    cold, _, _ = _timed(one, first, job["seconds"] / 2)
    began, before = time.perf_counter(), footprint.busy(one.processes())
    took, found, count = _timed(one, then, job["seconds"])
    elapsed, cpu = time.perf_counter() - began, footprint.busy(one.processes()) - before
    figures: dict[str, Any] = {
        "open_ms": opened * 1000,
        "first_ms": cold[0],
        "first_touch": _spread(cold),
        "warm": _spread(took),
        "by_kind": {
            kind: _spread([ms for ms, ask in zip(took, then, strict=False) if ask.kind == kind])
            for kind in ("keywords", "question")
        },
        "qps": count / elapsed,
        "cpu_ms": cpu * 1000 / count,
        "searches": count,
        "memory_mb": footprint.memory(one.processes()),
        "cached_mb": footprint.cached(one.folder),
        "success_at_10": {
            kind: statistics.fmean(
                ask.truth in page[:10] for page, ask in zip(found, then, strict=False) if ask.kind == kind
            )
            for kind in ("keywords", "question")
        },
        "load": os.getloadavg()[0],
    }
    began, before = time.perf_counter(), footprint.busy(one.processes())
    took, _, count = _timed(one, [replace(ask, whole=False) for ask in last], job["seconds"] / 2)
    figures["bare"] = _spread(took) | {
        "qps": count / (time.perf_counter() - began),
        "cpu_ms": (footprint.busy(one.processes()) - before) * 1000 / count,
    }
    return figures | {"extras": one.extras()}


def judge(one: Contender, job: dict[str, Any]) -> dict[str, Any]:
    """nDCG@10 and R@100 on each judged set."""
    one.open()
    scored = {}
    for name, held in job["judged"].items():
        pages = [one.search(Ask(text, "judged", k=100, whole=False)).papers for text in held["texts"]]
        gains = [{int(paper): grade for paper, grade in one_gains.items()} for one_gains in held["gains"]]
        pairs = list(zip(pages, gains, strict=True))
        scored[name] = {
            "nDCG@10": statistics.fmean(measures.ndcg(page, gain, 10) for page, gain in pairs),
            "R@100": statistics.fmean(measures.recall(page, gain, 100) for page, gain in pairs),
            "queries": len(pairs),
        }
    return {"judged": scored}


def pace(one: Contender, job: dict[str, Any]) -> dict[str, Any]:
    """How many searches this process ends in the given seconds, beginning when a line comes on stdin."""
    one.open()
    asks = _asks(job["then"])
    random.Random(os.getpid()).shuffle(asks)
    _timed(one, asks[:40], job["seconds"] / 4)
    print("ready", flush=True)
    sys.stdin.readline()
    started, done = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - started) < job["seconds"]:
        one.search(asks[(40 + done) % len(asks)])
        done += 1
    return {"searches": done, "seconds": elapsed}


def _timed(one: Contender, asks: Sequence[Ask], seconds: float) -> tuple[list[float], list[list[int]], int]:
    """Milliseconds and pages of ``asks``, ended early after ``seconds``."""
    took, pages = [], []
    limit = time.perf_counter() + seconds
    for ask in asks:
        started = time.perf_counter()
        answer = one.search(ask)
        took.append((time.perf_counter() - started) * 1000)
        pages.append(answer.papers)
        if len(took) >= _LEAST and time.perf_counter() > limit:
            break
    return took, pages, len(took)


def _spread(took: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "most": max(took), "mean": statistics.fmean(took)}


def _asks(raw: list[dict[str, Any]]) -> list[Ask]:
    return [Ask(**one) for one in raw]


ACTIONS = {"build": build, "search": search, "judge": judge, "pace": pace}


def main() -> None:
    action, name, folder = sys.argv[1:]
    job = orjson.loads(sys.stdin.readline())
    one = contender(name)(Corpus(**job["corpus"]), Path(folder))
    try:
        figures = ACTIONS[action](one, job)
    finally:
        if action != "build":
            one.close()
    print(orjson.dumps(figures).decode(), flush=True)


if __name__ == "__main__":
    main()
