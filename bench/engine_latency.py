"""How long the engine takes at a given index: `python -m bench.engine_latency INDEX --data DATA [--json FILE]`.

INDEX is the folder of an index (`DATA/index` of a site, or one that `bench.recombine --index` made). Searches are
hybrid, the first 20 with facets; half of them 1 to 4 words of a title, half whole questions; one in three is
narrowed by a topic, by years, or to papers with code. Each search is timed when it comes for the first time ("first":
nothing of it is remembered yet) and again later ("again"); titles and abstracts of 20 papers of DATA are highlighted
in each. Wall clock and processor time are told apart, so that figures of a busy machine can be read.
"""

import argparse
import random
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import orjson

from bench.measuring import lines, peak, percentiles
from broadsheet.ranking import hybrid
from broadsheet.search import encoders, generation
from broadsheet.search.engine import SearchEngine
from broadsheet.search.filters import Filters
from broadsheet.search.query import read
from broadsheet.search.snippets import Highlighter
from broadsheet.search.syntax import Query

TODAY = date(2026, 8, 1)
SHOWN = 20
_CROP = 420
NARROWED = (
    Filters(topics=("cs.CL",)),
    Filters(first_year=2023),
    Filters(topics=("cs",), first_year=2020, last_year=2022),
    Filters(has_code=True),
)
Timed = tuple[float, float]
"""Milliseconds of wall clock and of processor."""


def main() -> None:
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("index", type=Path)
    reading.add_argument("--data", type=Path, required=True)
    reading.add_argument("--encoder", default="static")
    reading.add_argument("--count", type=int, default=250, help="searches of each kind")
    reading.add_argument("--json", type=Path)
    asked = reading.parse_args()
    started = time.perf_counter()
    found = generation.open_current(asked.index)
    verified = time.perf_counter()
    engine = SearchEngine(found, encoders.get(asked.encoder))
    opened = time.perf_counter()
    print(
        f"{found.manifest.documents:,} papers: verified in {verified - started:.1f} s, "
        f"opened in {opened - verified:.1f} s, {resident():,.0f} MB resident"
    )
    figures: dict[str, object] = {"papers": found.manifest.documents}
    everything: list[Timed] = []
    texts = shown(asked.data)
    for kind, queries in (
        ("keywords", keywords(asked.data, asked.count)),
        ("questions", questions(asked.data, asked.count)),
    ):
        asking = narrowed(queries)
        for turn in ("first", "again"):
            times = [timed(engine, query, texts) for query in asking]
            figures |= told(f"{kind}, {turn}", times)
            everything += times if turn == "again" else []
    figures |= told("half and half, again", everything)
    print(f"{resident():,.0f} MB resident, at most {peak():,.0f} MB")
    if asked.json:
        figures |= {"resident, MB": resident(), "peak, MB": peak()}
        asked.json.write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2))


def keywords(data: Path, count: int) -> list[str]:
    """1 to 4 words of the titles of papers spread over the data."""
    draw = random.Random(3)
    titles = [raw["title"].split() for raw in islice(lines(data / "papers.jsonl.gz"), 0, count * 400, 400)]
    return [" ".join(draw.sample(title, min(len(title), draw.randint(1, 4)))) for title in titles]


def questions(data: Path, count: int) -> list[str]:
    return [raw["text"] for raw in islice(lines(data / "bench" / "autoscholar-dev" / "queries.jsonl"), count)]


def shown(data: Path) -> list[tuple[str, str]]:
    """Titles and abstracts to be highlighted, as many as a page has."""
    return [(raw["title"], raw.get("abstract") or "") for raw in islice(lines(data / "papers.jsonl.gz"), SHOWN)]


def narrowed(texts: Sequence[str]) -> list[Query]:
    """The searches, one in three with a filter."""
    queries = [read(text, TODAY) for text in texts]
    return [
        replace(query, filters=NARROWED[at // 3 % len(NARROWED)]) if at % 3 == 0 else query
        for at, query in enumerate(queries)
    ]


def timed(engine: SearchEngine, query: Query, texts: Sequence[tuple[str, str]]) -> Timed:
    wall, busy = time.perf_counter(), time.process_time()
    hybrid.search(engine, query, k=SHOWN)
    in_title, in_abstract = Highlighter(query.root, "title"), Highlighter(query.root, "abstract")
    for title, abstract in texts:
        in_title.whole(title)
        in_abstract.crop(abstract, _CROP)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - busy) * 1000


def told(name: str, times: Sequence[Timed]) -> dict[str, float]:
    """p50, p95 and p99 of both clocks, printed too."""
    figures: dict[str, float] = {}
    for clock, place in (("wall", 0), ("processor", 1)):
        cuts = percentiles([one[place] for one in times])
        figures |= {f"{name}, {clock}, p{at}, ms": cut for at, cut in zip((50, 95, 99), cuts, strict=True)}
    print(f"{name:22s}" + "".join(f"{figure:8.1f}" for figure in figures.values()) + "  ms (wall, processor)")
    return figures


def resident() -> float:
    """Megabytes of memory in use now, pages of mapped files included."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
