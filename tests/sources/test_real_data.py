"""The real papers: exact counts, and the saved pages against what they are known to hold."""

import gzip
from collections import Counter, defaultdict
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest

from broadsheet.core import text
from broadsheet.core.record import Record, checked
from broadsheet.sources import files
from broadsheet.sources.base import Progress
from tests.sources.reading import TODAY, reasons, walked

pytestmark = pytest.mark.data


def records(path: Path) -> list[Record]:
    found = walked(path)
    assert reasons(found) == []
    return [checked(record) for one in found for record in one.entry.records]


@pytest.fixture(scope="module")
def pages(data: Path) -> dict[str, list[Record]]:
    """Records of each saved page, by the three digits its file's name begins with."""
    return {path.name[:3]: records(path) for path in sorted((data / "saved-pages").iterdir())}


@pytest.fixture(scope="module")
def known(data: Path) -> dict[str, list[dict[str, Any]]]:
    """What each page is known to hold, in order."""
    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (data / "seeds.jsonl").read_bytes().splitlines():
        seed = orjson.loads(line)
        pages[seed["page"]].append(seed)
    return pages


def test_each_page_has_its_exact_number_of_papers(pages: dict[str, list[Record]]) -> None:
    assert {name: len(made) for name, made in pages.items()} == {"000": 230, "001": 53, "002": 78, "003": 64}


def test_the_pages_show_383_papers(pages: dict[str, list[Record]]) -> None:
    assert len({text.title_key(one.title) for made in pages.values() for one in made}) == 383


def test_titles_abstracts_authors_and_comments_are_those_of_the_page(
    pages: dict[str, list[Record]], known: dict[str, list[dict[str, Any]]]
) -> None:
    for name, made in pages.items():
        for one, seed in zip(made, known[name], strict=True):
            comments = next((reading.value for reading in one.observations), None)
            assert (one.title, one.abstract, one.author_count, comments) == (
                seed["title"], seed["abstract"], seed["n_authors"], seed["comments"],
            )  # fmt: skip


def test_dates_are_those_of_the_page_and_without_a_year_of_2025(
    pages: dict[str, list[Record]], known: dict[str, list[dict[str, Any]]]
) -> None:
    for one, seed in zip(pages["001"], known["001"], strict=True):
        if seed["date"] is None:
            assert one.published is None
            continue
        assert one.published is not None
        day, year = f"{one.published:%b} {one.published.day}", one.published.year
        assert seed["date"] == (day if year == 2025 else f"{day}, {year}")


@pytest.fixture(scope="module")
def daily(data: Path) -> list[Record]:
    return records(data / "hf-daily.tar.gz")


def test_the_days_of_daily_papers(daily: list[Record]) -> None:
    days = {one.placements[0].day for one in daily}
    assert (len(daily), len({one.source_id for one in daily}), len(days)) == (7_414, 7_414, 479)
    assert (min(days), max(days)) == (date(2024, 5, 27), date(2026, 3, 31))


def test_one_day_of_daily_papers_is_in_the_order_of_its_votes(daily: list[Record]) -> None:
    made = [one for one in daily if one.placements[0].day == date(2026, 2, 10)]
    made.sort(key=lambda one: one.placements[0].position)
    votes = [next(reading.value for reading in one.observations if reading.kind == "votes") for one in made]
    assert votes == sorted(votes, reverse=True)
    assert [one.placements[0].position for one in made] == list(range(len(made)))


def test_papers_keep_their_ids_and_titles(data: Path) -> None:
    path = data / "papers.jsonl.gz"
    with gzip.open(path) as lines:
        for found, line in islice(zip(files.entries(path, Progress(), TODAY), lines, strict=True), 10_000):
            (record,) = found.entry.records
            said = orjson.loads(line)
            assert said["id"].removeprefix("arxiv:") in [one.key for one in record.ids]
            assert text.one_line(said["title"]) == record.title


def test_every_paper_is_read_and_each_source_has_its_number(data: Path) -> None:
    found = files.entries(data / "papers.jsonl.gz", Progress(), TODAY)
    assert Counter(one.entry.records[0].source for one in found) == {
        "arxiv": 92_816, "leekwoon-confs": 32_340, "paperlists": 31_219, "acl": 24_798, "huggingface": 1_928,
        "iclr2020-sitedata": 377, "page": 168,
    }  # fmt: skip
