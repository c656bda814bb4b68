"""Whether a search in quotes finds all that a scan of the text finds, and nothing else.

    python -m bench.phrases FOLDER [--phrases 2000] [--seed 2026]

FOLDER is a data folder with papers and their index. Phrases of 2 to 6 words are drawn from real titles and abstracts, a
share of them with hyphens, accents and TeX in them; each is typed in quotes and answered as every search is. The scan
reads every title, abstract, keyword and author's name from the database and compares word by word, with no index.
"""

import argparse
import os
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

from broadsheet.search import normalise
from broadsheet.search.engine import SearchEngine
from broadsheet.search.generation import open_current
from broadsheet.search.query import read

# Kind of phrase -> what its text must hold, and its share.
KINDS = {
    "hyphen": (re.compile(r"\w-\w"), 0.2),
    "accent": (re.compile(r"[^\x00-\x7f]"), 0.15),
    "TeX": (re.compile(r"[\\$]"), 0.15),
    "any": (re.compile(""), 0.5),
}
QUOTES = re.compile('["“”„‟«»]')
"""A phrase ends where any of these stands."""
SHOWN = 10


@dataclass(slots=True)
class Drawn:
    """A phrase as typed, the words it is compared by, and what the scan and the search found."""

    kind: str
    text: str
    words: tuple[str, ...]
    source: int
    scanned: set[int] = field(default_factory=set)
    found: set[int] = field(default_factory=set)


def main() -> int:
    wanted = argparse.ArgumentParser(prog="python -m bench.phrases")
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("--phrases", type=int, default=2_000)
    wanted.add_argument("--seed", type=int, default=2026)
    asked = wanted.parse_args()
    os.environ["BROADSHEET_DATA"] = str(asked.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    import django

    django.setup()
    drawn = draw(asked.phrases, random.Random(asked.seed))
    scan(drawn)
    engine = SearchEngine(open_current(asked.folder / "index"))
    began = time.process_time()
    for one in drawn:
        one.found = found_by(engine, one.text)
    took = time.process_time() - began
    report(drawn, took)
    return any(one.scanned != one.found or one.source not in one.found for one in drawn)


def texts() -> Iterator[tuple[int, list[str]]]:
    """Every paper with the texts that a phrase may stand in."""
    from broadsheet.catalog.models import Paper

    rows = Paper.objects.visible().values_list("id", "title", "abstract", "keywords", "authors")
    for number, title, abstract, keywords, authors in rows.iterator(2_000):
        yield number, [title, abstract, *keywords, *authors]


def draw(count: int, chance: random.Random) -> list[Drawn]:
    """Phrases of each kind; equal ones are drawn once."""
    papers = [(number, said[:2]) for number, said in texts()]
    drawn: dict[str, Drawn] = {}
    for kind, (holds, share) in KINDS.items():
        until = len(drawn) + round(count * share)
        while len(drawn) < until:
            number, said = chance.choice(papers)
            chunks = chance.choice(said).split()
            length = chance.randint(2, 6)
            if len(chunks) < length:
                continue
            at = chance.randrange(len(chunks) - length + 1)
            text = " ".join(chunks[at : at + length])
            words = tuple(normalise.words(text))
            if not holds.search(text) or QUOTES.search(text) or len(text) > 200 or len(words) < 2 or text in drawn:
                continue
            drawn[text] = Drawn(kind, text, words, number)
    return list(drawn.values())


def scan(drawn: Sequence[Drawn]) -> None:
    """Fills ``scanned`` by reading every text."""
    beginning: defaultdict[tuple[str, str], list[Drawn]] = defaultdict(list)
    for one in drawn:
        beginning[one.words[0], one.words[1]].append(one)
    for number, said in texts():
        for text in said:
            words = normalise.words(text)
            for at, pair in enumerate(pairwise(words)):
                for one in beginning.get(pair, ()):
                    if tuple(words[at : at + len(one.words)]) == one.words:
                        one.scanned.add(number)


def found_by(engine: SearchEngine, text: str) -> set[int]:
    query = read(f'"{text}"', date(2026, 11, 22))
    asked = engine.ask(query)
    rows = engine.exact(asked, engine.allowed(query, asked))
    return set(engine.columns.papers[rows].tolist())


def report(drawn: Sequence[Drawn], took: float) -> None:
    print(f"{len(drawn)} phrases, {took / len(drawn) * 1000:.1f} ms of processor each")
    print("kind     phrases    scan   found  precision  recall  own paper found")
    for kind in (*KINDS, "all"):
        of = [one for one in drawn if kind in (one.kind, "all")]
        print(f"{kind:8}{len(of):8}{_row(of)}")
    wrong = [one for one in drawn if one.scanned != one.found or one.source not in one.found]
    for one in wrong[:SHOWN]:
        more, less = len(one.found - one.scanned), len(one.scanned - one.found)
        print(f"   {one.text!r} {one.words}: {more} too many, {less} missed, own paper {one.source in one.found}")


def _row(of: Iterable[Drawn]) -> str:
    held = list(of)
    scanned, found = sum(len(one.scanned) for one in held), sum(len(one.found) for one in held)
    both = sum(len(one.scanned & one.found) for one in held)
    own = sum(one.source in one.found for one in held)
    return f"{scanned:8}{found:8}{both / max(1, found):11.2%}{both / max(1, scanned):8.2%}{own / len(held):17.2%}"


if __name__ == "__main__":
    sys.exit(main())
