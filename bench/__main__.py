"""Import everything there is into one instance, serve it, and measure both.

    python -m bench [--data FOLDER] [--papers N] [--keep FOLDER] [--skip-import] [--json FILE]

FOLDER holds papers.jsonl.gz, hf-daily.tar.gz and saved-pages/ (BROADSHEET_TEST_DATA if not given). Without it there
is nothing to measure, and this says so.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import importing, serving
from bench.server import Server

TARGETS = {
    "import and index, papers/s": (1500, "at least"),
    "server memory, MB": (600, "at most"),
    "day page p50, ms": (25, "at most"),
    "day pages/s, uncached": (100, "at least"),
    "search p50, ms": (25, "at most"),
    "search p95, ms": (60, "at most"),
    "title found first, %": (99.5, "at least"),
    "first sentence found in the first three, %": (98, "at least"),
}


def main() -> int:
    wanted = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    wanted.add_argument("--data", default=os.environ.get("BROADSHEET_TEST_DATA") or None)
    wanted.add_argument("--keep", type=Path, help="use this data folder and leave it there")
    wanted.add_argument("--skip-import", action="store_true", help="measure what --keep already holds")
    wanted.add_argument(
        "--sample", type=int, default=1000, help="how many papers are looked up by title and sentence"
    )
    wanted.add_argument("--json", type=Path, help="write the figures here too")
    asked = wanted.parse_args()
    if not asked.data or not Path(asked.data, "papers.jsonl.gz").exists():
        print("No real papers: name a folder with papers.jsonl.gz by --data or BROADSHEET_TEST_DATA.")
        return 0
    papers = Path(asked.data)
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="broadsheet-bench-"))
    figures: dict[str, Any] = {}
    if not asked.skip_import:
        figures |= importing.measure(papers, folder)
    with Server(folder) as server:
        figures |= serving.measure(papers, server, asked.sample)
    report(figures)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1))
    return 0


def report(figures: dict[str, Any]) -> None:
    width = max(map(len, figures))
    for name, value in figures.items():
        shown = (
            f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
        )
        target = ""
        if name in TARGETS:
            bound, side = TARGETS[name]
            met = value >= bound if side == "at least" else value <= bound
            target = f"   {side} {bound:,}: {'met' if met else 'MISSED'}"
        print(f"{name:<{width}}  {shown:>14}{target}")


if __name__ == "__main__":
    sys.exit(main())
