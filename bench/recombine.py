"""Any number of papers that never were, from the sentences, titles and names of real ones: for races of size.

    python -m bench.recombine DATA --count 1000000 --store papers.sqlite [--index FOLDER]

Paper n is the same whatever the count, so the first 10,000 of 3,000,000 are the 10,000. Each is made around a real
base paper and a word of its title, w:

- as many sentences as the base has, each from another paper with w in its title, a first sentence in first place, a
  last one in last place: lengths, frequencies and company of words stay those of real abstracts;
- a title of two real halves ("name: what" or "what for what"), never the same one twice;
- as many authors as the base, given names and surnames of different people of those papers;
- year, day, venue, topics, keywords and source of the base.

What stays smaller than life: no word is new, so a real collection of 3,000,000 has more rare words; and a sentence
stands in several papers (about 16 at 3,000,000).
"""

import argparse
import hashlib
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench import papers_store
from bench.measuring import lines
from broadsheet.search.document import Document
from broadsheet.search.function_words import FUNCTION_WORDS

SEED = 20_260_801
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_JOINT = re.compile(r" (?:for|with|via|in|using|by|from|of|on|through|towards?) ")
# A title word in fewer papers has too few sentences to choose from, one in more says no topic.
_FEWEST, _MOST = 12, 1_500
_TRIES = 8


@dataclass(frozen=True, slots=True)
class _Real:
    """A real paper, taken apart."""

    sentences: tuple[str, ...]
    left: str  # of the title, before its colon, or before the word that joins its halves
    right: str
    colon: bool
    topical: tuple[str, ...]  # words of the title
    authors: tuple[tuple[str, str], ...]  # given names, surname
    published: date | None
    year: int | None
    venue: str
    topics: tuple[str, ...]
    keywords: tuple[str, ...]
    source: str


def _taken_apart(raw: dict[str, object]) -> _Real:
    title = str(raw["title"])
    left, colon, right = title.partition(": ")
    if not colon and (joint := _JOINT.search(title)):
        left, right = title[: joint.start()], title[joint.start() :]
    day = str(raw.get("date") or "")
    year = raw.get("year")
    return _Real(
        sentences=tuple(_SENTENCE.split(str(raw.get("abstract") or ""))),
        left=left,
        right=right,
        colon=bool(colon),
        topical=tuple(dict.fromkeys(re.findall(r"[a-z]{4,}", title.lower()))),
        authors=tuple((one.rpartition(" ")[0], one.rpartition(" ")[2]) for one in _strings(raw, "authors")),
        published=date.fromisoformat(day) if len(day) == 10 else None,
        year=year if isinstance(year, int) else None,
        venue=str(raw.get("venue") or ""),
        topics=_strings(raw, "categories"),
        keywords=_strings(raw, "keywords"),
        source=str(raw["source"]),
    )


def _strings(raw: dict[str, object], name: str) -> tuple[str, ...]:
    held = raw.get(name)
    return tuple(sys.intern(str(one)) for one in held) if isinstance(held, list) else ()


class Recombiner:
    """Reads ``papers.jsonl.gz`` of DATA (about 700 MB of memory), then makes papers without end."""

    def __init__(self, data: Path) -> None:
        self._real = [_taken_apart(raw) for raw in lines(data / "papers.jsonl.gz")]
        self._sharing: dict[str, list[int]] = {}
        for number, one in enumerate(self._real):
            for word in one.topical:
                if word not in FUNCTION_WORDS:
                    self._sharing.setdefault(word, []).append(number)
        self._names = [one.left for one in self._real if one.colon]
        self._openings = [one.left for one in self._real if one.right and not one.colon]

    def documents(self, count: int, seed: int = SEED) -> Iterator[Document]:
        """Papers 1 to ``count``."""
        draw = random.Random(seed)
        taken: set[int] = set()
        for number in range(1, count + 1):
            base = self._real[int(draw.random() * len(self._real))]
            near = self._near(base, draw)
            title = self._title(base, near, draw, taken)
            yield Document(
                paper=number,
                key=f"made:{number:07d}",
                title=title,
                abstract=self._abstract(base, near, draw),
                authors=self._authors(base, near, draw),
                topics=base.topics,
                keywords=base.keywords,
                venue=base.venue,
                sources=(base.source,),
                ids=(f"made:{number:07d}",),
                published=base.published,
                year=base.year,
            )

    def _near(self, base: _Real, draw: random.Random) -> list[int]:
        """The papers that share a telling word of the base's title."""
        sharing = (self._sharing.get(word, ()) for word in base.topical)
        fit = [one for one in sharing if isinstance(one, list) and _FEWEST <= len(one) <= _MOST]
        if fit:
            return fit[int(draw.random() * len(fit))]
        return [int(draw.random() * len(self._real)) for _ in range(_FEWEST)]

    def _abstract(self, base: _Real, near: list[int], draw: random.Random) -> str:
        last = len(base.sentences) - 1
        chosen = []
        for at in range(last + 1):
            among = self._real[near[int(draw.random() * len(near))]].sentences
            if at == 0:
                chosen.append(among[0])
            elif at == last:
                chosen.append(among[-1])
            else:
                chosen.append(among[int(draw.random() * len(among))])
        return " ".join(chosen)

    def _title(self, base: _Real, near: list[int], draw: random.Random, taken: set[int]) -> str:
        for attempt in range(1_000):
            other = self._real[near[int(draw.random() * len(near))]]
            names = self._names if base.colon or not base.right else self._openings
            fits = other.right and other.colon == base.colon
            left = other.left if fits and attempt < _TRIES else names[int(draw.random() * len(names))]
            title = f"{left}: {base.right or base.left}" if base.colon or not base.right else f"{left}{base.right}"
            mark = int.from_bytes(hashlib.blake2b(title.casefold().encode(), digest_size=8).digest(), "little")
            if mark not in taken:
                taken.add(mark)
                return title
        raise RuntimeError(f"no new title after 1,000 tries around {base.left!r}: the real papers are too few")

    def _authors(self, base: _Real, near: list[int], draw: random.Random) -> tuple[str, ...]:
        names = []
        for _ in base.authors:
            one, two = (self._real[near[int(draw.random() * len(near))]].authors for _ in range(2))
            if one and two:
                names.append(f"{draw.choice(one)[0]} {draw.choice(two)[1]}".strip())
        return tuple(dict.fromkeys(names))


def main() -> None:
    reading = argparse.ArgumentParser(prog="python -m bench.recombine", description=__doc__)
    reading.add_argument("data", type=Path)
    reading.add_argument("--count", type=int, required=True)
    reading.add_argument("--store", type=Path, required=True, help="the SQLite file to write the papers to")
    reading.add_argument("--index", type=Path, help="build the index of them here too, with the static encoder")
    asked = reading.parse_args()
    if not asked.store.exists() or papers_store.size(asked.store) < asked.count:
        started = time.perf_counter()
        papers_store.write(asked.store, Recombiner(asked.data).documents(asked.count))
        print(f"{asked.count} papers made in {time.perf_counter() - started:.0f} s")
    if asked.index:
        from broadsheet.search import encoders, writer

        started = time.perf_counter()
        documents = papers_store.documents(asked.store, asked.count)
        made = writer.rebuild(asked.index, documents, encoders.get("static"), apart=True)
        took = time.perf_counter() - started
        print(f"{made.manifest.documents} papers indexed in {took:.0f} s = {asked.count / took:.0f}/s")


if __name__ == "__main__":
    main()
