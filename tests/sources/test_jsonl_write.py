"""What is exported, imported, is what it was."""

from datetime import UTC, date, datetime

import orjson
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.ids import PaperId, Scheme
from broadsheet.core.merge import merge
from broadsheet.core.record import Link, LinkKind, Placement, Precision, Record, Version, checked
from broadsheet.core.signal import Kind, Observation
from broadsheet.core.text import one_line
from broadsheet.sources.jsonl.write import from_facts, from_record, line
from tests.sources.reading import record

FULL = Record(
    source="arxiv",
    source_id="2401.00001",
    title="Folding Maps",
    abstract="First.\n\nSecond paragraph.",
    summary="Maps fold.",
    summary_by="Broadsheet",
    authors=("Ada Byron", "Alan Turing"),
    author_count=5,
    ids=(PaperId(Scheme.ARXIV, "2401.00001"), PaperId(Scheme.LOCAL, "conf:maps2024:1")),
    versions=(Version(1, date(2024, 1, 1)), Version(2)),
    published=date(2024, 1, 1),
    precision=Precision.MONTH,
    updated=date(2024, 3, 1),
    topics=("cs.CG", "I.3.5"),
    keywords=("maps", "folding"),
    venue="MAPS 2024",
    journal_ref="Maps 1(2), 3–4",
    comment="12 pages",
    licence="CC BY 4.0",
    language="en",
    links=(Link(LinkKind.CODE, "https://example.org/a"), Link(LinkKind.MEDIA, "https://example.org/b.mp4")),
    placements=(Placement(date(2024, 1, 2), 3, picked=True, by="huggingface"),),
    submitted_by="Grace",
    organization="Example University",
    observations=(Observation(Kind.STARS, "github", 7, datetime(2024, 1, 3, 4, 5, 6, tzinfo=UTC)),),
    withdrawn=True,
    seen_at=datetime(2024, 1, 3, tzinfo=UTC),
)

words = st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs")), min_size=1, max_size=20).map(
    lambda written: one_line(written) or "x"
)
names = st.text(st.characters(codec="ascii", categories=("Lu", "Ll")), min_size=2, max_size=12)


def again(one: Record) -> Record:
    return checked(record("jsonl", line(from_record(one))))


def test_a_record_with_everything_comes_back_whole() -> None:
    assert again(checked(FULL)) == checked(FULL)


def test_an_announcement_that_never_was_is_not_made_up() -> None:
    """A dated record of arXiv without its place is not given one when it comes back."""
    bare = checked(Record(source="arxiv", source_id="2401.00001", title="A", published=date(2024, 1, 1)))
    assert again(bare).placements == ()


@given(
    title=words,
    abstract=words,
    authors=st.lists(names, max_size=4),
    count=st.integers(0, 50),
    day=st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    topics=st.lists(words, max_size=3),
    source=st.sampled_from(["arxiv", "huggingface", "bibtex", "page", "paperlists", "starter"]),
    votes=st.integers(0, 2**31 - 1),
)
def test_any_record_comes_back_whole(
    title: str, abstract: str, authors: list[str], count: int, day: date, topics: list[str], source: str, votes: int
) -> None:
    one = checked(
        Record(
            source=source,
            source_id="",
            title=title,
            abstract=abstract,
            authors=tuple(authors),
            author_count=count,
            published=day,
            topics=tuple(topics),
            placements=(Placement(day, 1, picked=False, certain=False),),
            observations=(Observation(Kind.VOTES, "huggingface", votes, datetime(2024, 1, 3, tzinfo=UTC)),),
        )
    )
    assert again(one) == one


def test_empty_fields_are_not_written() -> None:
    written = orjson.loads(line(from_record(Record(source="bibtex", source_id="x", title="A"))))
    assert set(written) == {
        "source", "source_id", "title", "ids", "placements", "signals", "topics", "versions", "links",
    }  # fmt: skip


def test_merged_facts_name_their_other_sources_and_keep_their_counts() -> None:
    other = Record(source="bibtex", source_id="2401.00001", title="Folding Maps", ids=FULL.ids)
    written = from_facts(merge([checked(FULL), checked(other)]))
    assert (written["source"], written["also_in"]) == ("arxiv", ["bibtex"])
    assert written["signals"] == [{"source": "github", "kind": "stars", "value": 7}]
