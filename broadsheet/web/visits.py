"""When this browser last came: kept in a cookie of its own, so that reading writes nothing to the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone as clock

COOKIE = "visit"
# A pause this long makes the next page a new visit: what came since the last one is then marked new.
PAUSE = timedelta(minutes=30)
KEPT = timedelta(days=400)


class VisitMiddleware:
    """Sets ``request.last_visit``: the end of the visit before this one, or None at the first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        before, current = _read(request)
        if current is None:
            before = None
        elif now - current > PAUSE:
            before = current
        request.last_visit = before  # type: ignore[attr-defined] # the request carries it to the page
        response = self.get_response(request)
        # Written at most once a minute, so that most pages of a visit carry no cookie at all.
        if _is_page(response) and (current is None or now - current > timedelta(minutes=1)):
            value = f"{_stamp(before)}.{_stamp(now)}"
            response.set_signed_cookie(
                COOKIE, value, max_age=KEPT, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        return response


def _is_page(response: HttpResponse) -> bool:
    return response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")


def _read(request: HttpRequest) -> tuple[datetime | None, datetime | None]:
    try:
        before, current = str(request.get_signed_cookie(COOKIE, default="0.0")).split(".")
        return _moment(int(before)), _moment(int(current))
    except (signing.BadSignature, ValueError, OverflowError, OSError):
        return None, None


def _stamp(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _moment(stamp: int) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if stamp else None
