"""Searches that nobody means well with: how long the parser takes, and whether a running server stands them.

    python -m bench.hostile [--queries 200000] [--seed 2026] [--folder FOLDER [--asked 3000]]

Every search is made from a seed: signs of the language in any order, any characters at all, one sign over and over,
titles with operators thrown in, deep brackets, texts that make careless patterns backtrack. With a FOLDER (papers and
their index) the same are also answered by the engine, and sent to a server of its own by GET and POST.
"""

import argparse
import http.client
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlencode

from bench.server import Server
from broadsheet.ranking import hybrid
from broadsheet.search import guard
from broadsheet.search.describe import describe
from broadsheet.search.engine import SearchEngine
from broadsheet.search.generation import open_current
from broadsheet.search.query import parse
from broadsheet.search.snippets import Highlighter

TODAY = date(2026, 11, 22)
SIGNS = (
    '"', "(", ")", "-", "NOT ", "OR ", "AND ", " ", "title:", "author:", "topic:", "year:", "since:", "until:", "has:code",
    "lang:", "like:", "-like:", "id:", "doi:", "*", "\x00", "\ud800", "“", "”", "é", "$", "\\", "\\alpha", "深度", "α",
    "1706.03762", "10.1234/abc", "https://arxiv.org/abs/1706.03762", "2020..2024", "30d", "9999d", "transform", "graph",
    ":", "/", "~", "'", "{", "}", "[", "]", "\u202e", "ﬁ", "İ", "𝛼", "cs.CL,cs.LG", '("', '")', "-(", ". ", "the ", "of ",
    "a-b-c", "--", "\\'", "\\H{o}", "e\u0301", "\u0301", "1.2", "-1", "+", "#", "^", "|", "&", ";", "<b>", "%00", "\n", "\t",
)  # fmt: skip
WORDS = (
    "attention", "is", "all", "you", "need", "graph", "neural", "networks", "for", "the", "of", "self-attention", "GPT-4",
    "Poincaré", "k-means", "$\\ell_1$", "pre-training", "deep", "reinforcement", "learning", "with", "we", "show", "that",
)  # fmt: skip
BACKTRACKING = (
    "a" * 40 + "!", "\\" * 60, "{" * 60 + "a", "'" * 60, "a-" * 60, "1.2." * 60, "$" * 60, "a:" * 60, "../" * 40, "é" * 60,
    "\\text" * 30, "\\H{" * 30, "10.1/" * 40, "http://" * 30, "a." * 60, "x" * 200 + "*", "-" * 200, "α" * 60, "+#" * 60,
    "arxiv:" * 40, "2020.." * 40, "e\u0301" * 80, "\\'" * 80, "((a) " * 40, "a\u00ad" * 80, "//" * 100, "@" * 100,
)  # fmt: skip


