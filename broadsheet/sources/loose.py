"""Values of the wrong type, read as the only thing they can mean; what can mean nothing is absent, never a guess."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from broadsheet.core import text
from broadsheet.core.record import Link, LinkKind, Precision
from broadsheet.sources.base import BadEntry

_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?=$|[T/ ])", re.ASCII)
_NO_SCHEME = re.compile(r"(?:git@)?((?:[a-z0-9-]+\.)+[a-z]{2,})[:/](?!/)(.+)", re.IGNORECASE)


def json_value(raw: bytes | str) -> Any:
    """The JSON value in ``raw``. What strict readers refuse but people write (NaN, lone surrogates) is read.

    Raises:
        BadEntry: if it is not JSON, not UTF-8, or nested too deeply.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as wrong:
        first = wrong
    try:
        return json.loads(raw.decode() if isinstance(raw, bytes) else raw)
    except UnicodeDecodeError as wrong:
        raise BadEntry(f"byte {wrong.start + 1} is not UTF-8: save the file as UTF-8") from None
    except RecursionError:
        raise BadEntry("the JSON is nested too deeply") from None
    except ValueError:
        raise BadEntry(f"not valid JSON: {first}") from None


def string(value: object) -> str:
    """Text of one line; a number as it is written, anything else is empty."""
    if isinstance(value, str):
        return text.one_line(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value) if math.isfinite(value) else ""
    return ""


def block(value: object) -> str:
    """Text of any length, its lines kept; a list of paragraphs is joined."""
    if isinstance(value, list):
        return "\n\n".join(part for part in map(block, value) if part)
    return value if isinstance(value, str) else string(value)


def strings(value: object) -> tuple[str, ...]:
    """A list of one-line texts; a single text is split at semicolons or, failing these, commas."""
    if isinstance(value, str):
        value = value.split(";") if ";" in value else value.split(",")
    if not isinstance(value, list | tuple):
        return ()
    return tuple(one for one in map(string, value) if one)


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def items(value: object) -> Iterable[Mapping[str, Any]]:
    """The objects of a list; what is no object is left out."""
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def count(value: object) -> int | None:
    """A count of 0 or more, at most what a database column holds; None if ``value`` is none."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if 0 <= value < 2**31 else None


def day(value: object) -> tuple[date, Precision] | None:
    """The date and how much of it is known: ``2024-05-06``, ``2024-05``, ``2024``; times are cut off."""
    found = _DATE.match(string(value))
    if not found:
        return None
    precision = Precision.DAY if found[3] else Precision.MONTH if found[2] else Precision.YEAR
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)), precision
    except ValueError:
        return None


def full_day(value: object) -> date | None:
    """A date known to the day, or None."""
    found = day(value)
    return found[0] if found and found[1] is Precision.DAY else None


def moment(value: object) -> datetime | None:
    """A moment in UTC from ISO 8601 (without a zone it counts as UTC); None if ``value`` is none."""
    try:
        read = datetime.fromisoformat(string(value))
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def mail_date(written: str) -> datetime | None:
    """The date that ``written`` is in the way of mails and RSS, with its own zone if it names one; None if it is none."""
    try:
        return parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def end_of(day: date) -> datetime:
    """The last second of ``day``, UTC: the moment of a reading of which only the day is known."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def address(value: object) -> str:
    """A web address, with the scheme that people leave out (``github.com/a/b``); empty if it is none."""
    url = string(value)
    if bare := _NO_SCHEME.fullmatch(url):
        url = f"https://{bare[1]}/{bare[2]}"
    return url if text.is_web_address(url) else ""


def links(pairs: Iterable[tuple[LinkKind, object]]) -> tuple[Link, ...]:
    """The links among ``pairs`` that are web addresses; code without ``.git``, so that it opens in a browser."""
    found = ((kind, address(value)) for kind, value in pairs)
    return tuple(
        dict.fromkeys(
            Link(kind, url.removesuffix(".git") if kind is LinkKind.CODE else url) for kind, url in found if url
        )
    )
