"""Saved pages of Daily Papers as text: two layouts, and what is no such page."""

from datetime import date

import pytest

from broadsheet.sources.base import BadFile
from tests.sources.reading import read

OLD = """Get trending papers in your email inbox once a day!
Get trending papers in your email inbox!
SubscribeFolding Maps at Scale
We fold maps. It takes a while.
Unfolding Maps
We unfold what was folded.
"""

NEW = """new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Oct 10

Folding Maps at Scale

We fold maps. It takes a while.

  • 5 authors
·
Sep 16

Unfolding Maps

We unfold what was folded.

Creasing

We crease.

  • 1 authors
·
Jan 31, 2024 3
"""


def test_in_the_older_layout_the_first_title_is_glued_to_the_header() -> None:
    first, second = (entry.records[0] for entry in read("page", OLD))
    assert (first.title, first.abstract) == ("Folding Maps at Scale", "We fold maps. It takes a while.")
    assert (second.title, second.abstract) == ("Unfolding Maps", "We unfold what was folded.")


def test_each_entry_knows_the_line_of_its_title() -> None:
    assert [entry.line for entry in read("page", OLD)] == [3, 5]


def test_the_newer_layout_tells_authors_date_and_comments() -> None:
    first, _, third = (entry.records[0] for entry in read("page", NEW))
    assert (first.author_count, first.published, first.observations) == (5, date(2025, 9, 16), ())
    assert (third.author_count, third.published) == (1, date(2024, 1, 31))
    assert [(one.name, one.value) for one in third.observations] == [("huggingface.comments", 3)]


def test_an_entry_without_authors_and_date_does_not_disturb_the_next() -> None:
    assert [entry.records[0].title for entry in read("page", NEW)] == [
        "Folding Maps at Scale", "Unfolding Maps", "Creasing",
    ]  # fmt: skip


def test_comments_of_a_page_of_known_day_were_counted_that_day() -> None:
    assert read("page", NEW)[2].records[0].observations[0].seen_at.date() == date(2025, 10, 10)


def test_a_date_without_a_year_is_left_out_if_the_year_cannot_be_known() -> None:
    page = NEW.replace("Jan 31, 2024 3", "Jan 31, 2022 3").replace("Oct 10", "Mar 14")
    assert [entry.records[0].published for entry in read("page", page)] == [None, None, date(2022, 1, 31)]


def test_the_year_can_be_told() -> None:
    page = NEW.replace("Jan 31, 2024 3", "Jan 31, 2022 3").replace("Oct 10", "Mar 14").replace("Sep 16", "Mar 2")
    assert read("page", page, year=2023)[0].records[0].published == date(2023, 3, 2)


def test_authors_and_date_may_stand_in_one_line() -> None:
    page = NEW.replace("  • 5 authors\n·\nSep 16", "* 5 authors - Sep 16")
    assert (read("page", page)[0].records[0].author_count, len(read("page", page))) == (5, 3)


def test_an_abstract_of_several_paragraphs_stays_one() -> None:
    page = OLD.replace("It takes a while.", "It takes a while.\n" + "Then we fold them once more. " * 20)
    entries = read("page", page)
    assert len(entries) == 2
    assert entries[0].records[0].abstract.count("\n\n") == 1


def test_a_title_without_an_abstract_keeps_its_authors() -> None:
    page = NEW.replace("We fold maps. It takes a while.\n\n", "")
    first = read("page", page)[0].records[0]
    assert (first.title, first.abstract, first.author_count) == ("Folding Maps at Scale", "", 5)


def test_a_title_that_begins_with_a_month_is_no_date() -> None:
    page = OLD.replace("Unfolding Maps", "May 3 Maps Be Folded")
    assert read("page", page)[1].records[0].title == "May 3 Maps Be Folded"


def test_windows_line_ends_change_nothing() -> None:
    assert [e.records for e in read("page", NEW.replace("\n", "\r\n"))] == [e.records for e in read("page", NEW)]


def test_a_text_that_is_no_such_page_says_so() -> None:
    with pytest.raises(BadFile, match="not a page of Daily Papers"):
        read("page", "Dear Ada,\n\nthank you for the maps.\n")


def test_a_page_without_a_paper_says_so() -> None:
    with pytest.raises(BadFile, match="shows no paper"):
        read("page", NEW[: NEW.index("Folding")])
