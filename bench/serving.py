"""How fast pages and searches are answered, and whether a paper is found by its own words."""

import json
import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.measuring import lines, percentiles
from bench.server import Server, get

DAYS = ("2026-02-10", "2025-06-18", "2025-11-05", "2024-10-09", "2026-03-31", "2025-01-15")
KEYWORDS = (
    "diffusion models", "reinforcement learning", "kazakh", "low-rank adaptation", "speech recognition", "self attention",
    "graph neural networks", "retrieval augmented generation", "gaussian splatting", "time series forecasting",
)  # fmt: skip
QUESTIONS = (
    "how can large models be trained when there is too little memory on the device",
    "learning new tasks without forgetting the old ones and without stored examples",
    "do language models know what they do not know and can they say so",
    "which methods make transformers faster on long sequences without losing accuracy",
    "how to find wrong labels in a data set before training a classifier",
)


def measure(papers: Path, server: Server, sample: int) -> dict[str, Any]:
    figures = latencies("day page", server, [f"/papers/date/{day}" for day in DAYS], 40)
    searches = [f"/papers?q={quote(query)}" for query in (*KEYWORDS, *QUESTIONS)]
    figures |= latencies("search", server, searches, 20)
    # The site keeps no finished pages, and these requests carry no If-None-Match: each page is made anew.
    figures["day pages/s, uncached"] = rate(server, lambda turn: f"/papers/date/{DAYS[turn % len(DAYS)]}")
    figures |= known_items(papers, server, sample)
    figures["server memory, MB"] = server.memory()
    return figures


def latencies(name: str, server: Server, paths: Sequence[str], rounds: int) -> dict[str, float]:
    connection = server.connect()
    taken: list[float] = []
    for turn in range(rounds + 2):
        for path in paths:
            started = time.perf_counter()
            status, _ = get(connection, path)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}")
            if turn >= 2:
                taken.append((time.perf_counter() - started) * 1000)
    return {f"{name} p{at}, ms": cut for at, cut in zip((50, 95, 99), percentiles(taken), strict=True)}


def rate(server: Server, path: Callable[[int], str], seconds: float = 10.0, clients: int = 4) -> float:
    done = [0] * clients
    until = time.perf_counter() + seconds

    def ask(number: int) -> None:
        connection = server.connect()
        turn = number
        while time.perf_counter() < until:
            status, _ = get(connection, path(turn))
            if status == 200:
                done[number] += 1
            turn += clients

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def known_items(papers: Path, server: Server, sample: int) -> dict[str, float]:
    """Of a sample of papers: how many are first for their title, and in the first three for their first sentence."""
    rows = list(lines(papers / "papers.jsonl.gz"))
    chosen = random.Random(2026).sample(rows, min(sample, len(rows)))
    connection = server.connect()
    first = third = 0
    for paper in chosen:
        title = paper["title"]
        first += bare(title) in {bare(one) for one in found(connection, title, 1)}
        third += bare(title) in {bare(one) for one in found(connection, first_sentence(paper["abstract"]), 3)}
    return {
        "title found first, %": 100 * first / len(chosen),
        "first sentence found in the first three, %": 100 * third / len(chosen),
    }


def found(connection: Any, query: str, limit: int) -> list[str]:
    status, body = get(connection, f"/api/papers/search?limit={limit}&q={quote(query)}", "application/json")
    return [item["title"] for item in json.loads(body)] if status == 200 else []


def first_sentence(abstract: str) -> str:
    return re.split(r"(?<=[.!?])\s", abstract, maxsplit=1)[0]


def bare(title: str) -> str:
    return "".join(char for char in title.lower() if char.isalnum())
