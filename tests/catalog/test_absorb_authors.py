"""Authors of the papers that are absorbed."""

import pytest

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.catalog.models import Author, Paper
from tests.factories import preprint

pytestmark = pytest.mark.django_db


def paper(key: str = "2602.01001") -> Paper:
    return Paper.objects.get(identifiers__key=key)


def test_a_paper_of_786_authors_is_kept_with_all_of_them() -> None:
    absorb_batch([preprint(authors=tuple(f"Ada Marlow {number}" for number in range(786)))])

    assert paper().author_count == 786
    assert paper().authorships.count() == 786


def test_two_authors_whose_names_are_written_alike_are_one_name_at_the_first_place() -> None:
    absorb_batch([preprint(authors=("Wei Zhang", "WEI ZHANG", "Bo Li"))])

    assert paper().authors == ["Wei Zhang", "WEI ZHANG", "Bo Li"]
    assert list(paper().authorships.order_by("position").values_list("author__key", "position")) == [
        ("wei-zhang", 0),
        ("bo-li", 2),
    ]


def test_an_author_whose_name_folds_to_nothing_is_shown_but_has_no_page() -> None:
    absorb_batch([preprint(authors=("***", "Ada Marlow"))])

    assert paper().authors == ["***", "Ada Marlow"]
    assert list(Author.objects.values_list("key", flat=True)) == ["ada-marlow"]


def test_new_authors_replace_the_old_ones() -> None:
    absorb_batch([preprint()])

    absorb_batch([preprint(authors=("Bertil Quist", "Cora Vane"))])

    assert list(paper().authorships.order_by("position").values_list("author__key", flat=True)) == [
        "bertil-quist",
        "cora-vane",
    ]
