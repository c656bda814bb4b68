"""A year of mornings with a database: every edition has exactly its papers, over holidays and both changes of the clock.

The weeks around each holiday and change of 2025 are in the suite; TEST_YEAR=1 lives through every day of it.
"""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from broadsheet.catalog.models import Coverage, Entry, Order
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import World
from tests.sources.test_arxiv_year import HOLIDAYS
from tests.stories.test_morning import Life

pytestmark = pytest.mark.django_db

TOPICS = ("cs.CL", "cs.LG", "hep-th")
SPANS = {
    "Martin Luther King Day": (date(2025, 1, 16), date(2025, 1, 23)),
    "the clock goes forward": (date(2025, 3, 6), date(2025, 3, 13)),
    "Juneteenth": (date(2025, 6, 17), date(2025, 6, 24)),
    "Independence Day, on a Friday": (date(2025, 7, 2), date(2025, 7, 9)),
    "Labor Day": (date(2025, 8, 28), date(2025, 9, 4)),
    "the clock goes back": (date(2025, 10, 30), date(2025, 11, 6)),
    "Thanksgiving": (date(2025, 11, 25), date(2025, 12, 2)),
    "Christmas": (date(2025, 12, 22), date(2025, 12, 31)),
}
if os.environ.get("TEST_YEAR"):
    SPANS = {"the whole year": (date(2025, 1, 2), date(2025, 12, 31))}


@pytest.mark.parametrize("span", SPANS)
def test_every_edition_has_exactly_its_papers(span: str, tmp_path: Path) -> None:
    first, last = SPANS[span]
    world = World(first.toordinal(), HOLIDAYS, TOPICS)
    world.live_through(first - timedelta(days=30), first - timedelta(days=1), most=2)
    with Server(world, page=50) as arxiv:
        life = Life(tmp_path, world, arxiv, TOPICS)
        Order.objects.update(since=first)
        life.order.refresh_from_db()
        for day in world.days(first, last):
            life.live(day)
            life.wake()
            # Of papers announced before the order was given nobody can tell, when they are cross-listed later.
            truth = {one.key for one in world.papers.values() if one.announced == day}
            before = {one.key for one in world.papers.values() if one.announced and one.announced < first}
            shown = set(Entry.objects.filter(edition__day=day).values_list("paper__key", flat=True))
            assert shown - before == truth, day
            # Quiet: nothing came, on a day between the years on which nothing need come.
            assert set(life.states(day).values()) <= {"complete", "quiet"}, day
    printed = {
        day: key
        for day, key in Entry.objects.values_list("edition__day", "paper__key")
        if world.papers[key].announced and world.papers[key].announced >= first  # type: ignore[operator]
    }
    assert all(world.papers[key].announced == day for day, key in printed.items())
    assert not {evening + timedelta(days=1) for evening in HOLIDAYS} & set(printed)
    assert not Coverage.objects.filter(state__in=("late", "missing")).exists()
