"""What a request may be at most: long addresses and large bodies are refused before anything reads them. And who sent
it, for the limits that are counted by client."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from broadsheet.core.client import client_of
from broadsheet.web.address import MAX_ADDRESS
from broadsheet.web.pages.errors import refused

MAX_BODY = 1_000_000

Handler = Callable[[HttpRequest], HttpResponse]


class RequestLimitsMiddleware:
    """Stands before everything that reads the address or the body, behind what sets headers. Sets ``request.client``."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = len(request.META.get("QUERY_STRING", "")) + len(request.path)
        if length > MAX_ADDRESS:
            told = f"The address has {length:,} characters; at most {MAX_ADDRESS:,} are read. Shorten the query."
            return refused(request, told, HTTPStatus.REQUEST_URI_TOO_LONG)
        try:
            body = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return refused(request, "The length of the request is not a number.")
        if body > MAX_BODY:
            told = f"The request has {body:,} bytes; at most {MAX_BODY:,} are read."
            return refused(request, told, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        request.client = client_of(  # type: ignore[attr-defined] # the request carries it to the page
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            settings.OPTIONS["proxies"],
        )
        return self.get_response(request)
