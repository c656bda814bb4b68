"""The pieces of a card."""

from dataclasses import replace
from datetime import date

import pytest

from broadsheet.core.card import Card, Reason, ReasonKind, Segment
from broadsheet.web import pieces

TODAY = date(2026, 2, 11)
CARD = Card(
    paper=1,
    key="2602.01001",
    title="Lanterns",
    abstract="",
    summary="",
    summary_by="",
    authors=("Ada Marlow", "Bertil Quist"),
    author_count=2,
    published=date(2026, 2, 9),
    precision="day",
    topics=("cs.CL",),
    keywords=("long context",),
    venue="",
    code_url="",
    project_url="",
    pdf_url="",
    thumbnail_url="",
    signals={},
    sources=("arxiv",),
    submitted_by="",
    organization="",
)


def test_the_year_is_left_out_when_it_is_this_one() -> None:
    assert '<time datetime="2026-02-09">Feb 9</time>' in pieces.byline(CARD, TODAY)


def test_another_year_is_told() -> None:
    assert ">Feb 9, 2026</time>" in pieces.byline(CARD, date(2027, 1, 1))


def test_a_month_is_all_that_is_told_of_a_date_known_to_the_month() -> None:
    assert ">Feb 2026</time>" in pieces.byline(replace(CARD, precision="month"), TODAY)


def test_a_few_authors_are_all_named() -> None:
    assert pieces.names(CARD) == (
        '<a href="/authors/ada-marlow">Ada Marlow</a>, <a href="/authors/bertil-quist">Bertil Quist</a>'
    )


def test_of_many_authors_the_first_four_are_named() -> None:
    many = replace(CARD, authors=tuple(f"Name {letter}" for letter in "ABCDEFG"), author_count=7)
    assert pieces.names(many).endswith("Name D</a> and 3 others")


def test_a_fifth_author_is_named_since_the_words_for_one_other_are_as_long() -> None:
    five = replace(CARD, authors=tuple(f"Name {letter}" for letter in "ABCDE"), author_count=5)
    assert pieces.names(five).endswith(">Name E</a>")


def test_authors_of_whom_only_the_number_is_known_are_counted() -> None:
    assert pieces.names(replace(CARD, authors=(), author_count=14)) == "14 authors"


def test_votes_there_are_marked_as_theirs() -> None:
    told = pieces.tally(replace(CARD, signals={"huggingface.votes": 1_234}))
    assert 'title="1,234 votes on Hugging Face Daily Papers"' in told
    assert "<b>1.2k</b>" in told


def test_votes_here_and_there_stand_beside_each_other() -> None:
    told = pieces.tally(replace(CARD, signals={"huggingface.votes": 7, "broadsheet.votes": 2}))
    assert told.index("2 votes here") < told.index("7 votes on Hugging Face")


def test_no_votes_are_no_nought() -> None:
    assert pieces.tally(CARD) == ""


def test_a_keyword_is_a_search_for_itself() -> None:
    assert pieces.keywords(["C++ & Rust"]) == '<a href="/papers?q=C%2B%2B+%26+Rust">C++ &amp; Rust</a>'


@pytest.mark.parametrize(
    ("code", "link"),
    [("cs.CL", "/papers?q=cat%3Acs.CL"), ("Machine Learning IV", "/papers?q=topic%3A%22Machine+Learning+IV%22")],
)
def test_a_topic_is_a_search_for_its_papers(code: str, link: str) -> None:
    assert pieces.topic_link(code) == link


@pytest.mark.parametrize(
    ("key", "link"),
    [
        ("2602.07026", "/papers/2602.07026"),
        ("hep-th/9901001", "/papers/hep-th/9901001"),
        ("10.1002/(sici)1097?a#b", "/papers/10.1002/(sici)1097%3Fa%23b"),
        ("conf:aaai2021:06384", "/papers/conf:aaai2021:06384"),
    ],
)
def test_the_link_of_a_paper_keeps_its_key_readable(key: str, link: str) -> None:
    assert pieces.paper_link(key) == link


def test_what_was_searched_is_marked() -> None:
    title = (Segment("Lanterns for "), Segment("Long", hit=True), Segment(" Contexts"))
    assert "Lanterns for <mark>Long</mark> Contexts" in pieces.title(replace(CARD, title_segments=title))


def test_new_since_the_last_visit_is_said() -> None:
    assert ">New</span>" in pieces.title(replace(CARD, fresh=True))


@pytest.mark.parametrize(
    ("key", "said", "link"),
    [
        ("2602.01001", "", "https://arxiv.org/pdf/2602.01001"),
        ("2602.01001", "https://example.org/a.pdf", "https://example.org/a.pdf"),
        ("acl:P19-1001", "", "https://aclanthology.org/P19-1001.pdf"),
        ("10.1000/182", "", ""),
        ("title:0123456789ab", "", ""),
    ],
)
def test_a_text_is_found_where_its_source_said_or_by_the_rule_of_its_archive(
    key: str, said: str, link: str
) -> None:
    assert pieces.pdf_link(replace(CARD, key=key, pdf_url=said)) == link


def test_reasons_are_told_in_a_row() -> None:
    reasons = (Reason(ReasonKind.WORDS, "has long, context"), Reason(ReasonKind.MEANING, "61% alike in meaning"))
    assert pieces.why(replace(CARD, reasons=reasons)) == "has long, context; 61% alike in meaning"


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0"), (999, "999"), (1_000, "1k"), (12_345, "12.3k"), (2_000_000, "2M")]
)
def test_large_numbers_are_short(count: int, told: str) -> None:
    assert pieces.short(count) == told
