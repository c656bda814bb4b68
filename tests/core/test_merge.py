"""Several records of one paper, made one set of facts."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.core.merge import merge
from broadsheet.core.record import Link, LinkKind, Precision, Record, Version, checked
from broadsheet.core.signal import Kind
from tests.catalog.worlds import worlds
from tests.factories import AUTHORS, DAY, announced, at, picked, preprint, reading, record, votes


def test_the_place_that_publishes_a_paper_is_believed_first() -> None:
    facts = merge(
        [record("page", title="From a page"), preprint(title="From arXiv"), record("bibtex", title="Typed")]
    )

    assert facts.title == "From arXiv"
    assert facts.origins["title"] == "arxiv"


def test_what_the_first_did_not_say_is_taken_from_the_next_and_its_source_told() -> None:
    facts = merge(
        [preprint(), record("acl", venue="ACL 2026"), record("bibtex", venue="Proc. ACL", licence="CC BY")]
    )

    assert (facts.venue, facts.licence) == ("ACL 2026", "CC BY")
    assert (facts.origins["venue"], facts.origins["licence"], facts.origins["abstract"]) == (
        "acl",
        "bibtex",
        "arxiv",
    )


def test_a_fact_that_nobody_told_has_no_source() -> None:
    assert "venue" not in merge([preprint()]).origins


def test_an_incomplete_list_of_authors_loses_to_a_complete_one() -> None:
    listing = record("arxiv", authors=("Ada Marlow",), author_count=8)
    complete = record("bibtex", authors=AUTHORS)

    facts = merge([listing, complete])

    assert facts.authors == AUTHORS
    assert facts.author_count == 8
    assert facts.origins["authors"] == "bibtex"


def test_of_incomplete_lists_the_longest_is_taken() -> None:
    short, longer = record(authors=("A. B.",), author_count=9), record("page", authors=AUTHORS, author_count=9)

    assert merge([short, longer]).authors == AUTHORS


def test_a_day_is_sharper_than_a_year_whoever_tells_it() -> None:
    year = record("acl", published=date(2026, 1, 1), precision=Precision.YEAR)
    day = record("bibtex", published=DAY)

    facts = merge([year, day])

    assert (facts.published, facts.precision, facts.origins["published"]) == (DAY, Precision.DAY, "bibtex")


def test_of_dates_equally_sharp_the_publisher_s_is_taken() -> None:
    assert merge([record("page", published=date(2026, 2, 12)), preprint()]).published == DAY


def test_the_latest_reading_of_a_signal_wins() -> None:
    facts = merge([
        record("page", observations=(votes(90, at(hour=8)),)),
        record("huggingface", observations=(votes(12, at(hour=9)), reading(Kind.STARS, 4, "github"))),
    ])  # fmt: skip

    assert facts.signals == {"huggingface.votes": 12, "github.stars": 4}


def test_topics_of_all_are_kept_once_the_publisher_s_first() -> None:
    assert merge([record("page", topics=("cs.AI", "cs.LG")), preprint()]).topics == ("cs.CL", "cs.LG", "cs.AI")


def test_keywords_alike_but_for_case_are_one() -> None:
    assert merge([record(keywords=("Long Context", "oil")), record("page", keywords=("long-context",))]).keywords == (
        "Long Context", "oil",
    )  # fmt: skip


def test_there_is_one_link_of_each_kind() -> None:
    ours, theirs = (Link(LinkKind.CODE, f"https://code.example/{name}") for name in ("ours", "theirs"))

    facts = merge([record("page", links=(theirs,)), record("acl", links=(ours,))])

    assert facts.links == (ours,)
    assert facts.origins["code link"] == "acl"


def test_versions_of_all_are_kept_with_the_date_that_is_known() -> None:
    facts = merge(
        [preprint(versions=(Version(1, DAY), Version(3))), record("page", versions=(Version(2), Version(3, DAY)))]
    )

    assert facts.versions == (Version(1, DAY), Version(2), Version(3, DAY))


def test_the_summary_is_told_with_who_wrote_it() -> None:
    facts = merge([
        record("starter", summary="We hang lights.", summary_by="Broadsheet"),
        record("huggingface", summary="Lanterns help.", summary_by="a machine"),
    ])  # fmt: skip

    assert (facts.summary, facts.summary_by) == ("Lanterns help.", "a machine")


def test_a_paper_that_anyone_withdrew_is_withdrawn() -> None:
    assert merge([preprint(), record("page", withdrawn=True)]).withdrawn


def test_the_last_edition_it_is_in_is_known() -> None:
    assert merge(
        [preprint(placements=(announced(),)), record("page", placements=(picked(0, date(2026, 2, 12)),))]
    ).listed_on == date(2026, 2, 12)


def test_the_key_is_the_best_of_all_ids() -> None:
    assert (
        merge([record("acl", ids=("acl:2026.acl-long.1",)), record("page", ids=("10.1234/x", "2602.01001"))]).key
        == "2602.01001"
    )


def test_no_record_makes_no_paper() -> None:
    with pytest.raises(ValueError, match="at least one record"):
        merge([])


@given(worlds(), st.data())
@settings(deadline=None, max_examples=40)
def test_the_order_of_records_makes_no_difference(world: list[Record], data: st.DataObject) -> None:
    records = list({(one.source, one.source_id): one for one in map(checked, world)}.values())

    assert merge(data.draw(st.permutations(records))) == merge(records)


@given(worlds())
@settings(deadline=None, max_examples=40)
def test_every_fact_that_is_told_has_a_source_that_told_it(world: list[Record]) -> None:
    records = list({(one.source, one.source_id): one for one in map(checked, world)}.values())
    facts = merge(records)

    for name in ("title", "abstract", "authors", "published"):
        if value := getattr(facts, name):
            assert any(one.source == facts.origins[name] and getattr(one, name) == value for one in records)
