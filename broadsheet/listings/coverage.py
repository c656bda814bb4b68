"""The completeness ledger, as people and programs read it: a row for each topic, a day after the other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from broadsheet.catalog.models import Coverage, Order
from broadsheet.listings.status import alarms

DAYS = 35


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of one topic. ``state`` is one of ``Coverage.State``, or empty where nothing is written."""

    day: date
    state: str = ""
    announced: int = 0
    held: int = 0
    missing: int = 0
    disputed: int = 0
    listed: tuple[str, ...] = ()
    complete_at: datetime | None = None

    @property
    def said(self) -> str:
        """The line as a sentence."""
        match self.state:
            case Coverage.State.COMPLETE:
                return f"all {self.announced} held" if self.announced else "nothing was announced, and that is all"
            case Coverage.State.MISSING:
                return f"{self.missing} of {self.announced} missing"
            case Coverage.State.LATE:
                return "late: nothing told yet" if not self.announced else f"late: {self.announced} told so far"
            case Coverage.State.WAITING:
                return "not yet due"
            case Coverage.State.QUIET:
                return "no announcements on this day"
            case _:
                return "not harvested"


@dataclass(frozen=True, slots=True)
class TopicRow:
    """The days of one topic of one place, oldest first."""

    place: str
    topic: str
    days: tuple[DayLine, ...]
    announced: int
    held: int

    @property
    def name(self) -> str:
        return f"{self.place} {self.topic}".strip()

    @property
    def wrong(self) -> tuple[DayLine, ...]:
        return tuple(one for one in self.days if one.state in Coverage.WRONG)


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """The ledger from ``first`` to ``last``, and the alarms that ring."""

    first: date
    last: date
    rows: tuple[TopicRow, ...]
    alarms: tuple[tuple[str, datetime], ...]
    checked_at: datetime | None

    @property
    def whole(self) -> bool:
        return not any(row.wrong for row in self.rows)


def coverage_page(last: date, *, days: int = DAYS, place: str = "", topic: str = "") -> CoveragePage:
    """The ledger of the ``days`` days that end with ``last``, of all that is ordered or of one place or topic."""
    first = last - timedelta(days=days - 1)
    lines = Coverage.objects.filter(day__gte=first, day__lte=last)
    if place:
        lines = lines.filter(place=place)
    if topic:
        lines = lines.filter(topic=topic)
    by_topic: dict[tuple[str, str], dict[date, Coverage]] = defaultdict(dict)
    for name in _ordered(place, topic):
        by_topic[name] = {}
    for line in lines:
        by_topic[line.place, line.topic][line.day] = line
    span = [first + timedelta(days=number) for number in range(days)]
    rows = tuple(_row(*name, held, span) for name, held in sorted(by_topic.items()))
    checked = max((line.checked_at for held in by_topic.values() for line in held.values()), default=None)
    return CoveragePage(first, last, rows, alarms(), checked)


def _ordered(place: str, topic: str) -> Iterable[tuple[str, str]]:
    for one in Order.objects.all():
        for name in one.topics or [""]:
            if (not place or one.place == place) and (not topic or name == topic):
                yield one.place, name


def _row(place: str, topic: str, held: dict[date, Coverage], span: Sequence[date]) -> TopicRow:
    days = tuple(_line(day, held.get(day)) for day in span)
    return TopicRow(place, topic, days, sum(one.announced for one in days), sum(one.held for one in days))


def _line(day: date, line: Coverage | None) -> DayLine:
    if line is None:
        return DayLine(day)
    return DayLine(
        day,
        line.state,
        line.announced,
        line.held,
        line.missing,
        line.disputed,
        tuple(line.listed),
        line.complete_at,
    )


def counted() -> list[tuple[tuple[str, str], int]]:
    """How many lines of the ledger are in each state, by place."""
    rows = Coverage.objects.values_list("place", "state").annotate(days=Count("id")).order_by("place", "state")
    return [((place, state), days) for place, state, days in rows]