def hostile(count: int, seed: int) -> Iterator[str]:
    """``count`` searches, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield chance.choice(_WAYS)(chance)


def _soup(chance: random.Random) -> str:
    return "".join(chance.choices(SIGNS, k=chance.randint(1, 80)))


def _anything(chance: random.Random) -> str:
    span = chance.choice((0x7F, 0xFF, 0x24F, 0xFFFF, 0x10FFFF))
    return "".join(chr(chance.randint(0, span)) for _ in range(chance.randint(1, 300)))


def _over_and_over(chance: random.Random) -> str:
    return chance.choice(SIGNS) * chance.choice((10, 256, 2_000, 20_000))


def _title(chance: random.Random) -> str:
    said = chance.choices(WORDS, k=chance.randint(1, 40))
    for _ in range(chance.randint(0, 8)):
        said.insert(chance.randint(0, len(said)), chance.choice(SIGNS))
    return chance.choice((" ", " ", "")).join(said)


def _brackets(chance: random.Random) -> str:
    deep = chance.choice((8, 9, 60, 4_000, 20_000))
    return chance.choice(("(", '("', "-(", "title:(", "NOT (")) * deep + "a" + ")" * chance.choice((0, deep))


def _backtracking(chance: random.Random) -> str:
    parts = chance.choices(BACKTRACKING, k=chance.randint(1, 40))
    return chance.choice(("", " ")).join(parts)[: chance.choice((256, 2_000, 8_000))]


_WAYS: tuple[Callable[[random.Random], str], ...] = (
    _soup, _soup, _anything, _title, _title, _over_and_over, _brackets, _backtracking,
)  # fmt: skip


def main() -> int:
    wanted = argparse.ArgumentParser(prog="python -m bench.hostile")
    wanted.add_argument("--queries", type=int, default=200_000)
    wanted.add_argument("--seed", type=int, default=2026)
    wanted.add_argument("--folder", type=Path)
    wanted.add_argument("--asked", type=int, default=3_000, help="how many go to the engine and to the server")
    asked = wanted.parse_args()
    parsed(asked.queries, asked.seed)
    if not asked.folder:
        return 0
    answered(asked.folder, asked.asked, asked.seed + 1)
    return served(asked.folder, asked.asked, asked.seed + 2)


def parsed(count: int, seed: int) -> None:
    """Guard, parser and the search told back; whatever they raise ends the run."""
    taken, refused, slowest = [], 0, ("", 0.0)
    for raw in hostile(count, seed):
        began = time.process_time()
        try:
            query = parse(guard.admit(raw), TODAY)
        except guard.QueryTooLong:
            refused += 1
            query = None
        took = time.process_time() - began
        taken.append(took)
        slowest = max(slowest, (raw, took), key=lambda one: one[1])
        if query is not None:
            describe(query).encode()
    told("parser", taken, f"{refused} refused as too long, the slowest {slowest[0][:60]!r}… ({len(slowest[0])})")


def answered(folder: Path, count: int, seed: int) -> None:
    """The engine, and the marks in a text."""
    engine = SearchEngine(open_current(folder / "index"))
    taken = []
    for raw in hostile(count, seed):
        try:
            query = parse(guard.admit(raw), TODAY)
        except guard.QueryTooLong:
            continue
        began = time.process_time()
        hybrid.search(engine, query)
        Highlighter(query.root, "abstract").crop(raw[:2_000], 420)
        taken.append(time.process_time() - began)
    told("engine", taken, "top 20 with facets, and marks")


def told(name: str, taken: list[float], more: str) -> None:
    cuts = statistics.quantiles(taken, n=1000)
    print(
        f"{name}: {len(taken):,} searches, 0 crashes; p50 {cuts[499] * 1000:.2f} ms, p99 {cuts[989] * 1000:.2f} ms, "
        f"p99.9 {cuts[998] * 1000:.2f} ms, most {max(taken) * 1000:.1f} ms of processor; {more}"
    )


def served(folder: Path, count: int, seed: int) -> int:
    """A real server: what it answers, and whether its processes are the same afterwards. 1 if anything gave way."""
    with Server(folder) as server:
        before = workers(server)
        brackets = {}
        for path in ("/papers", "/api/papers/search"):
            raw = "(" * 20_000
            brackets[f"GET {path}"] = status(server, "GET", f"{path}?q={raw}")
            brackets[f"GET {path}, escaped"] = status(server, "GET", f"{path}?q={quote(raw)}")
            brackets[f"POST {path}"] = status(server, "POST", path, urlencode({"q": raw}))
            brackets[f"GET {path}, 8,000"] = status(server, "GET", f"{path}?q={raw[:8_000]}")
        print("20,000 brackets:", "; ".join(f"{name} -> {code}" for name, code in brackets.items()))
        statuses: Counter[int] = Counter()
        for turn, raw in enumerate(hostile(count, seed)):
            escaped = quote(raw.encode("utf-8", "surrogatepass"))
            path = ("/papers?mode=words&q=", "/papers?q=", "/api/papers/search?limit=20&q=")[turn % 3] + escaped
            statuses[status(server, "GET", path)] += 1
        after = workers(server)
    print(f"server: {count:,} searches, answers {dict(sorted(statuses.items()))}; processes {before} -> {after}")
    broken = [code for code in (*statuses, *brackets.values()) if code >= 500]
    return int(before != after or bool(broken))


def status(server: Server, method: str, path: str, body: str = "") -> int:
    """The answer's status; 0 where the connection was cut."""
    connection = server.connect()
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    try:
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        response.read()
        return response.status
    except (http.client.HTTPException, OSError):
        return 0
    finally:
        connection.close()


def workers(server: Server) -> list[int]:
    """The processes below the server's own."""
    found = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return sorted(map(int, found))


if __name__ == "__main__":
    sys.exit(main())
