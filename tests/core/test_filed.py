"""Which of a paper's places in editions count."""

from datetime import date

from broadsheet.core.record import Placement, Record
from broadsheet.core.saying import filed, followed

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 20)


def said(*places: Placement, source: str = "arxiv", source_id: str = "arxiv:2611.00001") -> Record:
    return Record(source, source_id, "Sparse Attention for Long Reports", placements=places)


def days(*records: Record) -> list[date]:
    return sorted(place.day for place in filed(records))


def test_a_day_read_in_a_listing_takes_the_place_of_one_that_was_concluded() -> None:
    concluded = said(Placement(MONDAY, 0, picked=False, certain=False))
    read = said(Placement(TUESDAY, 4, picked=False), source_id="listing")
    assert days(concluded, read) == days(read, concluded) == [TUESDAY]


def test_a_concluded_day_stands_where_no_listing_was_read() -> None:
    assert days(said(Placement(MONDAY, 0, picked=False, certain=False))) == [MONDAY]


def test_of_two_concluded_days_the_earlier_counts() -> None:
    held = said(Placement(FRIDAY, 0, picked=False, certain=False))
    assert days(followed(held, said(Placement(MONDAY, 0, picked=False, certain=False)))) == [MONDAY]


def test_that_people_picked_a_paper_on_another_day_leaves_its_announcement_standing() -> None:
    concluded = said(Placement(MONDAY, 0, picked=False, certain=False))
    picked = said(Placement(FRIDAY, 1, picked=True, by="mira"), source="huggingface")
    assert days(concluded, picked) == [MONDAY, FRIDAY]


def test_another_source_that_announces_the_paper_says_nothing_of_this_ones_day() -> None:
    concluded = said(Placement(MONDAY, 0, picked=False, certain=False))
    elsewhere = said(Placement(TUESDAY, 0, picked=False), source="biorxiv")
    assert days(concluded, elsewhere) == [MONDAY, TUESDAY]


def test_a_place_without_a_name_is_by_its_source() -> None:
    assert [place.by for place in filed([said(Placement(MONDAY, 0, picked=False))])] == ["arxiv"]
