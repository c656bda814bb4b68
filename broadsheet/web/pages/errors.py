"""Pages for what went wrong: what it was, and a way on. None of them touches the database."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from broadsheet.web.address import BadAddress
from broadsheet.web.show import show


def not_found(request: HttpRequest, told: str = "", *, searched: str = "", elsewhere: str = "") -> HttpResponse:
    """404. ``told`` says what is missing; ``searched`` fills the search box; ``elsewhere`` is where it may be."""
    return _error(
        request,
        HTTPStatus.NOT_FOUND,
        "Not in print",
        told or "There is no page at this address.",
        searched=searched,
        elsewhere=elsewhere,
    )


def refused(
    request: HttpRequest, told: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST, *, searched: str = ""
) -> HttpResponse:
    """400 and its like: what was asked for cannot be read; ``told`` names it and the remedy."""
    return _error(request, status, "That cannot be read", told, searched=searched)


def busy(request: HttpRequest, told: str, again: int, *, searched: str = "") -> HttpResponse:
    """503: what was asked for takes too long now; ``again`` says after how many seconds to come back."""
    response = _error(request, HTTPStatus.SERVICE_UNAVAILABLE, "Not in time", told, searched=searched)
    response["Retry-After"] = str(again)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, for whatever was raised while the request was read; of our own errors the message is for the reader."""
    if isinstance(exception, BadAddress):
        return refused(request, str(exception))
    return refused(request, "The request is not one that a browser sends. Go back and try again.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, HTTPStatus.FORBIDDEN, "Not for this reader", "This page is not open to you.")


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token."""
    told = "The form came without its token, or with an old one. Go back, reload the page and send it again."
    return _error(request, HTTPStatus.FORBIDDEN, "The form is out of date", told)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return not_found(request)


def server_error(request: HttpRequest) -> HttpResponse:
    told = "Something failed on our side. It is in the log; nothing you did was lost. Try again in a moment."
    return _error(request, HTTPStatus.INTERNAL_SERVER_ERROR, "Stop press", told)


def _error(
    request: HttpRequest, status: HTTPStatus, headline: str, told: str, *, searched: str = "", elsewhere: str = ""
) -> HttpResponse:
    context = {
        "status": status.value,
        "headline": headline,
        "told": told,
        "searched": searched,
        "elsewhere": elsewhere,
    }
    response = show(request, "error.html", context, status=status.value, indexed=False)
    response["Cache-Control"] = "no-store"
    return response
