"""docs/import.md tells every field that is read and every format there is, and its example works."""

import re
from pathlib import Path

import pytest

from broadsheet.core.record import LinkKind
from broadsheet.core.signal import Kind
from broadsheet.sources import places, registry
from broadsheet.sources.jsonl import adapt
from tests.sources.reading import record

DOCUMENT = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")
PLACES = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
FIELDS = sorted(set(re.findall(r'\.get\("(\w+)"\)', Path(adapt.__file__).read_text("utf-8"))))


def test_there_are_fields_to_look_for() -> None:
    assert {"title", "ids", "placements", "upvotes_late", "seen_at"} <= set(FIELDS)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_that_is_read_is_documented(field: str) -> None:
    assert re.search(rf'[`"]{field}[`"]', DOCUMENT)


@pytest.mark.parametrize("word", [*LinkKind, *Kind])
def test_every_kind_of_link_and_signal_is_documented(word: str) -> None:
    assert f"`{word}`" in DOCUMENT


@pytest.mark.parametrize("name", registry.names())
def test_every_format_is_documented(name: str) -> None:
    assert f"| `{name}` |" in DOCUMENT


def test_the_example_is_a_paper() -> None:
    example = re.search(r"```json\n(.+)\n```", DOCUMENT)
    assert example
    assert record("jsonl", example[1]).title == "Folding Maps"


@pytest.mark.parametrize("name", places.names())
def test_every_place_is_documented_with_its_routes_its_terms_and_its_key(name: str) -> None:
    place = places.place(name)
    rows = [line for line in PLACES.splitlines() if line.startswith("|") and f"`{name}`" in line]
    said = "\n".join(rows)
    assert len(rows) >= 2
    assert place.terms_at in said
    assert all(f"`{one.route}`" in said for one in places.routes(name))
    assert not place.key or f"`{place.key}`" in said
