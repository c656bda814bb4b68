"""Saved pages of Daily Papers as HTML: the data that the page was built from."""

import html
from datetime import date
from typing import Any

import orjson
import pytest

from broadsheet.sources import registry
from broadsheet.sources.base import BadFile
from tests.sources.reading import read

ITEM = {
    "paper": {"id": "2602.07026", "title": "Maps", "upvotes": 5, "submittedOnDailyAt": "2026-02-09T00:00:00.000Z"}
}


def page(**props: Any) -> bytes:
    said = html.escape(orjson.dumps({"dailyPapers": [ITEM]} | props).decode())
    return (
        "<!DOCTYPE html><html><head><title>Daily Papers</title></head><body><main>"
        f'<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{said}"></div>'
        "</main></body></html>"
    ).encode()


def test_a_days_page_is_that_days_list() -> None:
    (entry,) = read("page", page(dateString="2026-02-10", periodType="day"))
    made = entry.records[0]
    assert (made.source, made.source_id, made.placements[0].day) == ("huggingface", "2602.07026", date(2026, 2, 10))


@pytest.mark.parametrize("props", [{"query": "maps"}, {"periodType": "week"}, {"isTrending": True}])
def test_on_other_pages_each_paper_tells_its_own_day(props: dict[str, Any]) -> None:
    (entry,) = read("page", page(dateString="2026-02-10", **props))
    assert entry.records[0].placements[0].day == date(2026, 2, 9)


def test_it_is_known_as_a_page_by_its_first_bytes() -> None:
    assert registry.detect(page()[:64]) is registry.named("page")


def test_a_page_of_something_else_says_so() -> None:
    with pytest.raises(BadFile, match="holds no data of Daily Papers"):
        read("page", "<html><body><h1>Cooking</h1></body></html>")


def test_damaged_data_says_so() -> None:
    with pytest.raises(BadFile, match="is damaged"):
        read("page", '<div data-target="DailyPapers" data-props="{&quot;dailyPapers&quot;: [">')
