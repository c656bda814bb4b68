"""Whether each paper of saved result pages is found by its title and by its first sentence, on every surface.

    python -m bench.seeds FOLDER DATA [--commands N]

FOLDER is a data folder that holds the papers and the saved pages, DATA the folder with saved-pages/. The page and the
API are asked for every paper, the command line for N of them (each run starts a process).
"""

import argparse
import http.client
import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser

from bench.server import COMMAND, Server, folder_environment, get
from bench.serving import bare, first_sentence, found
from broadsheet.core import tex
from broadsheet.sources import files
from broadsheet.sources.base import Progress

Surface = Callable[[str, int], list[str]]


def main() -> int:
    wanted = argparse.ArgumentParser(prog="python -m bench.seeds")
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("data", type=Path)
    wanted.add_argument("--commands", type=int, default=60)
    asked = wanted.parse_args()
    papers = saved_papers(asked.data)
    print(f"{len(papers)} distinct papers on the saved pages")
    with Server(asked.folder) as server:
        connection = server.connect()
        told("page", lambda query, limit: on_page(connection, query)[:limit], papers)
        told("api", lambda query, limit: found(connection, query, limit), papers)
    chosen = random.Random(2026).sample(papers, min(asked.commands, len(papers)))
    told("command line", lambda query, limit: by_command(asked.folder, query, limit), chosen)
    return 0


def saved_papers(data: Path) -> list[tuple[str, str]]:
    """Title and abstract of each paper, once."""
    papers: dict[str, tuple[str, str]] = {}
    for path in sorted((data / "saved-pages").glob("*.txt")):
        entries = list(files.entries(path, Progress(), datetime.now(UTC).date(), None))
        print(f"{path.name}: {len(entries)} entries")
        for entry in entries:
            for record in entry.entry.records:
                papers.setdefault(bare(record.title), (record.title, record.abstract))
    return list(papers.values())


def told(name: str, surface: Surface, papers: list[tuple[str, str]]) -> None:
    first = third = 0
    missed: list[str] = []
    for title, abstract in papers:
        is_first = bare(title) in map(bare, surface(title, 1))
        in_three = bare(title) in map(bare, surface(first_sentence(abstract), 3))
        first, third = first + is_first, third + in_three
        if not (is_first and in_three):
            missed.append(title)
    count = len(papers)
    print(
        f"{name}: title first {first}/{count} = {first / count:.1%}; sentence in three {third}/{count} = {third / count:.1%}"
    )
    for title in missed:
        print(f"   missed: {title}")


def on_page(connection: http.client.HTTPConnection, query: str) -> list[str]:
    """The titles on the page of a search; a title that names one paper may lead straight to it."""
    # Asked as the box asks: a whole title as the address of a page leads straight to its paper.
    status, body = get(connection, f"/papers?q={quote(query)}", headers={"HX-Request": "true"})
    if status != 200:
        return []
    page = LexborHTMLParser(body)
    return [tex.to_plain(node.text()) for node in page.css("article h2, article h3")]


def by_command(folder: Path, query: str, limit: int) -> list[str]:
    ran = subprocess.run(
        [*COMMAND, "search", "--json", "--limit", str(limit), "--", query],
        env=folder_environment(folder), capture_output=True, check=False,
    )  # fmt: skip
    if ran.returncode:
        return []
    return [item["title"] for item in json.loads(ran.stdout)["papers"]]


if __name__ == "__main__":
    sys.exit(main())
