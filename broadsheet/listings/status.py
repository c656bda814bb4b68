"""How the site is: runs of jobs, routes to sources, what waits. For people who look after it and for machines."""

from dataclasses import dataclass
from datetime import datetime

from django_q.models import Schedule

from broadsheet.catalog.models import Alarm, Edition, Order, Outbox, Paper, Route, Run

RUNS = 30


@dataclass(frozen=True, slots=True)
class RouteState:
    """One route to a source. ``stale``: its last list that was read to its end is followed by a failure."""

    place: str
    route: str
    topics: str
    succeeded_at: datetime | None
    failed_at: datetime | None
    failure: str

    @property
    def stale(self) -> bool:
        return bool(self.failure)


@dataclass(frozen=True, slots=True)
class RunState:
    """One execution of a job, with what it counted."""

    job: str
    target: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    message: str
    tally: tuple[tuple[str, int], ...]

    @property
    def seconds(self) -> float | None:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A scheduled job, and when it is next looked at."""

    name: str
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """The whole page. ``waiting`` counts changes that the index has not seen."""

    papers: int
    waiting: int
    edition: Edition | None
    ordered: tuple[str, ...]
    routes: tuple[RouteState, ...]
    runs: tuple[RunState, ...]
    jobs: tuple[Waiting, ...]
    alarms: tuple[tuple[str, datetime], ...]


def status(runs: int = RUNS) -> Status:
    """``runs``: how many of the last ones."""
    return Status(
        papers=Paper.objects.count(),
        waiting=Outbox.objects.count(),
        edition=Edition.objects.with_papers().order_by("-day").first(),
        ordered=tuple(str(one) for one in Order.objects.order_by("place")),
        routes=tuple(
            RouteState(row.place, row.route, row.scope, row.succeeded_at, row.failed_at, row.failure)
            for row in Route.objects.order_by("place", "route", "scope")
        ),
        runs=tuple(_run(row) for row in Run.objects.order_by("-id")[:runs]),
        jobs=tuple(Waiting(*row) for row in Schedule.objects.order_by("name").values_list("name", "next_run")),
        alarms=alarms(),
    )


def alarms() -> tuple[tuple[str, datetime], ...]:
    """What rings now, and since when; the oldest first."""
    return tuple(Alarm.objects.order_by("began_at").values_list("said", "began_at"))


def _run(row: Run) -> RunState:
    tally = tuple((name, count) for name, count in row.tally.items() if isinstance(count, int) and count)
    return RunState(row.job, row.target[:120], row.state, row.started_at, row.finished_at, row.message, tally)
