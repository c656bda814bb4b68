"""Addresses for machines that look after the site."""

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from broadsheet.web.show import absolute

# One page for each combination of filters is endless: crawlers get every paper and edition without them.
ROBOTS = """User-agent: *
Disallow: /*?
Disallow: /papers/date?
Crawl-delay: 5
"""


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing is asked of the database: a slow disk must not restart a living server."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 if pages can be made; the alarms that ring stand in it, each on a line, and leave it 200: reading goes on."""
    from django.db import DatabaseError

    from broadsheet.listings.status import alarms

    try:
        ringing = alarms()
    except DatabaseError:
        return _plain("the database does not answer\n", status=503)
    return _plain(
        "".join(["ready\n", *(f"alarm since {since:%Y-%m-%dT%H:%MZ}: {said}\n" for said, since in ringing)])
    )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of the status page as Prometheus reads them."""
    from broadsheet.listings.coverage import counted
    from broadsheet.listings.status import status

    now = status()
    lines = [
        f"broadsheet_papers {now.papers}",
        f"broadsheet_index_waiting {now.waiting}",
        f"broadsheet_alarms {len(now.alarms)}",
        *(
            f'broadsheet_coverage_days{{place="{place}",state="{state}"}} {days}'
            for (place, state), days in counted()
        ),
        *(
            f'broadsheet_route_success_seconds{{place="{one.place}",route="{one.route}"}} {one.succeeded_at.timestamp():.0f}'
            for one in now.routes
            if one.succeeded_at
        ),
    ]
    return _plain("\n".join([*lines, ""]))


def _plain(text: str, status: int = 200) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "max-age=3600"})


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """For what asks for /favicon.ico whatever the page says."""
    return HttpResponse(status=301, headers={"Location": static("icon.svg")})


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """Lets a browser add the site to its search engines."""
    from django.template.loader import render_to_string

    context = {"site": absolute(request, "")}
    return HttpResponse(
        render_to_string("opensearch.xml", context, request),
        content_type="application/opensearchdescription+xml",
        headers={"Cache-Control": "max-age=86400"},
    )
