"""No question to the database takes longer than a second in a request: it is broken off, and the reader told."""

import time
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse

from broadsheet.web.pages.errors import busy

SECONDS = 1.0
_STEPS = 10_000  # of SQLite's machine between two looks at the clock: half a millisecond at most
_AGAIN = 5

Handler = Callable[[HttpRequest], HttpResponse]


class DeadlineMiddleware:
    """Holds every SQL statement of a request to `SECONDS`; one that is broken off becomes a 503."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = _Limit()
        try:
            with connection.execute_wrapper(limit):
                return self.get_response(request)
        finally:
            limit.lift()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        said = str(exception)
        if not isinstance(exception, OperationalError) or not (
            "interrupted" in said or "statement timeout" in said
        ):
            return None
        told = "This took the database too long, and was left. Ask for less, or try again in a moment."
        return busy(request, told, _AGAIN)


class _Limit:
    """Told of every statement before it runs."""

    def __init__(self) -> None:
        self._until = 0.0
        self._set = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self._until = time.monotonic() + SECONDS
        if not self._set:
            self._set = True
            if connection.vendor == "sqlite":
                connection.connection.set_progress_handler(self._is_over, _STEPS)
            else:
                with connection.connection.cursor() as cursor:
                    cursor.execute(f"SET statement_timeout = {SECONDS * 1000:.0f}")
        return execute(sql, params, many, context)

    def _is_over(self) -> int:
        return time.monotonic() > self._until

    def lift(self) -> None:
        """The connection outlives the request, and what else runs on it may take its time."""
        if not self._set or connection.connection is None:
            return
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(None, _STEPS)
        else:
            try:
                with connection.connection.cursor() as cursor:
                    cursor.execute("RESET statement_timeout")
            except Exception:  # of the driver: the server is gone, or the transaction is one that failed
                connection.close()
