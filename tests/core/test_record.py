"""What a source says, cleaned and cut to size; what no paper can have is refused with a reason."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.record import BadRecord, Link, LinkKind, Placement, Record, Version, checked
from broadsheet.core.signal import Kind, Observation
from tests.factories import AUTHORS, DAY, announced, named, preprint, record, votes


def test_a_record_without_a_title_is_refused() -> None:
    with pytest.raises(BadRecord, match=r"arxiv record 2602\.01001 has no title"):
        checked(preprint(title=" \u200b\n"))


def test_a_record_without_an_id_is_named_by_its_title_and_first_author() -> None:
    one, same = checked(record(authors=AUTHORS)), checked(record("page", authors=AUTHORS))

    assert one.ids == same.ids
    assert one.source_id == one.ids[0].key


def test_a_record_without_a_name_of_its_own_is_named_by_its_best_id() -> None:
    assert checked(record(ids=("10.1234/lantern", "2602.01001"))).source_id == "2602.01001"


def test_an_id_said_twice_is_kept_once() -> None:
    assert checked(record(ids=("2602.01001", "2602.01001"))).ids == named("2602.01001")


def test_a_list_of_authors_is_counted_before_it_is_cut() -> None:
    many = checked(record(authors=tuple(f"Ada Marlow {number}" for number in range(6_000))))

    assert (len(many.authors), many.author_count) == (5_000, 6_000)


def test_blank_names_are_no_authors() -> None:
    kept = checked(record(authors=("Ada Marlow", " ", "\u200b")))

    assert (kept.authors, kept.author_count) == (("Ada Marlow",), 1)


def test_only_web_addresses_are_kept_as_links() -> None:
    good = Link(LinkKind.CODE, "https://code.example/lanterns")
    bad = Link(LinkKind.PROJECT, "javascript:alert(1)")

    assert checked(record(links=(good, bad, good))).links == (good,)


def test_five_megabytes_of_abstract_are_cut() -> None:
    assert len(checked(record(abstract="word " * 1_000_000)).abstract) <= 20_000


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"published": date(26, 2, 10)}, "year 26 is not a year of a paper"),
        ({"published": date(3026, 2, 10)}, "year 3026 is not a year of a paper"),
        ({"versions": (Version(0),)}, "0 is not the number of a version"),
        ({"versions": (Version(40_000),)}, "40000 is not the number of a version"),
        ({"placements": (announced(-1),)}, "-1 is not a place in an edition"),
        ({"placements": (announced(2**40),)}, "1099511627776 is not a place"),
        ({"placements": (announced(day=date(1, 1, 1)),)}, "0001-01-01 is not the day of an edition"),
        ({"observations": (votes(2**40),)}, "1099511627776 is not a count of huggingface votes"),
        ({"observations": (votes(1, source="\ud800"),)}, "is not the name of a source"),
        ({"observations": (votes(1, datetime(1, 1, 1, tzinfo=UTC)),)}, "is not a time at which a count was read"),
        ({"author_count": 10**12}, "1000000000000 is not a number of authors"),
        ({"author_count": -1}, "-1 is not a number of authors"),
        ({"seen_at": datetime(2026, 2, 10)}, "has no time zone"),  # noqa: DTZ001 (that is the point)
        ({"seen_at": datetime(1, 1, 1, tzinfo=UTC)}, "is not a time at which a record was seen"),
        ({"source": "s" * 41}, "a source is named in 1 to 40 characters"),
        ({"source": ""}, "a source is named in 1 to 40 characters"),
        ({"source_id": "1" * 500}, "a record in at most 400"),
    ],
)
def test_what_no_paper_can_have_is_refused_with_the_reason(wrong: dict[str, object], reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        checked(replace(preprint(), **wrong))  # type: ignore[arg-type]


dirty = st.text(alphabet=st.sampled_from("ab \n\x00\ud800\u202eé\u0301$\u2028"), max_size=30)
hostile = st.builds(
    Record,
    source=st.just("page"),
    source_id=dirty,
    title=dirty.map(lambda text: f"Lanterns {text}"),
    abstract=dirty | dirty.map(lambda text: text * 1_000),
    summary=dirty,
    summary_by=dirty,
    authors=st.lists(dirty, max_size=4).map(tuple),
    topics=st.lists(dirty, max_size=4).map(tuple),
    keywords=st.lists(dirty, max_size=4).map(tuple),
    venue=dirty.map(lambda text: text * 30),
    journal_ref=dirty.map(lambda text: text * 30),
    comment=dirty,
    licence=dirty.map(lambda text: text * 30),
    language=dirty,
    submitted_by=dirty,
    organization=dirty,
    placements=st.lists(st.builds(Placement, st.just(DAY), st.integers(0, 9), st.booleans(), dirty), max_size=2).map(tuple),
    observations=st.just((Observation(Kind.VOTES, "huggingface", 3, datetime(2026, 2, 10, tzinfo=UTC)),)),
)  # fmt: skip


@given(hostile)
@settings(deadline=None)
def test_a_checked_record_is_clean_and_checking_it_again_changes_nothing(raw: Record) -> None:
    once = checked(raw)

    assert checked(once) == once
    repr(once).encode("utf-8")
    assert "\x00" not in f"{once}"
    assert max(len(once.venue), len(once.licence)) <= 300
    assert len(once.language) <= 20
