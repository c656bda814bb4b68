"""Search over all papers, as a page and, while a reader types, as a fragment."""

from dataclasses import replace
from datetime import date
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from broadsheet.core.day import edition_day
from broadsheet.listings import cursors
from broadsheet.listings.search import BadCursor, Mode, SearchRequest, Sort, TooBusy, TooLong, search_page
from broadsheet.ranking.paging import DEEPEST
from broadsheet.web import address as ask
from broadsheet.web import wording
from broadsheet.web.address import MAX_ADDRESS, Address, elsewhere, read_address
from broadsheet.web.narrowing import Choice, rail
from broadsheet.web.pages.edition import TITLES_A_PAGE
from broadsheet.web.pages.errors import busy, refused
from broadsheet.web.pieces import paper_link, search_link
from broadsheet.web.show import is_fragment, show

# An edition is read to its end, a list of results from its top.
RESULTS_A_PAGE = 20
SORTS = (
    (Sort.BEST.value, "Best match"),
    (Sort.NEWEST.value, "Newest first"),
    (Sort.VOTES.value, "Most votes"),
    (Sort.TRENDING.value, "Trending"),
    (Sort.CITATIONS.value, "Most citations"),
)
MODES = (
    (Mode.HYBRID.value, "Words and meaning"),
    (Mode.WORDS.value, "Words only"),
    (Mode.MEANING.value, "Meaning only"),
)
PARAMETERS = (
    # Longer than any search may be: the listing says so, with the length.
    ask.text("q", 20_000),
    ask.text("topic", 60),
    ask.text("source", 40),
    ask.day("since"),
    ask.day("until"),
    ask.year("year"),
    ask.text("venue", 120),
    ask.flag("code"),
    ask.choice("sort", *(value for value, _ in SORTS)),
    ask.choice("mode", *(value for value, _ in MODES)),
    ask.VIEW,
    ask.text("cursor", cursors.LONGEST + 1),
    ask.PAGE,
)


def search(request: HttpRequest) -> HttpResponse:
    address = read_address(request, *PARAMETERS)
    if moved := elsewhere(request, address):
        return moved
    try:
        page = search_page(
            _asked(address),
            today=edition_day(timezone.now()),
            last_visit=getattr(request, "last_visit", None),
            client=getattr(request, "client", ""),
        )
    except TooLong as wrong:
        return refused(request, str(wrong), HTTPStatus.REQUEST_URI_TOO_LONG)
    except TooBusy as wrong:
        return busy(request, str(wrong), wrong.again, searched=address.get("q"))
    except BadCursor as wrong:
        told = f"The place in this list is lost ({wrong}). Search again to begin with its first page."
        return refused(request, told, searched=address.get("q"))
    if page.named and not is_fragment(request) and set(address.values) == {"q"}:
        return HttpResponseRedirect(paper_link(page.named))
    listing = replace(page.listing, total=min(page.listing.total, DEEPEST))
    if listing.total and address.page > listing.pages:
        return HttpResponseRedirect(address.at(listing.pages))
    query = address.get("q")
    context = {
        "q": query,
        "page": page,
        "listing": listing,
        "address": _going_on(address, page.cursor),
        "found": wording.counted(page.listing.total, "paper", "papers"),
        "suggestion": Choice(page.suggestion, search_link(page.suggestion)) if page.suggestion else None,
        "rail": rail(address, listing.facets),
        "sorts": SORTS,
        "modes": MODES,
    }
    response = show(request, "search.html", context, canonical=search_link(query), indexed=False)
    if is_fragment(request):
        # One step back leads to where the reader was before the search, however many letters were typed.
        response["HX-Replace-Url" if _was_search(request) else "HX-Push-Url"] = address.here
    return response


def _asked(address: Address) -> SearchRequest:
    return SearchRequest(
        q=address.get("q"),
        since=_day(address.get("since")),
        until=_day(address.get("until")),
        topic=address.get("topic"),
        source=address.get("source"),
        has_code=bool(address.get("code")),
        sort=Sort(address.get("sort") or Sort.BEST),
        mode=Mode(address.get("mode") or Mode.HYBRID),
        year=int(address.get("year") or 0) or None,
        venue=address.get("venue"),
        cursor=address.get("cursor"),
        page=address.page,
        limit=min(settings.OPTIONS["page_size"], RESULTS_A_PAGE) if address.view == "full" else TITLES_A_PAGE,
    )


def _going_on(address: Address, cursor: str) -> Address:
    """``address`` with the cursor that its pages go on with; without one where a very long search leaves no room."""
    known = address.seen(cursor)
    return known if len(known.page_after) < MAX_ADDRESS else address


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def _was_search(request: HttpRequest) -> bool:
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    return parts.path == "/papers" and "q" in parse_qs(parts.query)
