"""Cost against size, drawn: time, own memory and disk of each engine at each number of papers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt

from bench.race.corpora import REAL
from bench.race.page import OURS, Results, of, sizes
from bench.race.protocol import NAMES

_PANELS: list[tuple[str, Callable[[dict[str, Any]], float]]] = [
    ("a search, p50, ms", lambda one: one["warm"]["p50"]),
    ("own memory, MB", lambda one: one["memory_mb"]["anonymous"]),
    ("disk, MB", lambda one: one["disk_mb"]),
    ("build, s", lambda one: one["build_s"] + one.get("encode_s", 0)),
]


def draw(results: Results, target: Path) -> None:
    held = [size for size in sizes(results) if size not in REAL]
    mpl.rcParams["svg.hashsalt"] = "race"
    figure, axes = plt.subplots(1, len(_PANELS), figsize=(15, 4.2))
    for axis, (title, value) in zip(axes, _PANELS, strict=True):
        for name in NAMES:
            points = [(int(size), one) for size in held if "warm" in (one := of(results, size, name))]
            if points:
                axis.plot(
                    [size for size, _ in points], [value(one) for _, one in points], marker="o",
                    label=points[0][1]["name"], linewidth=3 if name == OURS else 1.3, zorder=3 if name == OURS else 2,
                )  # fmt: skip
        axis.set(xscale="log", yscale="log", title=title, xlabel="papers")
        axis.grid(alpha=0.3)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=len(labels), frameon=False)
    figure.tight_layout(rect=(0, 0.08, 1, 1))
    target.parent.mkdir(exist_ok=True)
    figure.savefig(target, metadata={"Date": None})
    plt.close(figure)
