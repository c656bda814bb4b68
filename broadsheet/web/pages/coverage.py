"""Whether all that was announced is here, and how the site is."""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet.core.day import BadPeriod, PeriodKind, edition_day, parse_period
from broadsheet.listings.coverage import DAYS, coverage_page
from broadsheet.listings.status import status as read_status
from broadsheet.web.show import show


def coverage(request: HttpRequest) -> HttpResponse:
    today = edition_day(timezone.now())
    until = _until(request.GET.get("until", ""), today)
    topic = request.GET.get("topic", "")[:60]
    page = coverage_page(until, topic=topic)
    return show(
        request,
        "coverage.html",
        {
            "page": page,
            "topic": topic,
            "earlier": page.first - timedelta(days=1),
            "later": min(today, until + timedelta(days=DAYS)) if until < today else None,
        },
        canonical="/coverage",
        indexed=False,
    )


def status(request: HttpRequest) -> HttpResponse:
    return show(request, "status.html", {"status": read_status()}, canonical="/status", indexed=False)


def _until(written: str, today: date) -> date:
    if not written:
        return today
    try:
        return min(today, parse_period(PeriodKind.DAY, written).first)
    except BadPeriod as wrong:
        raise Http404(str(wrong)) from wrong
