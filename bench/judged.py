"""Thirty real searches with their first five results, for people to read and judge.

    python -m bench.judged FOLDER [--page docs/judged-queries.md]

FOLDER is a data folder with papers and their index. The page is written anew: the results are those of now, the
judgements stay as they were written, and one whose results have changed since says so until it is read again.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

TODAY = date(2026, 11, 22)
SHOWN = 5
QUERIES = (
    "training large models when memory is short",
    "residual connections",
    "learning without forgetting and without stored examples",
    "why do neural networks generalise although they have more parameters than data",
    "attention is all you need",
    "Jürgen Schmidhuber",
    'author:"Yoshua Bengio" year:2013..2016',
    "varational autoencodr",
    "word embedings evaluaton",
    "$O(n \\log n)$ attention",
    "$\\ell_1$ regularised regression",
    "10.18653/v1/P19-1001",
    "https://arxiv.org/abs/2602.07026v2",
    "BLEU: a Method for Automatic Evaluation of Machine Translation",
    "Wie erkennt man Hassrede in sozialen Netzwerken?",
    "情感分析",
    'We order the training examples from easy to hard -as teachers do- and call it a "curriculum", which converges faster.',
    "like:2602.07026",
    "like:10.18653/v1/P19-1001 -like:2602.07026",
    "diffusion models -image -video",
    '"chain of thought" year:2022..2023',
    "RAG",
    "MAP inference",
    "CTC",
    "self-attention for sequential recommendation",
    "Northern Sámi",
    "transform* survey topic:cs.CV",
    "k-means initialisation",
    "detecting text that was written by a language model",
    "sea ice satellite segmentation has:code",
)
_SECTION = re.compile(r"^## \d+\. `(?P<query>.*)`$", re.MULTILINE)
_CHANGED = "*The results have changed since this was judged.* "
_UNREAD = "Not judged yet."
_HEAD = """# Thirty searches, judged

Made by `make judged FOLDER=…` (`python -m bench.judged`) over {papers:,} real papers with the encoder `{encoder}`: what each search
finds first, on every surface. The results are written by the command, the sentences under them are ours: some
of the papers were judged by their abstracts, the others by their titles. A sentence whose results have changed since says so.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """One search on the page: its results as lines, and what was said of them."""

    results: str
    judgement: str


def main() -> int:
    wanted = argparse.ArgumentParser(prog="python -m bench.judged")
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("--page", type=Path, default=Path("docs/judged-queries.md"))
    asked = wanted.parse_args()
    os.environ["BROADSHEET_DATA"] = str(asked.folder.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    import django

    django.setup()
    from broadsheet.listings.engine import current_engine

    known = sections(asked.page.read_text("utf-8")) if asked.page.exists() else {}
    engine = current_engine()
    parts = [_HEAD.format(papers=engine.documents, encoder=engine.search_engine.spaces.serving.name)]
    for number, query in enumerate(QUERIES, 1):
        results = "\n".join(found(query))
        before = known.get(query, Section("", ""))
        judgement = before.judgement or _UNREAD
        if (
            papers_in(before.results) != papers_in(results)
            and judgement != _UNREAD
            and not judgement.startswith(_CHANGED)
        ):
            judgement = _CHANGED + judgement
        parts.append(f"## {number}. `{query}`\n\n{results}\n\n> {judgement}\n")
    asked.page.write_text("\n".join(parts), "utf-8")
    return 0


def sections(page: str) -> dict[str, Section]:
    """What the page holds of every search."""
    heads = list(_SECTION.finditer(page))
    held = {}
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = page[head.end() : following.start() if following else len(page)]
        results, _, judgement = body.partition("\n> ")
        held[head["query"]] = Section(results.strip(), " ".join(judgement.replace("\n> ", " ").split()))
    return held


def papers_in(results: str) -> list[str]:
    """The papers of ``results`` in order; totals move with every paper that comes in."""
    return re.findall(r"^\d+\. `([^`]*)`", results, re.MULTILINE)


def found(query: str) -> Iterator[str]:
    """The search told back, what else the page says, and the first papers: id, year, title."""
    from broadsheet.core import tex
    from broadsheet.listings.search import SearchRequest, search_page

    began = time.process_time()
    page = search_page(SearchRequest(query, limit=SHOWN), today=TODAY)
    took = time.process_time() - began
    if took > 1:
        print(f"{query}: {took:.1f} s", file=sys.stderr)
    said = [f"{page.listing.total:,} papers", f"{page.exact:,} with every word", page.understood]
    if page.suggestion:
        said.append(f"did you mean `{page.suggestion}`")
    if page.named:
        said.append(f"leads straight to `{page.named}`")
    yield "; ".join([*said, *page.listing.notes]) + "\n"
    for place, card in enumerate(page.listing.cards, 1):
        year = f" ({card.published.year})" if card.published else ""
        yield f"{place}. `{card.key}` {' '.join(tex.to_plain(card.title).split())}{year}"


if __name__ == "__main__":
    sys.exit(main())
