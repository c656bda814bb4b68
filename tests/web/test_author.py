import pytest
from django.test import Client

from tests.web.reading import read

pytestmark = pytest.mark.django_db


def test_an_author_has_the_papers_under_the_name(printed: Client) -> None:
    page = read(printed.get("/authors/ada-marlow"))
    assert page.text("h1") == "Ada Marlow"
    assert len(page.titles) == 4


@pytest.mark.parametrize("written", ["Cléo Ąberg", "CLEO-ABERG", "cleo aberg"])
def test_another_spelling_leads_to_the_one_address(printed: Client, written: str) -> None:
    assert printed.get(f"/authors/{written}")["Location"] == "/authors/cleo-aberg"


@pytest.mark.parametrize("written", ["nobody-at-all", "%00", "---", "x" * 2_000, "<b>"])
def test_a_name_that_wrote_nothing_is_not_found(printed: Client, written: str) -> None:
    response = printed.get(f"/authors/{written}", follow=True)
    assert read(response, 404).link("The latest edition") == "/papers"
