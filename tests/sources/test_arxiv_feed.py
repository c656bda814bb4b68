"""arXiv's feeds: what an item says, in RSS and in Atom."""

from datetime import date
from pathlib import Path

import pytest

from broadsheet.core.record import Placement, Record, Version, checked
from broadsheet.sources.arxiv.feed import adapt, parse
from broadsheet.sources.base import BadEntry
from broadsheet.sources.failures import BadReply
from broadsheet.sources.place import Announced

SAMPLES = Path(__file__).parent / "samples" / "arxiv"
RSS = parse.feed((SAMPLES / "feed-rss.xml").read_bytes())
FRIDAY = date(2026, 11, 20)


def made(number: int) -> Record:
    return checked(adapt.record(RSS.items[number], FRIDAY, number))


def test_a_new_paper_is_in_the_edition_of_the_day_that_its_listing_bears() -> None:
    first = made(0)
    assert (first.source, first.source_id, first.title) == ("arxiv", "2611.01001", "Folding Maps without a Table")
    assert first.placements == (Placement(FRIDAY, 0, picked=False, by="arxiv"),)
    assert first.abstract == "We fold maps & ask whether $a<b$."
    assert (first.authors, first.topics) == (("Ada Byron", "Sofía Núñez"), ("math.OC", "cs.LG"))
    assert first.licence == "http://creativecommons.org/licenses/by/4.0/"
    assert first.versions == (Version(1),)


def test_cross_lists_and_replacements_are_in_no_edition() -> None:
    """H10: only what is new is of an edition."""
    assert [made(number).placements for number in (1, 2)] == [(), ()]
    assert [adapt.kind(RSS.items[number]) for number in (1, 2)] == [Announced.CROSS, Announced.REPLACE_CROSS]


def test_a_replacement_tells_its_version_its_doi_and_its_journal() -> None:
    third = made(2)
    assert third.versions == (Version(3),)
    assert [one.key for one in third.ids] == ["2203.01250", "10.5802/jep.257"]
    assert third.journal_ref.startswith("Journal de l'")


def test_an_item_that_does_not_say_what_it_is_does_not_count_as_new() -> None:
    with pytest.raises(BadEntry, match="is announced as ''"):
        adapt.kind(RSS.items[3])


def test_the_day_is_new_yorks() -> None:
    assert (RSS.day, RSS.items[0].day) == (FRIDAY, FRIDAY)


def test_the_atom_feed_says_the_same() -> None:
    feed = parse.feed((SAMPLES / "feed-atom.xml").read_bytes())
    (item,) = feed.items
    assert (feed.day, item.day, item.kind, item.identifier) == (FRIDAY, FRIDAY, "new", "2611.01001v1")
    assert (item.topics, item.abstract, item.creators) == (("math.OC",), "Made up.", "Ada Byron")


@pytest.mark.parametrize("document", [b"<html/>", b"<rss/>", b"<rss><channel>", b"{}", b"<feed/>"])
def test_what_is_no_whole_feed_is_refused(document: bytes) -> None:
    with pytest.raises(BadReply):
        parse.feed(document)
