"""A few made-up papers and a ready index of them, for tests of the search room."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from broadsheet.search import writer
from broadsheet.search.document import Document
from broadsheet.search.encoders.hashed import Hashed
from broadsheet.search.engine import SearchEngine
from broadsheet.search.query import read
from broadsheet.search.syntax import Query

TODAY = date(2026, 3, 1)

OTTERS = Document(
    paper=1, key="2601.00001", title="Otters Count Pebbles",
    abstract="We watch otters sort pebbles by weight. Self-attention of the animals is measured daily.",
    authors=("Ada Brook", "Émile Rivière"), topics=("q-bio.PE",), keywords=("animal counting",),
    venue="Journal of Streams", sources=("arxiv",), ids=("2601.00001", "10.1234/otters"),
    published=date(2026, 1, 5), year=2026, has_code=True, votes=3, citations=1, heat=0.5, lang="en",
)  # fmt: skip
NETWORKS = Document(
    paper=2, key="2512.00002", title="Networks That Learn to Count",
    abstract="A network counts objects without being told what counting means. Networks generalise to larger sets.",
    authors=("Bo Chen",), topics=("cs.LG", "cs.CL"), venue="ICLR 2026", sources=("arxiv", "openreview"),
    ids=("2512.00002", "openreview:abc123xyz"), published=date(2025, 12, 20), year=2025, votes=10, heat=0.1,
    lang="en",
)  # fmt: skip
RIVERS = Document(
    paper=3, key="acl:2024.river-1.7", title="Naming Rivers in Forty Languages",
    abstract="River names are old. We align names of rivers across languages and counting systems.",
    authors=("Chiara Fiume", "Bo Chen"), topics=("cs.CL",), venue="ACL 2024", sources=("acl-anthology",),
    ids=("acl:2024.river-1.7",), year=2024, citations=40, lang="de",
)  # fmt: skip
PAPERS = (OTTERS, NETWORKS, RIVERS)


class Second(Hashed):
    """An encoder with a space of its own."""

    name = "second"
    version = "2"

    def __init__(self) -> None:
        super().__init__(128)


def many(count: int) -> list[Document]:
    """So many papers with texts of their own, the first the newest."""
    return [
        Document(
            paper=n, key=f"k{n}", ids=(f"k{n}",), title=f"Umbrella {n} folds {n * 7 % 31} ways",
            abstract=f"We fold umbrella {n}. Spoke{n} meets canvas{n * 3 % 17} in weather{n * 5 % 13}.",
            published=date.fromordinal(739_000 - n),
        )
        for n in range(1, count + 1)
    ]  # fmt: skip


def index(root: Path, *papers: Document) -> SearchEngine:
    encoder = Hashed()
    return SearchEngine(writer.rebuild(root, papers or PAPERS, encoder), encoder)


def asked(text: str) -> Query:
    return read(text, TODAY)


def changed(paper: Document, /, **facts: object) -> Document:
    return replace(paper, **facts)  # type: ignore[arg-type]
