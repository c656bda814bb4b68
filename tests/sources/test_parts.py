"""Papers asked for by name, some at a time."""

from broadsheet.core import ids
from broadsheet.core.ids import PaperId
from broadsheet.sources.parts import in_parts, twins_of


def paper(written: str) -> PaperId:
    found = ids.parse(written)
    assert found
    return found


def test_names_come_in_parts_and_the_last_leaves_an_empty_cursor() -> None:
    parts = list(in_parts(("a", "b", "c"), 2, {}))
    assert [(one.names, one.seen, one.last) for one in parts] == [(("a", "b"), 2, False), (("c",), 3, True)]
    assert (parts[0].cursor["done"], parts[1].cursor) == (2, {})


def test_who_stopped_goes_on_with_the_same_names() -> None:
    first = next(in_parts(("a", "b", "c"), 2, {}))
    assert [one.names for one in in_parts(("a", "b", "c"), 2, first.cursor)] == [("c",)]


def test_other_names_begin_anew() -> None:
    first = next(in_parts(("a", "b", "c"), 2, {}))
    assert [one.names for one in in_parts(("x", "y", "z"), 2, first.cursor)] == [("x", "y"), ("z",)]


def test_without_names_there_is_one_empty_part_and_it_is_the_last() -> None:
    assert [(one.names, one.last) for one in in_parts((), 2, {})] == [((), True)]


def test_a_twin_has_another_scheme_or_another_doi() -> None:
    own, told = paper("2601.00001"), (paper("2601.99999"), paper("10.1000/a"), None, paper("10.1000/a"))
    assert [one.key for one in twins_of(own, told)] == ["10.1000/a"]
    assert [one.key for one in twins_of(paper("10.1000/b"), told)] == ["2601.99999", "10.1000/a"]
