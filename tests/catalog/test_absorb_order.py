"""The order in which records and batches arrive makes no difference (laws, over made-up worlds)."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.catalog.absorb import absorb_batch
from broadsheet.core.record import Record
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.tally import tally
from tests.catalog.tables import Rows, everything
from tests.catalog.worlds import histories, worlds

pytestmark = pytest.mark.django_db
law = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def after(history: list[list[Record]]) -> dict[str, Rows]:
    """What the tables hold after ``history``; then everything is as before."""
    with transaction.atomic():
        for batch in history:
            absorb_batch(batch)
        tally()
        print_editions(date(2026, 3, 1))
        held = everything()
        transaction.set_rollback(True)
    return held


@given(st.data(), worlds())
@settings(law, max_examples=100)
def test_any_order_in_any_batches_ends_in_the_same_tables(data: st.DataObject, world: list[Record]) -> None:
    history = data.draw(histories(world))
    assert after(history) == after([world])


@given(st.data(), worlds())
@settings(law, max_examples=25)
def test_saying_everything_again_changes_nothing(data: st.DataObject, world: list[Record]) -> None:
    history = data.draw(histories(world))
    assert after([world, *history]) == after([world])
