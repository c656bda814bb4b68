"""The routes to a place are at the addresses, and have the key, that the options say."""

from dataclasses import replace

import pytest
from django.conf import settings

from broadsheet.jobs import morning
from broadsheet.sources import places


def said(monkeypatch: pytest.MonkeyPatch, **options: object) -> None:
    held = settings.OPTIONS
    monkeypatch.setattr(settings, "OPTIONS", replace(held, values=held.values | options))


@pytest.mark.parametrize("place", sorted(places.KEYED))
def test_every_place_that_knows_a_key_has_an_option_for_it(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said(monkeypatch, **{f"{place}_key": "hush"})
    routes = morning.routes_to(place)
    assert {vars(one)["_key"] for one in routes} == {"hush"}
    assert routes[0].place.key == f"{place}_key"


def test_no_other_place_says_that_it_knows_a_key() -> None:
    assert {name for name in places.names() if places.place(name).key} == places.KEYED


def test_an_address_of_a_route_takes_the_place_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    said(monkeypatch, source_addresses={"huggingface.daily": "https://mirror.example.org/api"})
    assert vars(morning.routes_to("huggingface")[0])["_base"] == "https://mirror.example.org/api"
