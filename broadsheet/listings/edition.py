"""The papers of a day, a week or a month."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from broadsheet.catalog.models import Edition, Entry
from broadsheet.core.card import Facet, Listing
from broadsheet.core.day import Period, PeriodKind, period_of
from broadsheet.core.topics import topic_name
from broadsheet.listings.cards import Scope, cards_by_number, offset_of, placed


class Order(StrEnum):
    """How a reader may have the papers of a period. ``EDITION`` is the frozen order of the edition."""

    EDITION = "edition"
    VOTES = "votes"
    STARS = "stars"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class EditionPage:
    """A page of a period. ``days`` are its editions that have papers: day, papers, picked.

    ``picked`` and ``announced`` count each paper of the period once, whatever the scope.
    """

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
    count: int
    admitted: bool


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
    places = _places(period, scope, order)
    rows = _in_order([row for row in places if row.admitted], period, order)
    offset = offset_of(page, limit)
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
    picked = sum(row.picked for row in places)
    return EditionPage(
        period=period,
        listing=listing,
        previous=_neighbour(period, Edition.objects.before(period.first).first()),
        following=_neighbour(period, Edition.objects.after(period.last).first()),
        days=tuple((edition.day, edition.papers, edition.picked) for edition in editions if edition.papers),
        closed=bool(editions) and all(edition.closed_at for edition in editions),
        picked=picked,
        announced=len(places) - picked,
        note=" ".join(edition.note for edition in editions if edition.note),
    )


def _places(period: Period, scope: Scope, order: Order) -> list[_Row]:
    """Every paper of the period once: where it was first picked, else where it came first."""
    entries = Entry.objects.in_period(period).filter(paper__withdrawn=False)
    columns = ["paper_id", "picked", "paper__points", "edition__day", "position"]
    by_count = order in (Order.VOTES, Order.STARS)
    columns += ["paper__signals"] if by_count else []
    columns += ["paper__topics", "paper__sources", "paper__links"] if scope else []
    rows: dict[int, _Row] = {}
    for entry in entries.order_by("edition__day", "position").values_list(*columns):
        held = rows.get(entry[0])
        if held is None or (entry[1] and not held.picked):
            count = _value(entry[5], order) if by_count else 0
            admitted = not scope or scope.admits(*entry[-3:])
            rows[entry[0]] = _Row(entry[0], entry[1], entry[2], entry[3], entry[4], count, admitted)
    return list(rows.values())


def _in_order(rows: list[_Row], period: Period, order: Order) -> list[_Row]:
    match order:
        case Order.VOTES | Order.STARS:
            return sorted(rows, key=lambda row: (-row.count, row.day, row.position))
        case Order.NEWEST:
            return sorted(rows, key=lambda row: (-row.day.toordinal(), -row.paper))
        case _ if period.kind is PeriodKind.DAY:
            return sorted(rows, key=lambda row: row.position)
        case _:
            return sorted(rows, key=lambda row: (not row.picked, -row.points, -row.day.toordinal(), row.position))


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
