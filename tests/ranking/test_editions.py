"""The order of an edition."""

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.ranking.editions import Place, in_order


def place(entry: int, *, picked: bool = False, points: float = 0.0, placed: int = 0, key: str = "") -> Place:
    return Place(entry, picked, points, placed, key or f"2602.{entry:05}")


def order(*places: Place) -> list[int]:
    return [one.entry for one in in_order(places)]


def test_what_people_picked_leads_whatever_the_votes() -> None:
    assert order(place(1, points=9.0), place(2, picked=True)) == [2, 1]


def test_the_most_noticed_stands_first() -> None:
    assert order(place(1, picked=True, points=1.0), place(2, picked=True, points=3.0)) == [2, 1]


def test_among_equals_the_source_s_order_holds() -> None:
    assert order(place(1, placed=2), place(2, placed=0), place(3, placed=1)) == [2, 3, 1]


def test_what_no_source_placed_stands_in_order_of_arrival_at_arxiv() -> None:
    assert order(place(3), place(1), place(2)) == [1, 2, 3]


places = st.lists(
    st.builds(
        Place,
        st.integers(),
        st.booleans(),
        st.sampled_from([0.0, 1.0, 2.5]),
        st.integers(0, 3),
        st.text("ab", max_size=3),
    ),
    unique_by=(lambda one: one.entry, lambda one: one.key),
)


@given(places, st.randoms())
def test_the_order_does_not_depend_on_the_order_of_asking(some: list[Place], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert in_order(shuffled) == in_order(some)
    assert sorted(one.entry for one in in_order(some)) == sorted(one.entry for one in some)
