"""A catalogue of made-up papers, and a second space beside that of the base: for tests of filling and of choosing."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet.catalog.models import Outbox, Paper
from broadsheet.jobs import encode, index, spaces
from broadsheet.search import encoders
from broadsheet.search.generation import open_current

FIRST = date(2026, 1, 1)


def prepare(settings: Any, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty data folder whose base is ``hashed``; ``second`` is an encoder too."""
    settings.DATA = data
    monkeypatch.setitem(settings.OPTIONS.values, "encoder", "hashed")
    monkeypatch.setitem(encoders.ENCODERS, "second", "tests.search.corpus:Second")


def papers(first: int, count: int) -> None:
    """So many papers, each a day after the one before."""
    for number in range(first, first + count):
        made = Paper.objects.create(
            key=f"k{number}",
            title=f"Umbrella {number}",
            abstract=f"It folds in {number} ways.",
            published=FIRST + timedelta(days=number),
        )
        Outbox.objects.create(paper=made.id)


def filled(count: int) -> None:
    """So many papers in the index, all of them in the second space too."""
    papers(1, count)
    index.update()
    spaces.add("second")
    encode.encode()


def covered() -> dict[str, int]:
    return {space.name: space.covered for space in open_current(spaces.index_root()).manifest.spaces}
