"""Cursors: what a reader has seen of a search, in a text that goes into an address and comes back.

A cursor holds the day on which the search began (so that ``since:30d`` stays what it was), a mark of the search, and the
numbers of the papers seen, in order: three bytes a paper, 4,000 characters at the deepest. It needs no memory on the
server, so it holds on every server process, after a restart and after the index was built anew. It is signed: nobody
can make a link that shows papers of their choice as found.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

from django.conf import settings
from django.utils.crypto import salted_hmac

from broadsheet.ranking.paging import DEEPEST

KEPT_FOR = timedelta(days=7)
LONGEST = 6_000
"""Characters of a cursor; none that is given out is longer."""
_FORM = 1
_SALT = "broadsheet.listings.cursors"
_SEAL = 8
_HEAD = 1 + 4 + 6 + 1  # form, day, mark of the search, bytes a number


class BadCursor(ValueError):
    """A cursor that cannot be gone on from; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """``began``: the day on which the search was made; ``seen``: the papers shown so far, in order."""

    began: date
    seen: tuple[int, ...]


def written(cursor: Cursor, search: str) -> str:
    """``cursor`` of ``search`` (any text that says all of what was searched) for an address."""
    width = max(1, (max(cursor.seen, default=0).bit_length() + 7) // 8)
    numbers = b"".join(paper.to_bytes(width, "big") for paper in cursor.seen[:DEEPEST])
    body = bytes([_FORM]) + cursor.began.toordinal().to_bytes(4, "big") + _mark(search) + bytes([width]) + numbers
    return base64.urlsafe_b64encode(_seals(body)[0] + body).rstrip(b"=").decode()


def read(text: str, search: str, today: date) -> Cursor:
    """The cursor that ``text`` is.

    Raises:
        BadCursor: if it was changed on its way, is of another search, or is too old.
    """
    body = _opened(text)
    began = date.fromordinal(int.from_bytes(body[1:5], "big"))
    if body[5:11] != _mark(search):
        raise BadCursor("this cursor is of another search: leave cursor out to begin this one")
    if not began - timedelta(days=1) <= today <= began + KEPT_FOR:
        raise BadCursor(
            f"this cursor is of a search begun on {began.isoformat()}, and holds for {KEPT_FOR.days} days: "
            "leave cursor out to begin anew"
        )
    width, numbers = body[11], body[_HEAD:]
    return Cursor(began, tuple(_whole(numbers[at : at + width]) for at in range(0, len(numbers), width)))


def _opened(text: str) -> bytes:
    """What the seal holds for true.

    Raises:
        BadCursor: if it does not.
    """
    try:
        raw = (
            base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            if len(text) <= LONGEST
            else b""
        )
    except (binascii.Error, ValueError):
        raw = b""
    seal, body = raw[:_SEAL], raw[_SEAL:]
    if len(body) < _HEAD or not any(hmac.compare_digest(seal, one) for one in _seals(body)):
        raise BadCursor("this cursor is damaged, or of another site: leave cursor out to begin anew")
    if body[0] != _FORM:
        raise BadCursor("this cursor is of another release: leave cursor out to begin anew")
    return body


def _seals(body: bytes) -> list[bytes]:
    """The seal of ``body`` under the secret key, and under each of the old ones."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [salted_hmac(_SALT, body, secret=key, algorithm="sha256").digest()[:_SEAL] for key in keys]


def _mark(search: str) -> bytes:
    return blake2b(search.encode("utf-8", "replace"), digest_size=6).digest()


def _whole(raw: Sequence[int]) -> int:
    return int.from_bytes(bytes(raw), "big")
