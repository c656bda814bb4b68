"""What a request may be at most: long addresses and large bodies are refused before anything reads them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape

MAX_ADDRESS = 12_000
MAX_BODY = 1_000_000

Handler = Callable[[HttpRequest], HttpResponse]


class RequestLimitsMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = len(request.META.get("QUERY_STRING", "")) + len(request.path)
        if length > MAX_ADDRESS:
            return _refused(
                f"The address has {length:,} characters; at most {MAX_ADDRESS:,} are read. Shorten the query.", 414
            )
        try:
            body = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return _refused("The length of the request is not a number.", 400)
        if body > MAX_BODY:
            return _refused(f"The request has {body:,} bytes; at most {MAX_BODY:,} are read.", 413)
        return self.get_response(request)


def _refused(message: str, status: int) -> HttpResponse:
    return HttpResponse(f"<!doctype html><title>{status}</title><p>{escape(message)}</p>", status=status)
