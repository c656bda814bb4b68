"""Mornings of a small arXiv that is known to the last detail: every paper in the edition of its own day, or a hole
that is seen, told and mended.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from broadsheet.catalog.models import Coverage, Edition, Entry, Order, Route
from broadsheet.jobs import alarms, morning
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.morning import Gathered
from broadsheet.sources import places
from broadsheet.sources.wire import Limits
from tests.sources.arxiv_faults import Plan
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import World
from tests.sources.harvesting import WorldClock, client

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 9, 14), date(2026, 9, 25)
# A busy machine is no fault of the network.
PATIENT = Limits(connect=20.0, silence=20.0, whole=60.0)


class Life:
    """A reader whose machine is on whenever ``wake`` is called, in a world that goes on by itself."""

    def __init__(self, folder: Path, world: World, arxiv: Server, topics: tuple[str, ...]) -> None:
        self.world, self.arxiv = world, arxiv
        self.routes = places.routes("arxiv", arxiv.bases)
        self.asking = client(folder, WorldClock(world), limits=PATIENT)
        self.order = Order.objects.create(place="arxiv", topics=sorted(topics), since=FIRST)

    def live(self, day: date) -> None:
        """The evening before ``day``, and the night: it is 7 in the morning."""
        self.world.live(day)
        self.world.now += timedelta(hours=5)

    def wake(self, *only: str) -> Gathered:
        for route in self.routes:
            self.asking.breaker(f"arxiv.{route.route}").reset()
        done = morning.gather(self.order, only=only, asking=self.asking, routes=self.routes, now=self.world.now)
        print_editions(self.world.now.date())
        return done

    def shown(self) -> dict[date, set[str]]:
        """The papers of each edition, by their arXiv ids, but those announced before the order was given.

        Of such a paper that is cross-listed later nobody can tell whether it was held back till then.
        """
        found: dict[date, set[str]] = {}
        for day, key in Entry.objects.values_list("edition__day", "paper__key"):
            if (announced := self.world.papers[key].announced) and announced >= FIRST:
                found.setdefault(day, set()).add(key)
        return {day: keys for day, keys in found.items() if day >= FIRST}

    def truth(self) -> dict[date, set[str]]:
        """What arXiv announced under the topics ordered, by day."""
        found: dict[date, set[str]] = {}
        for paper in self.world.papers.values():
            wanted = not self.order.topics or set(paper.topics) & set(self.order.topics)
            if paper.announced and paper.announced >= FIRST and wanted:
                found.setdefault(paper.announced, set()).add(paper.key)
        return found

    def states(self, day: date) -> dict[str, str]:
        return dict(Coverage.objects.filter(day=day).values_list("topic", "state"))


@pytest.fixture
def world() -> World:
    world = World(7)
    world.live_through(date(2026, 7, 1), date(2026, 9, 11), most=3)
    return world


@pytest.fixture
def life(world: World, tmp_path: Path) -> Iterator[Life]:
    with Server(world) as arxiv:
        yield Life(tmp_path, world, arxiv, ("cs.CL", "cs.LG"))


def test_each_morning_brings_exactly_the_papers_announced_that_day(life: Life) -> None:
    for day in life.world.days(FIRST, LAST):
        life.live(day)
        life.wake()
        assert life.shown().get(day, set()) == life.truth().get(day, set()), day
        assert set(life.states(day).values()) == {"complete"}, day


def test_after_nine_days_with_the_lid_closed_all_nine_editions_are_there(life: Life) -> None:
    life.world.live_through(FIRST, LAST)
    life.wake()

    # Which day a held-back paper was listed on, nobody can know who did not read that day's listing.
    shown, truth = life.shown(), life.truth()
    assert set().union(*shown.values()) == set().union(*truth.values())
    assert shown.keys() >= truth.keys()
    wrong = [key for day in truth for key in truth[day] - shown[day]]
    held_back = [key for key in wrong if life.world.papers[key].versions]
    assert wrong == held_back
    assert Edition.objects.get(day=FIRST).closed_at is not None


def test_days_on_which_the_feed_was_not_read_are_mended_by_the_list_of_changes(life: Life) -> None:
    """H16: the feed is only the quick route."""
    for number, day in enumerate(life.world.days(FIRST, LAST)):
        life.live(day)
        if number not in (1, 2, 4):
            life.wake()
    assert set().union(*life.shown().values()) == set().union(*life.truth().values())
    for day in life.world.days(FIRST, LAST):
        assert set(life.states(day).values()) == {"complete"}, day


def test_a_topic_whose_feed_is_stale_is_late_and_told_until_it_is_there(life: Life) -> None:
    days = life.world.days(FIRST, LAST)
    life.live(days[0])
    life.wake()
    life.live(days[1])
    life.world.now += timedelta(hours=6)
    life.arxiv.plan = Plan(script=["the listing before", None])
    life.wake("feed")

    states = life.states(days[1])
    assert sorted(states.values()) == ["complete", "late"]
    (alarm,) = [one for one in alarms.ringing(life.world.now) if "due" in one.said]
    assert alarm.name == f"arxiv {next(topic for topic in states if states[topic] == 'late')} {days[1]}"

    life.wake()
    assert set(life.states(days[1]).values()) == {"complete"}
    assert not [one for one in alarms.ringing(life.world.now) if "due" in one.said]


def test_a_paper_announced_and_lost_on_the_way_is_asked_for_by_name(life: Life) -> None:
    days = life.world.days(FIRST, LAST)
    life.live(days[0])
    life.wake()
    for lost in sorted(life.truth()[days[0]]):
        Entry.objects.filter(paper__key=lost).get().paper.delete()

        done = life.wake("feed")
        assert done.audit is not None
        assert done.audit.complete
        assert lost in life.shown()[days[0]]


def test_with_every_route_down_nothing_is_lost_and_the_morning_after_has_both_days(life: Life) -> None:
    days = life.world.days(FIRST, LAST)
    life.live(days[0])
    life.arxiv.plan = Plan(rate=1.0, most=10_000, names=("503, Retry-After in seconds",))
    done = life.wake()
    assert set(done.failures) >= {"oai", "feed"}
    assert not life.shown()

    life.arxiv.plan = Plan()
    life.live(days[1])
    life.wake()
    assert set().union(*life.shown().values()) == set().union(*life.truth().values())


def test_every_topic_is_asked_from_where_it_was_last_read(life: Life) -> None:
    days = life.world.days(FIRST, LAST)
    for day in days:
        life.live(day)
        life.wake()
    read_on = {name: held["read_on"] for name, held in Route.objects.get(route="oai").cursor.items()}
    assert read_on == {"cs:cs:CL": days[-1].isoformat(), "cs:cs:LG": days[-1].isoformat()}
