"""Real papers from three places, in two orders."""

import os
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.core.record import Record
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.tally import tally
from broadsheet.sources import files
from broadsheet.sources.base import Progress
from tests.catalog.tables import Rows, everything

pytestmark = [pytest.mark.django_db, pytest.mark.data]
TODAY = date(2026, 11, 22)


def read(path: Path, most: int) -> Iterator[Record]:
    left = most
    for found in files.entries(path, Progress(), TODAY):
        yield from found.entry.records
        left -= len(found.entry.records)
        if left <= 0:
            return


def after(records: list[Record], batch: int) -> dict[str, Rows]:
    with transaction.atomic():
        for start in range(0, len(records), batch):
            absorb_batch(records[start : start + batch])
        tally()
        print_editions(TODAY)
        held = everything()
        transaction.set_rollback(True)
    return held


def test_saved_pages_daily_papers_and_a_catalogue_end_in_the_same_tables_in_any_order() -> None:
    folder = os.environ.get("BROADSHEET_TEST_DATA")
    if not folder:
        pytest.skip("BROADSHEET_TEST_DATA names no folder of real papers")
    world = [one for page in sorted(Path(folder, "saved-pages").iterdir()) for one in read(page, 1_000)]
    world += read(Path(folder, "hf-daily.tar.gz"), 600)
    world += read(Path(folder, "papers.jsonl.gz"), 600)
    shuffled = random.Random(7).sample(world, len(world))

    assert len(world) >= 1_600
    assert after(shuffled, 97) == after(world, 500)
