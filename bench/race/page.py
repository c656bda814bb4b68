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


Row = dict[str, Any]
Column = tuple[str, Callable[[Row, Row], str]]
"""A head, and what stands under it for an engine and for ours."""

_TIMES: list[Column] = [
    ("p50 ms", lambda one, ours: _number(one["warm"]["p50"])),
    ("p95", lambda one, ours: _number(one["warm"]["p95"])),
    ("p99", lambda one, ours: _number(one["warm"]["p99"])),
    ("keywords p50", lambda one, ours: _number(one["by_kind"]["keywords"]["p50"])),
    ("questions p50", lambda one, ours: _number(one["by_kind"]["question"]["p50"])),
    ("searches/s", lambda one, ours: _number(one["qps"])),
    ("ours ×", lambda one, ours: _number(ours["qps"] / one["qps"])),
    ("by two", lambda one, ours: _number(one["qps_2"])),
    ("processor ms", lambda one, ours: _number(one["cpu_ms"])),
    ("ours ×", lambda one, ours: _number(one["cpu_ms"] / ours["cpu_ms"])),
    ("bare p50 ms", lambda one, ours: _number(one["bare"]["p50"])),
    ("bare processor ms", lambda one, ours: _number(one["bare"]["cpu_ms"])),
    ("ours ×", lambda one, ours: _number(one["bare"]["cpu_ms"] / ours["bare"]["cpu_ms"])),
    ("first touch p50 ms", lambda one, ours: _number(one["first_touch"]["p50"])),
    ("known item: keywords", lambda one, ours: _share(one["success_at_10"]["keywords"])),
    ("questions", lambda one, ours: _share(one["success_at_10"]["question"])),
    ("timed", lambda one, ours: str(one["searches"])),
    ("load", lambda one, ours: _number(one["load"])),
]
_COSTS: list[Column] = [
    ("own MB", lambda one, ours: _number(one["memory_mb"]["anonymous"])),
    ("mapped MB", lambda one, ours: _number(one["memory_mb"]["mapped"])),
    ("files kept MB", lambda one, ours: _number(one["cached_mb"])),
    ("disk MB", lambda one, ours: _number(one["disk_mb"])),
    ("of the text", lambda one, ours: f"{one['disk_mb'] / one['text_mb']:.2f}{'*' if one['holds_text'] else ''}"),
    ("open ms", lambda one, ours: _number(one["open_ms"])),
    ("build s", lambda one, ours: _number(one["build_s"] + one.get("encode_s", 0))),
    ("build processor s", lambda one, ours: _number(one["build_cpu_s"] + one.get("encode_s", 0))),
    ("build, most own MB", lambda one, ours: _number(one["build_peak_mb"])),
    ("more like five papers ms", lambda one, ours: _number(one["extras"]["more like five papers, ms"])),
]


def timing(results: Results, size: str) -> str:
    """What a search takes, and what the engine takes, at one size."""
    ours = of(results, size, OURS)
    ran = [one for name in NAMES if "warm" in (one := of(results, size, name)) and not one.get("absent")]
    absent = [
        f"{one.get('name', name)} ({one['absent']})"
        for name in NAMES
        if (one := of(results, size, name)).get("absent")
    ]
    papers = max(
        (one["papers"] for place, one in results.items() if place.startswith(f"{size}/") and "papers" in one)
    )
    parts = [f"### {REAL.get(size, 'Made papers')}: {papers:,}"]
    for columns in (_TIMES, _COSTS):
        rows = [[one["name"], *(_safely(show, one, ours) for _, show in columns)] for one in ran]
        parts.append(_table(["engine", *(head for head, _ in columns)], rows))
    if absent:
        parts.append(f"Not in this race: {'; '.join(absent)}.")
    return "\n\n".join(parts)


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


def _safely(show: Callable[[Row, Row], str], one: Row, ours: Row) -> str:
    try:
        return show(one, ours)
    except KeyError:
        return "–"


def _number(value: float) -> str:
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
