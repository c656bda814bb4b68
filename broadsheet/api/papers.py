"""The Daily Papers routes: an edition, a search, a paper."""

from collections.abc import Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from broadsheet.api import parameters, shapes
from broadsheet.api.parameters import View
from broadsheet.api.problems import BadParameter, problem
from broadsheet.core.day import BadPeriod, Period, PeriodKind, day_period, edition_day, parse_period
from broadsheet.listings.cards import Scope
from broadsheet.listings.edition import edition_page, latest_day
from broadsheet.listings.paper import paper_page
from broadsheet.listings.search import BadCursor, Mode, SearchRequest, Sort, TooBusy, TooLong, search_page
from broadsheet.listings.trending import Window, trending_page

MOST_FOUND = 120
MOST_LISTED = 100


def answer(view: View) -> View:
    """Only GET and HEAD; a bad parameter becomes a 400 that names it; readable from any site."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except BadParameter as wrong:
            response = problem(HTTPStatus.BAD_REQUEST, str(wrong), wrong.name)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Link, Retry-After, X-Total-Count"
        return response

    return require_safe(checked)


def json(body: Any) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type="application/json; charset=utf-8")


@answer
def search(request: HttpRequest) -> HttpResponse:
    """Papers that match ``q``, best first. The filters, and going on by the ``Link`` to the next page (its ``cursor``
    knows what was sent) or by ``page``, go beyond the API this one is shaped after."""
    query = request.GET.get("q", "")
    if not query.strip():
        raise BadParameter("q", "q is missing: send the words to look for.")
    asked = SearchRequest(
        q=query,
        since=parameters.day(request, "from"),
        until=parameters.day(request, "to"),
        topic=request.GET.get("topic", ""),
        source=request.GET.get("source", ""),
        has_code=parameters.flag(request, "has_code"),
        sort=parameters.choice(request, "sort", Sort.BEST),
        mode=parameters.choice(request, "mode", Mode.HYBRID),
        page=parameters.whole(request, "page", 0, 1, 1000) or None,
        limit=parameters.whole(request, "limit", MOST_FOUND, 1, MOST_FOUND),
        cursor=request.GET.get("cursor", ""),
        year=parameters.whole(request, "year", 0, 1000, 2999) or None,
        venue=request.GET.get("venue", ""),
    )
    try:
        page = search_page(asked, today=edition_day(timezone.now()), client=getattr(request, "client", ""))
    except TooBusy as wrong:
        response = problem(HTTPStatus.SERVICE_UNAVAILABLE, str(wrong))
        response["Retry-After"] = str(wrong.again)
        return response
    except TooLong as wrong:
        raise BadParameter("q", str(wrong)) from None
    except BadCursor as wrong:
        raise BadParameter("cursor", f"{wrong}.") from None
    response = json([shapes.found(card) for card in page.listing.cards])
    response["X-Total-Count"] = str(page.listing.total)
    if page.more:
        kept = {name: value for name, value in request.GET.dict().items() if name not in ("page", "cursor")}
        response["Link"] = _next(request, {**kept, "cursor": page.cursor})
    return response


@answer
def daily(request: HttpRequest) -> HttpResponse:
    """The picked papers of a day, a week or a month, else what is trending; ``p`` counts pages from 0."""
    page = parameters.whole(request, "p", 0, 0, 10_000)
    limit = parameters.whole(request, "limit", 50, 1, MOST_LISTED)
    today = edition_day(timezone.now())
    period = _period(request)
    if period is None and request.GET.get("sort") == "trending":
        listing = trending_page(Window.WEEK, today, page=page + 1, limit=limit).listing
    else:
        period = period or day_period(latest_day(today) or today)
        listing = edition_page(period, page=page + 1, limit=limit, scope=_scope(request)).listing
    response = json([shapes.item(card) for card in listing.cards])
    if page + 1 < listing.pages:
        response["Link"] = _next(request, {**request.GET.dict(), "p": str(page + 1)})
    return response


@answer
def paper(request: HttpRequest, key: str) -> HttpResponse:
    page = paper_page(key)
    if page is None:
        return problem(
            HTTPStatus.NOT_FOUND, f"No paper here has the id {key[:100]!r}. Search by its title, or import it."
        )
    return json(
        shapes.paper(page.card)
        | {
            "ids": [one.key for one in page.ids],
            "versions": [{"number": one.number, "at": shapes.moment(one.at)} for one in page.versions],
            "links": page.links,
            "origins": page.origins,
            "editions": [day.isoformat() for day in page.editions],
            "similar": [{"id": one.key, "title": one.title, "score": one.score} for one in page.similar],
        }
    )


def _next(request: HttpRequest, asked: Mapping[str, str]) -> str:
    return f'<{request.build_absolute_uri(request.path)}?{urlencode(asked)}>; rel="next"'


def _period(request: HttpRequest) -> Period | None:
    for kind, name in ((PeriodKind.DAY, "date"), (PeriodKind.WEEK, "week"), (PeriodKind.MONTH, "month")):
        if slug := request.GET.get(name):
            try:
                return parse_period(kind, slug)
            except BadPeriod as wrong:
                raise BadParameter(name, str(wrong)) from None
    return None


def _scope(request: HttpRequest) -> Scope:
    return Scope(
        topic=request.GET.get("topic", ""),
        source=request.GET.get("source", ""),
        has_code=parameters.flag(request, "has_code"),
    )
