"""The papers of a day, a week or a month."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from broadsheet.catalog.models import Edition, Entry
from broadsheet.core.card import Facet, Listing
from broadsheet.core.day import Period, PeriodKind, period_of
from broadsheet.core.topics import topic_name
from broadsheet.listings.cards import Scope, cards_by_number, placed


class Order(StrEnum):
    """How a reader may have the papers of a period. ``EDITION`` is the frozen order of the edition."""

    EDITION = "edition"
    VOTES = "votes"
    STARS = "stars"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class EditionPage:
    """A page of a period. ``days`` are its editions: day, papers, picked. ``picked`` + ``announced`` = papers."""

    period: Period
    listing: Listing
    previous: Period | None
    following: Period | None
    days: tuple[tuple[date, int, int], ...]
    closed: bool
    picked: int
    announced: int
    note: str


@dataclass(frozen=True, slots=True)
class _Row:
    paper: int
    picked: bool
    points: float
    day: date
    position: int


def latest_day(today: date) -> date | None:
    """The day of the last edition that is not after ``today``, else the first there is."""
    edition = Edition.objects.latest_until(today).first() or Edition.objects.with_papers().order_by("day").first()
    return edition.day if edition else None


def edition_page(
    period: Period,
    *,
    page: int = 1,
    scope: Scope | None = None,
    order: Order = Order.EDITION,
    limit: int = 50,
    last_visit: datetime | None = None,
) -> EditionPage:
    """Page ``page`` (from 1) of the papers of ``period``. Six queries, whatever the size."""
    scope = scope or Scope()
    editions = list(Edition.objects.filter(day__gte=period.first, day__lte=period.last).order_by("day"))
    rows = _rows(period, scope, order)
    offset = max(0, page - 1) * limit
    shown = rows[offset : offset + limit]
    cards = {one.paper: one for one in cards_by_number([row.paper for row in shown], last_visit=last_visit)}
    listing = Listing(
        cards=tuple(
            placed(cards[row.paper], picked=row.picked, day=row.day) for row in shown if row.paper in cards
        ),
        total=len(rows),
        offset=offset,
        limit=limit,
        facets=_facets(editions, scope),
    )
    picked = sum(edition.picked for edition in editions)
    return EditionPage(
        period=period,
        listing=listing,
        previous=_neighbour(period, Edition.objects.before(period.first).first()),
        following=_neighbour(period, Edition.objects.after(period.last).first()),
        days=tuple((edition.day, edition.papers, edition.picked) for edition in editions),
        closed=bool(editions) and all(edition.closed_at for edition in editions),
        picked=picked,
        announced=sum(edition.papers for edition in editions) - picked,
        note=" ".join(edition.note for edition in editions if edition.note),
    )


def _rows(period: Period, scope: Scope, order: Order) -> list[_Row]:
    """The places in the period, each paper once (where it was picked, else where it came first), in order."""
    entries = Entry.objects.in_period(period).filter(paper__withdrawn=False)
    columns = ["paper_id", "picked", "paper__points", "edition__day", "position"]
    extra = ["paper__topics", "paper__sources", "paper__links"] if scope else []
    extra += ["paper__signals"] if order in (Order.VOTES, Order.STARS) else []
    rows: dict[int, _Row] = {}
    value: dict[int, int] = {}
    for entry in entries.order_by("edition__day", "position").values_list(*columns, *extra):
        if scope and not scope.admits(entry[5], entry[6], entry[7]):
            continue
        row = _Row(*entry[:5])
        held = rows.get(row.paper)
        if held is None or (row.picked and not held.picked):
            rows[row.paper] = row
        if order in (Order.VOTES, Order.STARS):
            value[row.paper] = _value(entry[-1], order)
    listed = list(rows.values())
    match order:
        case Order.VOTES | Order.STARS:
            listed.sort(key=lambda row: (-value[row.paper], row.position))
        case Order.NEWEST:
            listed.sort(key=lambda row: (-row.day.toordinal(), -row.paper))
        case _ if period.kind is not PeriodKind.DAY:
            listed.sort(key=lambda row: (not row.picked, -row.points, -row.day.toordinal(), row.position))
    return listed


def _value(signals: dict[str, int], order: Order) -> int:
    if order is Order.STARS:
        return signals.get("github.stars", 0)
    return max(signals.get("broadsheet.votes", 0), signals.get("huggingface.votes", 0))


def _facets(editions: list[Edition], scope: Scope) -> dict[str, tuple[Facet, ...]]:
    counts: dict[str, Counter[str]] = {"topic": Counter(), "source": Counter(), "code": Counter()}
    for edition in editions:
        for name, held in counts.items():
            held.update(edition.facets.get(name, {}))
    chosen = {"topic": scope.topic, "source": scope.source, "code": "yes" if scope.has_code else ""}
    return {
        name: tuple(
            Facet(value, topic_name(value) if name == "topic" else value, count, value == chosen[name])
            for value, count in held.most_common(40)
            if count
        )
        for name, held in counts.items()
    }


def _neighbour(period: Period, edition: Edition | None) -> Period | None:
    return period_of(period.kind, edition.day) if edition else None
