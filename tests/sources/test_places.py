"""Which places there are, and what they say of themselves."""

import pytest

from broadsheet.sources import places
from broadsheet.sources.arxiv import home
from broadsheet.sources.arxiv.home import set_of
from broadsheet.sources.place import UnknownTopic
from broadsheet.sources.places import UnknownPlace


@pytest.mark.parametrize("name", places.names())
def test_every_place_states_its_terms_and_its_pace(name: str) -> None:
    place = places.place(name)
    assert place.name == name
    assert place.terms
    assert place.terms_at.startswith("https://")
    assert place.home.startswith("https://")
    assert place.budget.gap > 0


@pytest.mark.parametrize("name", places.names())
def test_the_routes_of_a_place_have_names_of_their_own(name: str) -> None:
    routes = [one.route for one in places.routes(name)]
    assert len(set(routes)) == len(routes) > 0


def test_no_place_waits_for_another_but_those_behind_one_api() -> None:
    """H14: each has a pace of its own, and each route a breaker that is named after it."""
    shared = {"biorxiv", "medrxiv"}
    paces = [places.place(name).budget.name for name in places.names() if name not in shared]
    assert len(set(paces)) == len(paces)
    assert "biorxiv" not in paces


def test_a_name_that_is_no_place_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownPlace, match="'arxive' is no source: there is arxiv, "):
        places.routes("arxive")


def test_a_route_may_have_another_address() -> None:
    oai = places.routes("arxiv", {"oai": "http://127.0.0.1:1/oai"})[0]
    assert oai._base == "http://127.0.0.1:1/oai"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("cs.AI", "cs:cs:AI"),
        ("cs", "cs"),
        ("hep-th", "physics:hep-th"),
        ("astro-ph.CO", "physics:astro-ph:CO"),
        ("physics.optics", "physics:physics:optics"),
        ("cond-mat.mes-hall", "physics:cond-mat:mes-hall"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
        ("math-ph", "physics:math-ph"),
    ],
)
def test_a_topic_as_a_set_of_oai_pmh(topic: str, name: str) -> None:
    assert set_of(topic) == name


@pytest.mark.parametrize("topic", ["", "cs.", "cs.AI.x", "CS.AI", "cs AI", "medicine.XX", "cs.AI\n"])
def test_what_is_no_topic(topic: str) -> None:
    with pytest.raises(UnknownTopic):
        set_of(topic)


def test_there_are_twenty_archives() -> None:
    assert len(home.archives()) == 20
