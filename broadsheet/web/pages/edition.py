"""The front page, and the editions of a day, a week and a month."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from broadsheet.core.card import Card
from broadsheet.core.day import BadPeriod, Period, PeriodKind, day_period, edition_day, parse_period, period_of
from broadsheet.listings.cards import Scope
from broadsheet.listings.edition import EditionPage, Order, edition_page, latest_day
from broadsheet.web import address as ask
from broadsheet.web import wording
from broadsheet.web.address import Address, elsewhere, read_address
from broadsheet.web.narrowing import rail
from broadsheet.web.pages.errors import not_found
from broadsheet.web.show import show

# Titles alone are short: a day of several hundred is then read on one page.
TITLES_A_PAGE = 200

NARROWING = (ask.text("topic", 60), ask.text("source", 40), ask.flag("code"))
PARAMETERS = (*NARROWING, ask.choice("order", *(one.value for one in Order)), ask.VIEW, ask.PAGE)


@dataclass(frozen=True, slots=True)
class Section:
    """Papers under one heading; no heading where there is nothing to tell apart."""

    heading: str
    told: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the calendar; ``papers`` 0 where there was no edition."""

    day: date
    papers: int
    picked: int
    outside: bool


def front(request: HttpRequest) -> HttpResponse:
    """The edition of the last day that has one."""
    day = latest_day(edition_day(timezone.now()))
    if day is None:
        return show(request, "empty.html", {"tab": "date"}, canonical="/papers")
    return _edition(request, day_period(day), front_page=True)


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/papers")


def latest(request: HttpRequest, kind: str) -> HttpResponse:
    """``/papers/week`` and the like: to the last one. ``?day=`` names any day in the one wanted."""
    asked = read_address(request, ask.day("day")).get("day")
    today = edition_day(timezone.now())
    day = date.fromisoformat(asked) if asked else latest_day(today) or today
    try:
        period = parse_period(PeriodKind(kind), period_of(PeriodKind(kind), day).slug)
    except BadPeriod as wrong:
        return not_found(request, str(wrong))
    kept = read_address(request, *NARROWING, ask.VIEW)
    return HttpResponseRedirect(kept.link(f"/papers/{kind}/{period.slug}"))


def edition(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    try:
        period = parse_period(PeriodKind(kind), slug)
    except BadPeriod as wrong:
        return not_found(request, str(wrong))
    if period.slug != slug:
        return HttpResponseRedirect(f"/papers/{kind}/{period.slug}")
    return _edition(request, period)


def _edition(request: HttpRequest, period: Period, *, front_page: bool = False) -> HttpResponse:
    address = read_address(request, *PARAMETERS)
    if moved := elsewhere(request, address):
        return moved
    page = edition_page(
        period,
        page=address.page,
        scope=Scope(address.get("topic"), address.get("source"), bool(address.get("code"))),
        order=Order(address.get("order") or Order.EDITION),
        limit=settings.OPTIONS["page_size"] if address.view == "full" else TITLES_A_PAGE,
        last_visit=getattr(request, "last_visit", None),
    )
    listing = page.listing
    if listing.total and address.page > listing.pages:
        return HttpResponseRedirect(address.link(page=str(listing.pages)))
    path = f"/papers/{period.kind}/{period.slug}"
    context = {
        "tab": period.kind.value,
        "tabs": _tabs(address, period),
        "page": page,
        "listing": listing,
        "address": address,
        "headline": wording.headline(period),
        "kicker": wording.kicker(period),
        "sections": _sections(page, address),
        "rail": rail(address, listing.facets),
        "calendar": _calendar(page),
        "orders": _ORDERS,
        "previous": _neighbour(address, page.previous),
        "following": _neighbour(address, page.following),
        "future": period.first > edition_day(timezone.now()),
    }
    return show(
        request,
        "edition.html",
        context,
        canonical="/papers" if front_page else path,
        indexed=address.plain and bool(listing.total),
    )


_ORDERS = (
    ("edition", "As printed"),
    ("votes", "Most votes"),
    ("stars", "Most stars"),
    ("newest", "Newest first"),
)


def _sections(page: EditionPage, address: Address) -> list[Section]:
    cards = page.listing.cards
    if not cards:
        return []
    picked = tuple(card for card in cards if card.picked)
    announced = tuple(card for card in cards if not card.picked)
    if address.get("order"):
        return [Section("", "", cards)]
    held = []
    if picked:
        held.append(Section("Picked", "chosen by people, most noticed first", picked))
    if announced:
        held.append(Section("Announced", "everything else of the day" if len(page.days) == 1 else "", announced))
    return held


def _tabs(address: Address, period: Period) -> dict[str, str]:
    """The same days as a day, a week and a month, narrowed the same way."""
    day = period.first if period.kind is PeriodKind.DAY else period.last
    return {
        "week": address.link(f"/papers/week/{period_of(PeriodKind.WEEK, day).slug}", order=""),
        "month": address.link(f"/papers/month/{period_of(PeriodKind.MONTH, day).slug}", order=""),
    }


def _neighbour(address: Address, period: Period | None) -> dict[str, Any] | None:
    if period is None:
        return None
    return {
        "link": address.link(f"/papers/{period.kind}/{period.slug}"),
        "name": wording.short(period, edition_day(timezone.now())),
    }


def _calendar(page: EditionPage) -> list[list[Cell]]:
    """The weeks of the period, Monday first; none for a day."""
    period = page.period
    if period.kind is PeriodKind.DAY:
        return []
    held = {day: (papers, picked) for day, papers, picked in page.days}
    at = period.first - timedelta(days=period.first.weekday())
    weeks = []
    while at <= period.last:
        week = [at + timedelta(days=number) for number in range(7)]
        weeks.append([Cell(day, *held.get(day, (0, 0)), outside=day not in period) for day in week])
        at += timedelta(days=7)
    return weeks
