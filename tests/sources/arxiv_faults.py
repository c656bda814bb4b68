"""What can go wrong between arXiv and us: each fault takes a good answer and makes it a bad one.

``FAULTS`` holds them by name. Most change the answer before it is sent (`Answer` in, `Answer` out); some are about
how it is sent (`how`) and some about what arXiv itself says (`wrong_world`), which the server sees to.
"""

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache


@dataclass(frozen=True)
class Answer:
    """What is sent. ``how``: ``whole``, or the way in which sending it goes wrong."""

    body: bytes
    kind: str = "text/xml; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    how: str = "whole"
    length: int | None = None


Fault = Callable[[Answer, datetime], Answer]

_HTML = (
    b"<!DOCTYPE html><html><head><title>One moment</title></head><body><p>Checking your browser<br></body></html>"
)
_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">'.encode() for n in range(1, 12)).replace(b"&a0;", b"&a;")
    + b"]><OAI-PMH>&a11;</OAI-PMH>"
)
_BLOW_UP = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "' + b"x" * 60_000 + b'">]><l>' + b"&a;" * 60_000 + b"</l>"
)
_OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]><l>&a;</l>'
_REMOTE = b'<?xml version="1.0"?><!DOCTYPE l SYSTEM "http://127.0.0.1:9/dtd"><l/>'


def _later(answer: Answer, after: str, status: int = 503) -> Answer:
    return replace(answer, body=b"later", kind="text/plain", status=status, headers=(("Retry-After", after),))


def _packed(answer: Answer, damage: Callable[[bytes], bytes]) -> Answer:
    return replace(answer, body=damage(gzip.compress(answer.body)), headers=(("Content-Encoding", "gzip"),))


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * (96 << 20), compresslevel=1)


def _flipped(raw: bytes) -> bytes:
    middle = len(raw) // 2
    return raw[:middle] + bytes([raw[middle] ^ 0x55]) + raw[middle + 1 :]


def _in_the_middle(body: bytes, what: bytes) -> bytes:
    at = body.find(b"<title>") + 7
    return body[:at] + what + body[at:]


FAULTS: dict[str, Fault] = {
    "503, Retry-After in seconds": lambda answer, _: _later(answer, "20"),
    "503, Retry-After as a date": lambda answer, now: _later(
        answer, format_datetime(now + timedelta(seconds=30), usegmt=True)
    ),
    "503, Retry-After that is none": lambda answer, _: _later(answer, "soon"),
    "429 with Retry-After": lambda answer, _: _later(answer, "60", 429),
    "429 without a word": lambda answer, _: replace(answer, body=b"", status=429),
    "500": lambda answer, _: replace(answer, body=b"oops", kind="text/plain", status=500),
    "502 with a page": lambda answer, _: replace(answer, body=_HTML, kind="text/html", status=502),
    "200 with HTML": lambda answer, _: replace(answer, body=_HTML, kind="text/html"),
    "200 with HTML called XML": lambda answer, _: replace(answer, body=_HTML),
    "200 with JSON": lambda answer, _: replace(answer, body=b'{"error": "no"}', kind="application/json"),
    "200 with other XML": lambda answer, _: replace(answer, body=b"<hello/>"),
    "no content type": lambda answer, _: replace(answer, kind=""),
    "an empty body": lambda answer, _: replace(answer, body=b""),
    "XML cut in the middle": lambda answer, _: replace(answer, body=answer.body[: len(answer.body) // 2]),
    "XML cut before its last tag": lambda answer, _: replace(answer, body=answer.body.rpartition(b"</")[0]),
    "fewer bytes than announced": lambda answer, _: replace(answer, length=len(answer.body) + 100),
    "more bytes than announced": lambda answer, _: replace(answer, length=max(len(answer.body) - 100, 1)),
    "gzip cut": lambda answer, _: _packed(answer, lambda raw: raw[: len(raw) * 2 // 3]),
    "gzip without its checksum": lambda answer, _: _packed(answer, lambda raw: raw[:-8]),
    "gzip damaged": lambda answer, _: _packed(answer, _flipped),
    "gzip bomb": lambda answer, _: replace(answer, body=_bomb(), headers=(("Content-Encoding", "gzip"),)),
    "packed in another way": lambda answer, _: replace(answer, headers=(("Content-Encoding", "br"),)),
    "a redirect to itself": lambda answer, _: replace(answer, status=302, headers=(("Location", "?loop=1"),)),
    "a redirect elsewhere": lambda answer, _: replace(
        answer, status=301, headers=(("Location", "http://169.254.169.254/latest"),)
    ),
    "a reset": lambda answer, _: replace(answer, how="reset"),
    "a reset in the middle": lambda answer, _: replace(answer, how="half"),
    "silence": lambda answer, _: replace(answer, how="silence"),
    "a byte at a time": lambda answer, _: replace(answer, how="drip"),
    "a header at a time": lambda answer, _: replace(answer, how="drip headers"),
    "no HTTP": lambda answer, _: replace(answer, how="noise"),
    "a billion laughs": lambda answer, _: replace(answer, body=_LAUGHS),
    "a quadratic blow-up": lambda answer, _: replace(answer, body=_BLOW_UP),
    "an entity of a file": lambda answer, _: replace(answer, body=_OUTSIDE),
    "a DTD from elsewhere": lambda answer, _: replace(answer, body=_REMOTE),
    "a hundred thousand levels": lambda answer, _: replace(answer, body=b"<a>" * 100_000 + b"</a>" * 100_000),
    "invalid UTF-8": lambda answer, _: replace(answer, body=_in_the_middle(answer.body, b"\xff\xfe\xc3(")),
    "a NUL": lambda answer, _: replace(answer, body=_in_the_middle(answer.body, b"\x00")),
    "UTF-7": lambda answer, _: replace(answer, body=answer.body.replace(b"UTF-8", b"UTF-7")),
}
# What arXiv itself can say wrongly; `arxiv_server` sees to these.
OF_OAI = (
    "an empty page",
    "a dead token",
    "the same page again",
    "a clock ahead",
    "a clock behind",
    "records that move",
)
OF_FEEDS = ("the listing before, newly dated", "the listing before", "an empty listing")
OF_QUERIES = ("an error entry", "an empty page of results")

# These take real time; a long run wants few of them.
SLOW = ("silence", "a byte at a time", "a header at a time", "gzip bomb")
# What every route is tried with; the others have tests of the client's own, in test_http.
OF_ANY_REPLY = frozenset(FAULTS) - {*SLOW, "a redirect elsewhere"}


@dataclass
class Plan:
    """Which request gets which fault: first those of ``script`` in turn (None: no fault), then by chance.

    ``rate``: how many of all requests. After ``most`` in a row one is let through, so that retries can succeed.
    """

    script: list[str | None] = field(default_factory=list)
    rate: float = 0.0
    seed: int = 0
    names: tuple[str, ...] = tuple(name for name in (*FAULTS, *OF_OAI) if name not in SLOW)
    most: int = 4
    given: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._row = 0

    def next(self) -> str | None:
        if self.script:
            name = self.script.pop(0)
        elif self._row < self.most and self._chance.random() < self.rate:
            name = self._chance.choice(self.names)
        else:
            name = None
        self._row = self._row + 1 if name else 0
        if name:
            self.given.append(name)
        return name
