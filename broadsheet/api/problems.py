"""Errors as problem+json (RFC 9457): which parameter, what is wrong with it, what to send instead."""

from http import HTTPStatus

import orjson
from django.http import HttpResponse


class BadParameter(ValueError):
    """A parameter that cannot be used. ``name`` is the parameter; the message says what to send instead."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def problem(status: HTTPStatus, detail: str, parameter: str = "") -> HttpResponse:
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    if parameter:
        body["parameter"] = parameter
    # The clients of the API this one is shaped after read the reason from ``error``.
    body["error"] = detail
    return HttpResponse(orjson.dumps(body), status=status.value, content_type="application/problem+json")
