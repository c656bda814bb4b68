"""The figures of a race as tables, and docs/race.md made of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.race.corpora import REAL
from bench.race.machine import described
from bench.race.protocol import ABILITIES, NAMES

Results = dict[str, dict[str, Any]]
OURS = "broadsheet"
_LOAD = "`load` is the load average when a timing ended: above about 2 the machine was shared, and ratios tell more than times."
_SIGNS = {"own": "yes", "hand": "by hand", "none": "–"}


def sizes(results: Results) -> list[str]:
    """Made sizes, smallest first, then the real papers."""
    held = {place.split("/")[0] for place in results}
    return [*sorted(held - set(REAL), key=int), *(one for one in REAL if one in held)]


def of(results: Results, size: str, name: str) -> dict[str, Any]:
    return results.get(f"{size}/{name}", {})


def tables(results: Results) -> str:
    return "\n\n".join([abilities(results), *(timing(results, size) for size in sizes(results)), quality(results)])


def abilities(results: Results) -> str:
    """What each can do by itself, and what the race had to write around it."""
    rows = []
    for name in NAMES:
        about = next((one for place, one in results.items() if place.endswith(f"/{name}") and one.get("can")), None)
        if about:
            signs = [
                _SIGNS["own" if part in about["can"] else "hand" if part in about["by_hand"] else "none"]
                for part in ABILITIES
            ]
            rows.append([about["name"], *signs, about["design"]])
    return _table(["engine", *ABILITIES, "how it was set"], rows)


_TIMING: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
    ("p50 ms", lambda one: _number(one["warm"]["p50"])),
    ("p95 ms", lambda one: _number(one["warm"]["p95"])),
    ("p99 ms", lambda one: _number(one["warm"]["p99"])),
    ("keywords p50", lambda one: _number(one["by_kind"]["keywords"]["p50"])),
    ("questions p50", lambda one: _number(one["by_kind"]["question"]["p50"])),
    ("processor ms", lambda one: _number(one["cpu_ms"])),
    ("searches/s", lambda one: _number(one["qps"])),
    ("by two", lambda one: _number(one["qps_2"])),
    ("open ms", lambda one: _number(one["open_ms"])),
    ("first touch p50", lambda one: _number(one["first_touch"]["p50"])),
    ("own MB", lambda one: _number(one["memory_mb"]["anonymous"])),
    ("mapped MB", lambda one: _number(one["memory_mb"]["mapped"])),
    ("files kept MB", lambda one: _number(one["cached_mb"])),
    ("disk MB", lambda one: _number(one["disk_mb"])),
    ("of the text", lambda one: f"{one['disk_mb'] / one['text_mb']:.2f}{'*' if one['holds_text'] else ''}"),
    ("build s", lambda one: _number(one["build_s"] + one.get("encode_s", 0))),
    ("known item in 10: keywords", lambda one: _share(one["success_at_10"]["keywords"])),
    ("questions", lambda one: _share(one["success_at_10"]["question"])),
    ("load", lambda one: _number(one["load"])),
]


def timing(results: Results, size: str) -> str:
    ours = of(results, size, OURS)
    rows, absent = [], []
    for name in NAMES:
        one = of(results, size, name)
        if one.get("absent"):
            absent.append(f"{one.get('name', name)} ({one['absent']})")
        elif "warm" in one:
            cells = [_safely(show, one) for _, show in _TIMING]
            against = [_times(ours.get("qps"), one["qps"]), _times(one["cpu_ms"], ours.get("cpu_ms"))]
            rows.append([one["name"], *cells[:7], *against, *cells[7:]])
    heads = [head for head, _ in _TIMING]
    papers = next(
        (one["papers"] for place, one in results.items() if place.startswith(f"{size}/") and "papers" in one), 0
    )
    title = f"### {REAL.get(size, 'Made papers')}: {papers:,}"
    told = f"\n\nNot in this race: {'; '.join(absent)}." if absent else ""
    return f"{title}\n\n{_table(['engine', *heads[:7], 'ours ×', 'by processor', *heads[7:]], rows)}{told}"


def quality(results: Results) -> str:
    held = [
        (size, name, one["judged"])
        for size in REAL
        for name in NAMES
        if "judged" in (one := of(results, size, name))
    ]
    if not held:
        return ""
    sets = list(held[0][2])
    rows = [
        [
            of(results, size, name)["name"], f"{of(results, size, name)['papers']:,}",
            *(f"{scored[one][figure]:.3f}" for one in sets for figure in ("nDCG@10", "R@100")),
            " + ".join(str(scored[one]["queries"]) for one in sets),
        ]
        for size, name, scored in held
    ]  # fmt: skip
    return _table(
        ["engine", "papers", *(f"{one} {figure}" for one in sets for figure in ("nDCG@10", "R@100")), "questions"],
        rows,
    )


def publish(results: Results, docs: Path) -> None:
    """Write ``race.md`` and, where matplotlib is there, the plot beside it."""
    try:
        from bench.race import plot

        plot.draw(results, docs / "images" / "race.svg")
    except ImportError:
        print("The plot is left as it was: matplotlib is not installed here (make race has it).")
    before, after = (Path(__file__).with_name("page_text") / name for name in ("before.md", "after.md"))
    parts = [
        before.read_text().rstrip(),
        f"Machine: {described()}. {_LOAD}",
        *(timing(results, size) for size in sizes(results)),
        "### Quality on the real papers\n\n" + quality(results) if quality(results) else "",
        "## What each can do\n\n" + abilities(results),
        after.read_text().strip(),
    ]
    (docs / "race.md").write_text("\n\n".join(part for part in parts if part) + "\n")


def _times(large: float | None, small: float | None) -> str:
    return _number(large / small) if large and small else "?"


def _safely(show: Callable[[dict[str, Any]], str], one: dict[str, Any]) -> str:
    try:
        return show(one)
    except KeyError:
        return "–"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
