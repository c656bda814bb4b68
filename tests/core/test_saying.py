"""Sayings of one source over time: the latest words stand, what happened adds up, in any order."""

from datetime import timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core.record import Record, Version
from broadsheet.core.saying import followed, settled
from tests.catalog.worlds import sayings
from tests.factories import DAY, announced, at, picked, preprint, record, votes

LATER = at(hour=20)


def test_the_later_saying_has_the_word() -> None:
    old, new = record(title="Old words", seen_at=at()), record(title="New words", seen_at=LATER)

    assert followed(old, new).title == followed(new, old).title == "New words"


def test_a_later_version_has_the_word_over_a_later_clock() -> None:
    second = preprint(title="Second version", versions=(Version(2),), seen_at=at())
    first = preprint(title="First version", versions=(Version(1),), seen_at=LATER)

    assert followed(second, first).title == followed(first, second).title == "Second version"


def test_of_two_sayings_of_one_moment_the_one_that_comes_has_the_word() -> None:
    assert followed(record(title="Typo"), record(title="Mended")).title == "Mended"


def test_a_version_that_only_the_old_saying_knew_stays() -> None:
    old, new = preprint(versions=(Version(1, DAY),)), preprint(versions=(Version(2),))

    assert followed(old, new).versions == (Version(1, DAY), Version(2))


def test_an_edition_that_only_the_old_saying_knew_stays() -> None:
    tomorrow = DAY + timedelta(days=1)
    old = record(placements=(picked(3),), seen_at=at())
    new = record(placements=(announced(0, tomorrow),), seen_at=LATER)

    assert followed(new, old).placements == (picked(3), announced(0, tomorrow))


def test_once_picked_stays_picked() -> None:
    assert followed(record(placements=(picked(9),)), record(placements=(announced(0),))).placements == (picked(9),)


def test_the_last_reading_of_each_signal_is_kept() -> None:
    old, new = (
        record(observations=(votes(9, LATER),), seen_at=LATER),
        record(observations=(votes(4, at()),), seen_at=at()),
    )

    assert followed(old, new).observations == followed(new, old).observations == (votes(9, LATER),)


one_source = st.lists(sayings(), min_size=1, max_size=4, unique_by=lambda one: one.seen_at)


@given(one_source, st.data())
def test_sayings_add_up_to_the_same_in_any_order(said: list[Record], data: st.DataObject) -> None:
    other = data.draw(st.permutations(said))

    assert reduce(followed, other, settled(other[0])) == reduce(followed, said, settled(said[0]))


@given(sayings())
def test_saying_it_again_adds_nothing(said: Record) -> None:
    assert followed(settled(said), said) == settled(settled(said)) == settled(said)
