"""The last step of every page: a template, whole or as a fragment, with the headers that pages share."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for the part inside <main>, not for a document."""
    return (
        request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"
    )


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    canonical: str = "",
    indexed: bool = True,
) -> HttpResponse:
    """``template`` as a page. ``canonical`` is its one path; ``indexed`` false asks search engines to leave it."""
    made = render_to_string(
        template,
        {
            "base": "fragment.html" if is_fragment(request) else "page.html",
            "canonical": absolute(request, canonical) if canonical else "",
            "indexed": indexed,
            "q": "",
            "searched": "",
            **context,
        },
        request,
    )
    response = HttpResponse(made, status=status)
    # Marks of the last visit differ from browser to browser: no shared cache may keep a page.
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie", "HX-Request"))
    if not indexed:
        response["X-Robots-Tag"] = "noindex"
    return response


def absolute(request: HttpRequest, path: str) -> str:
    """``path`` with the public address of the site, as the option says or else as the request came."""
    base = settings.OPTIONS["base_url"] or f"{request.scheme}://{request.get_host()}"
    return f"{base}{path}"
