"""What is trending, over a day to all time."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from broadsheet.core.day import edition_day
from broadsheet.listings.cards import Scope
from broadsheet.listings.trending import Window, trending_page
from broadsheet.web import address as ask
from broadsheet.web.address import elsewhere, read_address
from broadsheet.web.narrowing import Choice, rail
from broadsheet.web.pages.edition import NARROWING, TITLES_A_PAGE
from broadsheet.web.show import show

WINDOWS = {
    Window.WEEK: "Week",
    Window.DAY: "Day",
    Window.MONTH: "Month",
    Window.YEAR: "Year",
    Window.ALL: "All time",
}
PARAMETERS = (ask.choice("window", *WINDOWS), *NARROWING, ask.VIEW, ask.PAGE)
SPANS = {
    Window.DAY: "the last day",
    Window.WEEK: "the last week",
    Window.MONTH: "the last month",
    Window.YEAR: "the last year",
    Window.ALL: "all time",
}


def trending(request: HttpRequest) -> HttpResponse:
    address = read_address(request, *PARAMETERS)
    if moved := elsewhere(request, address):
        return moved
    window = Window(address.get("window") or Window.WEEK)
    page = trending_page(
        window,
        edition_day(timezone.now()),
        page=address.page,
        scope=Scope(address.get("topic"), address.get("source"), bool(address.get("code"))),
        limit=settings.OPTIONS["page_size"] if address.view == "full" else TITLES_A_PAGE,
        last_visit=getattr(request, "last_visit", None),
    )
    listing = page.listing
    if listing.total and address.page > listing.pages:
        return HttpResponseRedirect(address.link(page=str(listing.pages)))
    windows = [
        Choice(WINDOWS[one], address.link(window="" if one is Window.WEEK else one.value), chosen=one is window)
        for one in Window
    ]
    context = {
        "tab": "trending",
        "page": page,
        "listing": listing,
        "address": address,
        "span": SPANS[window],
        "windows": windows,
        "rail": rail(address, listing.facets),
    }
    return show(
        request,
        "trending.html",
        context,
        canonical="/papers/trending",
        indexed=address.plain and bool(listing.total),
    )
