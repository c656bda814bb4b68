"""What is done when nobody asks: each job, how often it is looked at, and when there is something to do.

The queue (django-q2) gives a job to one worker at a time and, if that dies, to another; each may run twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from broadsheet.catalog.models import Coverage, Edition, Entry, Order, Route, Run
from broadsheet.core.day import edition_day
from broadsheet.jobs import alarms, ledger, morning, observe
from broadsheet.jobs.edition import print_editions
from broadsheet.jobs.runs import ran
from broadsheet.jobs.tally import tally
from broadsheet.sources import places
from broadsheet.sources.place import Source, Tells

# A list of changes is asked for again after this long, or much sooner while a day is not whole.
CHANGES_EVERY = timedelta(hours=20)
CHANGES_SOON = timedelta(hours=2)
# The listing of a day is looked for this often until it is there.
LISTING_EVERY = timedelta(minutes=30)
# No harvest goes on for longer: the next one goes on from its cursor.
LONGEST = timedelta(minutes=45)
_RUNS_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job: the dotted name of its function, and after how many minutes it is looked at again."""

    name: str
    function: str
    minutes: int


JOBS = (
    Scheduled("harvest", "broadsheet.jobs.schedule.harvest_what_is_due", 5),
    Scheduled("editions", "broadsheet.jobs.schedule.turn_the_page", 5),
    Scheduled("prune", "broadsheet.jobs.schedule.prune", 24 * 60),
)


def install() -> None:
    """Write the jobs into the queue's schedule; those of an older release that are no more are taken out."""
    from django_q.models import Schedule

    for one in JOBS:
        facts = {"func": one.function, "schedule_type": Schedule.MINUTES, "minutes": one.minutes, "repeats": -1}
        Schedule.objects.update_or_create(
            name=one.name, defaults=facts, create_defaults=facts | {"next_run": timezone.now()}
        )
    Schedule.objects.filter(func__startswith="broadsheet.").exclude(name__in=[one.name for one in JOBS]).delete()


def due(ordered: Order, source: Source, now: datetime) -> bool:
    """Whether it is time to ask ``source`` for what is ordered."""
    row = Route.objects.filter(
        place=ordered.place, route=source.route, scope=ledger.scope_of(ordered.topics)
    ).first()
    last = max((at for at in (row.succeeded_at, row.failed_at) if at), default=None) if row else None
    helps = source.tells is Tells.PAPERS and observe.helps(places.routes(ordered.place))
    if row is None or last is None:
        return helps or source.tells is not Tells.PAPERS
    if row.cursor and row.succeeded_at is None and not row.failure:
        return True  # it was stopped in the middle
    waited = now - last
    match source.tells:
        case Tells.CHANGES:
            return waited >= (CHANGES_SOON if _lacks(ordered, now) else CHANGES_EVERY)
        case Tells.LISTINGS:
            return waited >= LISTING_EVERY and (_lacks(ordered, now) or waited >= CHANGES_SOON)
        case _:
            return helps and waited >= CHANGES_EVERY


def _lacks(ordered: Order, now: datetime) -> bool:
    """Whether a day of the last week is not whole, or nothing is known yet of today."""
    today = now.astimezone(places.place(ordered.place).zone).date()
    lines = Coverage.objects.filter(place=ordered.place, day__gt=today - timedelta(days=7))
    return lines.filter(state__in=Coverage.LACKING).exists() or not lines.filter(day=today).exists()


def _kept_orders() -> list[Order]:
    """The standing orders but those of places that this release does not know; an alarm tells of these."""
    return [one for one in Order.objects.order_by("place") if one.place in places.names()]


def harvest_what_is_due() -> int:
    """Harvest the routes whose time it is. Returns how many orders were looked into."""
    began = timezone.now()
    done = 0
    for ordered in _kept_orders():
        routes = [one for one in morning.routes_to(ordered.place) if due(ordered, one, began)]
        if not routes:
            continue
        morning.gather(ordered, only=tuple(one.route for one in routes), until=began + LONGEST)
        done += 1
    if done:
        tally()
        print_editions(edition_day(timezone.now()))
    alarms.sound(timezone.now())
    return done


def turn_the_page() -> int:
    """Close yesterday's edition when the day is over, and write the ledger's lines of the new day."""
    now = timezone.now()
    for ordered in _kept_orders():
        routes = morning.routes_to(ordered.place)
        if not observe.helps(routes):
            ledger.audit(routes, ordered, now, first=_week_before(now))
    # What trends grows older with the day, whether or not an edition is open.
    tally()
    if not Edition.objects.filter(closed_at=None).exists():
        return 0
    with ran("editions") as counted:
        counted["printed"] = print_editions(edition_day(now))
    return counted["printed"]


def _week_before(now: datetime) -> date:
    return now.date() - timedelta(days=7)


def prune() -> int:
    """Forget announcements and runs that are long over, and editions without a paper."""
    now = timezone.now()
    with ran("prune") as counted:
        counted["announcements"] = ledger.prune(now)
        old = Run.objects.filter(finished_at__lt=now - _RUNS_KEPT).exclude(job="import")
        counted["runs"], _ = old.delete()
        empty = Edition.objects.filter(day__lt=_week_before(now)).exclude(id__in=Entry.objects.values("edition"))
        counted["editions"], _ = empty.delete()
    return sum(counted.values())
