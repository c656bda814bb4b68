"""How fast, how large and how lean an import of everything is."""

import os
import subprocess
import time
from pathlib import Path
from typing import Any

from bench.server import COMMAND, folder_environment


def measure(papers: Path, folder: Path) -> dict[str, Any]:
    """Import the papers (timed with their index), then the daily editions and the saved pages."""
    seconds, peak = timed(["import", str(papers / "papers.jsonl.gz")], folder)
    held = count(folder)
    figures: dict[str, Any] = {
        "papers imported": held,
        "import and index, s": seconds,
        "import and index, papers/s": held / seconds,
        "import, peak memory, MB": peak,
    }
    seconds, _ = timed(["import", str(papers / "hf-daily.tar.gz"), str(papers / "saved-pages")], folder)
    figures["daily editions and saved pages, s"] = seconds
    seconds, _ = timed(["import", str(papers / "papers.jsonl.gz")], folder)
    figures["the same import again, s"] = seconds
    seconds, peak = timed(["index", "rebuild"], folder)
    figures |= {"index rebuild, s": seconds, "index rebuild, peak memory, MB": peak}
    figures["database, MB"] = sum(file.stat().st_size for file in folder.glob("*.sqlite3*")) / 1e6
    figures["index, MB"] = (
        sum(file.stat().st_size for file in (folder / "index").rglob("*") if file.is_file()) / 1e6
    )
    return figures


def timed(arguments: list[str], folder: Path) -> tuple[float, float]:
    """Seconds it took, and the largest resident memory of a process of it in MB."""
    started = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], env=folder_environment(folder), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"broadsheet {' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def count(folder: Path) -> int:
    code = (
        "import django; django.setup(); from broadsheet.catalog.models import Paper; print(Paper.objects.count())"
    )
    environment = folder_environment(folder) | {"DJANGO_SETTINGS_MODULE": "broadsheet.config.settings"}
    python = str(Path(COMMAND[0]).with_name("python"))
    return int(subprocess.run([python, "-c", code], env=environment, check=True, capture_output=True).stdout)
