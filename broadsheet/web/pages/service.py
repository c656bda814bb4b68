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
