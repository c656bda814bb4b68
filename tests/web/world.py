"""A small world to print: nine papers, two days of February 2026, every shape that a card can have."""

from dataclasses import replace
from datetime import date, timedelta

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.core.record import Link, LinkKind, Placement, Precision, Record, Version
from broadsheet.core.signal import Kind
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.tally import tally
from tests.factories import announced, at, picked, preprint, reading, record, votes

MONDAY = date(2026, 2, 9)
TUESDAY = date(2026, 2, 10)
TODAY = date(2026, 2, 11)

LANTERNS = "2602.01001"
MANY = tuple(f"Author Number{number}" for number in range(1, 31))


def papers() -> list[Record]:
    return [
        preprint(
            LANTERNS,
            links=(
                Link(LinkKind.PDF, f"https://arxiv.org/pdf/{LANTERNS}"),
                Link(LinkKind.CODE, "https://github.com/lanterns/lanterns"),
                Link(LinkKind.PROJECT, "https://lanterns.example.org/"),
            ),
            published=MONDAY,
            versions=(Version(1, MONDAY), Version(2, TUESDAY)),
            placements=(announced(0, TUESDAY),),
            comment="Made up for a test; 9 pages",
        ),
        record(
            "huggingface",
            LANTERNS,
            title="Lanterns for Long Contexts: Reading Without Forgetting",
            ids=(LANTERNS,),
            summary="Lanterns mark the way back through a long text.",
            summary_by="Hugging Face",
            keywords=("long context", "reading & memory"),
            observations=(
                votes(78),
                reading(Kind.COMMENTS, 3, "huggingface", at()),
                reading(Kind.STARS, 1_234, "github", at()),
            ),
            placements=(picked(0, TUESDAY, by="Someone"),),
            submitted_by="Someone",
            seen_at=at(),
        ),
        preprint(
            "2602.01002",
            "Bells in the Fog: $O(n \\log n)$ Warnings",
            abstract="The bells ring in $n \\log n$ steps:\n\n$$E = mc^2$$",
            authors=MANY,
            placements=(picked(1, TUESDAY),),
            observations=(votes(5),),
        ),
        preprint("2602.01003", "Slow Rivers Carry Far", placements=(announced(3, TUESDAY),), topics=("cs.LG",)),
        preprint(
            "2602.01004", "A Cupboard of Small Theorems", placements=(announced(4, TUESDAY),), topics=("math.CO",)
        ),
        preprint("2602.00901", "Monday Is a Mountain", published=MONDAY, placements=(announced(0, MONDAY),)),
        record(
            "acl",
            "P19-1001",
            "Whispering Grammars",
            ids=("10.18653/v1/p19-1001", "acl:P19-1001"),
            authors=("Cléo Ąberg",),
            abstract="Grammars that whisper are heard by those who listen.",
            published=date(2019, 7, 1),
            precision=Precision.MONTH,
            venue="ACL 2019",
        ),
        record(
            "arxiv",
            "hep-th/9901001",
            "Old Strings",
            ids=("hep-th/9901001",),
            published=date(1999, 1, 4),
            author_count=7,
        ),
        record("openreview", "conf:aaai2021:06384", "Charts of Common Sense", ids=("conf:aaai2021:06384",)),
    ]


def print_papers(records: list[Record] | None = None, today: date = TODAY) -> None:
    """Absorb ``records`` and print the editions as they stand on ``today``."""
    done = absorb_batch(papers() if records is None else records)
    assert done.refused == []
    tally()
    print_editions(today)


def crowd(count: int, day: date = TUESDAY) -> list[Record]:
    """``count`` papers announced on ``day``."""
    return [
        preprint(
            f"2602.{number:05}",
            f"Paper Number {number} of a Crowd",
            published=day,
            placements=(announced(number, day),),
        )
        for number in range(20_000, 20_000 + count)
    ]


def moved(one: Record, days: int) -> Record:
    """``one``, announced ``days`` later."""
    return replace(
        one,
        placements=tuple(
            Placement(place.day + timedelta(days), place.position, place.picked, place.by)
            for place in one.placements
        ),
    )
