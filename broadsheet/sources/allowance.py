"""How much a place still allows, as its headers tell: when to come back, and when nothing is left."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from broadsheet.sources import loose

# RateLimit: "api";r=0;t=57 (the draft since 2024), and RateLimit: limit=100, remaining=0, reset=57 (before).
_LEFT = re.compile(r"\br=(\d{1,9})\s*;\s*t=(\d{1,9})\b", re.ASCII)
_LEFT_BEFORE = re.compile(r"\bremaining=(\d{1,9})\s*,\s*reset=(\d{1,9})\b", re.ASCII)
# A reset of more seconds than ten years has is a moment since 1970, as GitHub writes it.
_MOMENT = 3 * 10**8


def retry_after(headers: Mapping[str, str], wall: float) -> float:
    """Seconds to wait. A date counts from the server's own, so that it is right where one of the clocks is not."""
    written = headers.get("retry-after", "").strip()
    if written.isascii() and written.isdigit():
        return float(min(int(written[:9]), 10**8))
    until = moment(written)
    return max((until - _now(headers, wall)).total_seconds(), 0.0) if until else 0.0


def spent(headers: Mapping[str, str], wall: float) -> float:
    """Seconds until there is an allowance again, where the headers tell that nothing is left of it; else 0.

    Read are ``RateLimit`` and, of places older than it, ``RateLimit-Remaining`` and ``X-RateLimit-Remaining``.
    """
    told = headers.get("ratelimit", "")
    found = [*_LEFT.findall(told), *_LEFT_BEFORE.findall(told)]
    for prefix in ("ratelimit", "x-ratelimit"):
        found.append((headers.get(f"{prefix}-remaining", "").strip(), headers.get(f"{prefix}-reset", "").strip()))
    waits = [_seconds(reset, headers, wall) for left, reset in found if left == "0"]
    return max(waits, default=0.0)


def moment(written: str) -> datetime | None:
    """The moment of a date as headers have it, in UTC; None if it is none."""
    read = loose.mail_date(written)
    if read is None:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def _seconds(reset: str, headers: Mapping[str, str], wall: float) -> float:
    if not (reset.isascii() and reset.isdigit()) or len(reset) > 11:
        return 0.0
    seconds = float(reset)
    return max(seconds - _now(headers, wall).timestamp(), 0.0) if seconds > _MOMENT else seconds


def _now(headers: Mapping[str, str], wall: float) -> datetime:
    return moment(headers.get("date", "")) or datetime.fromtimestamp(wall, UTC)
