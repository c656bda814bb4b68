"""Small made-up worlds, in which records of few titles, ids and people get in each other's way as often as they can."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from broadsheet.core.record import Link, LinkKind, Placement, Record, Version
from broadsheet.core.signal import Kind, Observation
from tests.factories import named

TITLES = ("Lanterns for Long Contexts", "Lanterns for long contexts.", "Ladders for Short Memories", "Preface")
ABSTRACTS = (
    "",
    "We hang lanterns along a long text so that readers find back.",
    "Ladders help short memories climb over many steps.",
)
PEOPLE = ((), ("Ada Marlow", "Bertil Quist"), ("Quist, Bertil",), ("Cora Vane", "Dov Lind", "Ada Marlow"))
IDS = (
    (),
    ("2602.01001",),
    ("2602.01002",),
    ("10.1234/lantern",),
    ("2602.01001", "10.1234/lantern"),
    ("acl:2026.acl-long.7",),
    ("acl:2026.acl-long.8",),
    ("conf:made2026:1",),
    ("conf:made2026:2",),
    ("10.1234/lantern", "acl:2026.acl-long.7"),
)
START = datetime(2026, 2, 9, 8, tzinfo=UTC)
DAYS = (date(2026, 2, 10), date(2026, 2, 11))


@st.composite
def sayings(draw: st.DrawFn) -> Record:
    source = draw(st.sampled_from(("arxiv", "acl", "page")))
    hour = draw(st.integers(0, 40))
    return Record(
        source=source,
        source_id=draw(st.sampled_from(("", "one", "one", "two"))),
        title=draw(st.sampled_from(TITLES)),
        abstract=draw(st.sampled_from(ABSTRACTS)),
        authors=draw(st.sampled_from(PEOPLE)),
        author_count=draw(st.sampled_from((None, 3))),
        ids=named(*draw(st.sampled_from(IDS))),
        published=draw(st.sampled_from((None, *DAYS))),
        topics=draw(st.sampled_from(((), ("cs.CL",), ("cs.LG", "cs.CL")))),
        links=draw(st.sampled_from(((), (Link(LinkKind.CODE, "https://code.example/lantern"),)))),
        versions=tuple(
            Version(number, draw(st.sampled_from((None, *DAYS)))) for number in draw(st.sets(st.integers(1, 2)))
        ),
        placements=tuple(draw(st.lists(placements(), max_size=2))),
        observations=tuple(draw(st.lists(readings(), max_size=2))),
        withdrawn=draw(st.integers(0, 9)) == 0,
        seen_at=START + timedelta(hours=hour),
    )


def placements() -> st.SearchStrategy[Placement]:
    return st.builds(
        Placement, st.sampled_from(DAYS), st.integers(0, 2), st.booleans(), st.sampled_from(("", "eve"))
    )


def readings() -> st.SearchStrategy[Observation]:
    moments = st.integers(0, 3).map(lambda hours: START + timedelta(hours=hours))
    kinds = st.sampled_from((Kind.VOTES, Kind.STARS))
    return st.builds(Observation, kinds, st.sampled_from(("huggingface", "github")), st.integers(0, 3), moments)


@st.composite
def worlds(draw: st.DrawFn) -> list[Record]:
    """Up to eight sayings. No source says two different things of one paper at one moment: of such two the later to
    arrive has the word, and that depends on the order of arrival by intent."""
    return draw(
        st.lists(sayings(), min_size=2, max_size=8, unique_by=lambda one: (one.source, one.source_id, one.seen_at))
    )


@st.composite
def histories(draw: st.DrawFn, world: list[Record]) -> list[list[Record]]:
    """``world`` in another order, some of it said twice, in batches of any size."""
    again = draw(st.lists(st.sampled_from(world), max_size=3))
    order = draw(st.permutations([*world, *again]))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(order) - 1)), max_size=len(order))))
    return [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]
