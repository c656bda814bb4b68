"""A morning: a standing order is harvested by its routes, what is missing is asked for again, the ledger is written.

``gather`` goes through these steps for one order, each safe to run twice and none keeping the next from running:

1. harvest each route that tells changes or listings; a route that fails is noted and the others go on;
2. audit: write the ledger's lines;
3. ask for the papers that were announced and are not held, by the route that gives papers by name;
4. audit again, if anything came.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from broadsheet.catalog.models import Order, Route
from broadsheet.core import ids
from broadsheet.jobs import ledger, observe
from broadsheet.jobs.harvest import HarvestTally, RouteBusy, RouteLost, harvest, in_words
from broadsheet.jobs.ledger import Audit
from broadsheet.sources import places
from broadsheet.sources.http import Client, FetchFailed
from broadsheet.sources.place import Source, Tells, UnknownTopic, Wanted

_log = logging.getLogger(__name__)
# More than this is no hole to be mended paper by paper: the next list of changes brings them.
MOST_HEALED = 2_000

Progress = Callable[[str, HarvestTally], None]
"""Told the route and what it has done so far, after every batch."""


@dataclass(slots=True)
class Gathered:
    """What became of one order: the tally of each route, the reason of each that failed, the audit afterwards."""

    place: str
    tallies: dict[str, HarvestTally] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    audit: Audit | None = None


def client() -> Client:
    """The one polite client, as the options say."""
    options = settings.OPTIONS
    return Client(settings.DATA / "sources", contact=options["contact"], private=options["private_sources"])


def routes_to(place: str) -> tuple[Source, ...]:
    """The routes to ``place``, at the addresses and with the key that the options say.

    Raises:
        UnknownPlace: if there is none of that name.
    """
    bases = {
        name.partition(".")[2]: address
        for name, address in settings.OPTIONS["source_addresses"].items()
        if name.partition(".")[0] == place
    }
    key = settings.OPTIONS[f"{place}_key"] if place in places.KEYED else ""
    return places.routes(place, bases, key)


def check(place: str, topics: Sequence[str]) -> None:
    """Every route says at once, before it asks anything, which topics it does not know.

    Raises:
        UnknownPlace, UnknownTopic: with what there is instead.
    """
    asking = client()
    for source in routes_to(place):
        if source.tells is not Tells.PAPERS:
            source.fetch(asking, Wanted(topics=tuple(topics)), {})


def order(place: str, topics: Sequence[str], since: date | None = None) -> Order:
    """The standing order to harvest ``place``. Topics are added to those ordered before; without any the order stays
    as it is, and a new one is for everything.

    Raises:
        UnknownPlace: if there is none of that name.
        UnknownTopic: if it has no such topic, or must be told one.
    """
    before = Order.objects.filter(place=place).first()
    check(place, [*topics, *(before.topics if before else ())])
    held, new = Order.objects.get_or_create(place=place, defaults={"topics": sorted(set(topics)), "since": since})
    if not new:
        # Whoever ordered all of a place gets no less by naming a part of it.
        held.topics = sorted({*held.topics, *topics}) if held.topics else []
        if since is not None:
            held.since = min(since, held.since or since)
        held.save()
    return held


def gather(
    ordered: Order,
    *,
    only: Collection[str] = (),
    until: datetime | None = None,
    asking: Client | None = None,
    routes: Sequence[Source] = (),
    now: datetime | None = None,
    progress: Progress = lambda route, done: None,
) -> Gathered:
    """Harvest one order; ``only`` names the routes to use, ``routes`` are others than the options say.

    After ``until`` no further batch is asked for: the next run goes on from there.

    Raises:
        UnknownPlace: if the order is for a place that this release does not know.
    """
    asking = asking or client()
    routes = routes or routes_to(ordered.place)
    done = Gathered(ordered.place)
    if observe.helps(routes):
        # It announces nothing, so the ledger has nothing to say of it.
        for source in routes:
            _harvest(source, asking, observe.wanted(), done, progress, until)
        return done
    wanted = Wanted(topics=tuple(ordered.topics), since=_since(ordered, routes[0]))
    for source in routes:
        if source.route in only if only else source.tells is not Tells.PAPERS:
            _harvest(source, asking, wanted, done, progress, until)
    done.audit = ledger.audit(routes, ordered, now or timezone.now())
    missing = sorted({one for found in done.audit.missing.values() for one in found})[:MOST_HEALED]
    named = tuple(one for written in missing if (one := ids.parse(written)))
    for source in routes:
        if named and source.tells is Tells.PAPERS:
            Route.objects.filter(place=ordered.place, route=source.route).update(cursor={})
            _harvest(source, asking, Wanted(topics=wanted.topics, ids=named), done, progress, until)
            done.audit = ledger.audit(routes, ordered, now or timezone.now())
    return done


def _since(ordered: Order, source: Source) -> date:
    return ordered.since or ordered.given_at.astimezone(source.place.zone).date()


def _harvest(
    source: Source, asking: Client, wanted: Wanted, done: Gathered, progress: Progress, until: datetime | None
) -> None:
    try:
        done.tallies[source.route] = harvest(
            source, asking, wanted, progress=lambda so_far: progress(source.route, so_far), until=until
        )
    except (FetchFailed, RouteBusy, RouteLost, UnknownTopic) as wrong:
        done.failures[source.route] = in_words(source, wrong)
        _log.warning("%s by %s: %s", source.place.name, source.route, done.failures[source.route])
