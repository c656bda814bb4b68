"""The one polite client: everything that Broadsheet asks of the network goes through `Client.get`.

Polite: one pace per place over all processes (`pace`), a name and a contact in every request, conditional requests,
"Retry-After" obeyed, few tries with growing and random pauses, a breaker per source (`breaker`). Careful: limits on
time and bytes (`wire`), only the hosts that a source names, https unless the operator allows otherwise, no private
addresses, and an answer of another kind than was asked for is a failure, whatever its status says.
"""

import random
import re
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

from broadsheet import __version__
from broadsheet.sources import allowance, loose
from broadsheet.sources.base import BadEntry
from broadsheet.sources.breaker import Breaker
from broadsheet.sources.failures import BadReply, FetchFailed, Forbidden, Missing, Refused, Unreachable
from broadsheet.sources.pace import MAX_WAIT, Budget, Clock, MachineClock, Pace, TooEarly
from broadsheet.sources.wire import Answer, Limits, ask

__all__ = ["BadReply", "Client", "FetchFailed", "Forbidden", "Missing", "Refused", "Reply", "Unreachable"]

TRIES = 6
FIRST_PAUSE = 5.0
MAX_REDIRECTS = 3
XML = ("text/xml", "application/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml")
JSON = ("application/json",)

_KEY = re.compile(r"([?&](?:api_)?key=)[^&]*", re.IGNORECASE)
_REDIRECTS = (301, 302, 303, 307, 308)
_MISSING = (400, 404, 410)
_LATER = (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)


@dataclass(frozen=True, slots=True)
class Reply:
    """A good answer. ``unchanged``: it is as it was when ``etag`` or ``modified`` was told (304), ``body`` is empty.

    ``at``: when it was made by the server's clock, failing that by ours, and never later than that: a clock that is
    ahead must not skip a day.
    """

    url: str
    body: bytes
    at: datetime
    unchanged: bool = False
    etag: str = ""
    modified: str = ""

    def json(self) -> Any:
        """The JSON value in ``body``.

        Raises:
            BadReply: if it is not one, whole.
        """
        try:
            return loose.json_value(self.body)
        except BadEntry as wrong:
            raise BadReply(f"the reply of {_host(self.url)} is cut short or no JSON ({wrong})") from None


@dataclass(frozen=True, slots=True)
class _Asking:
    """What is the same for all tries and redirects of one request."""

    sent: dict[str, str]
    budget: Budget
    kinds: Collection[str]
    allowed: Collection[str]
    content: bytes


class Client:
    """``folder`` holds pace and breakers and must be the same for all processes; ``contact`` a mail or web address.

    ``private``: also hosts in private networks and plain http, for a mirror of one's own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        contact: str = "",
        private: bool = False,
        limits: Limits | None = None,
        clock: Clock | None = None,
        chance: random.Random | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._folder = folder
        self._agent = f"Broadsheet/{__version__} (daily papers; {contact or 'no contact given'})"
        self._private = private
        self._limits = limits or Limits()
        self._clock = clock or MachineClock()
        self._chance = chance or random.Random()  # noqa: S311  # pauses need no secrecy
        self._tls = tls

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.wall(), UTC)

    def breaker(self, name: str) -> Breaker:
        return Breaker(self._folder, name)

    def get(
        self,
        url: str,
        *,
        source: str,
        budget: Budget,
        parameters: Mapping[str, str] | None = None,
        kinds: Collection[str] = XML,
        hosts: Collection[str] = (),
        etag: str = "",
        modified: str = "",
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> Reply:
        """The answer of ``url``. ``source`` names the breaker, ``kinds`` the content types that it may have.

        ``hosts``: where it may be redirected to besides its own host. ``etag`` and ``modified``: what the last
        reply told. ``content``: what is sent along where a place is asked for many things at once (POST).

        Raises:
            Unreachable, BadReply: after `TRIES` tries, or at once while the source rests; the next run tries again.
            Missing: if the place has no such thing.
            Refused: if the place refuses; from then on nothing is asked until ``breaker(source).reset()``.
            Forbidden: if the address, or one it redirects to, must not be asked.
        """
        if parameters:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"
        sent = {
            "User-Agent": self._agent,
            "Accept": ", ".join(kinds),
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **(headers or {}),
        }
        if etag:
            sent["If-None-Match"] = etag
        if modified:
            sent["If-Modified-Since"] = modified
        breaker = self.breaker(source)
        breaker.check(self._clock.wall())
        allowed = {_parts(url).hostname or "", *hosts}
        try:
            reply = self._tried(url, _Asking(sent, budget, kinds, allowed, content))
        except Missing:
            breaker.succeeded(self._clock.wall())
            raise
        except FetchFailed as wrong:
            breaker.failed(wrong, self._clock.wall())
            raise
        breaker.succeeded(self._clock.wall())
        return reply

    def _tried(self, url: str, asking: _Asking) -> Reply:
        pause = FIRST_PAUSE
        for number in range(1, TRIES + 1):
            try:
                return self._followed(url, asking, pause)
            except (Unreachable, BadReply) as wrong:
                if number == TRIES or getattr(wrong, "after", 0.0) > MAX_WAIT:
                    raise
            pause = min(pause * 3, MAX_WAIT)
        raise AssertionError("the last try returns or raises")

    def _followed(self, url: str, asking: _Asking, pause: float) -> Reply:
        for _ in range(MAX_REDIRECTS + 1):
            self._check(url, asking.allowed)
            answer = self._asked(url, asking, pause)
            if answer.status not in _REDIRECTS:
                return _reply(url, answer, self._clock.wall())
            if asking.content:
                raise BadReply(f"{_host(url)} redirects what was sent to it: it is not sent elsewhere")
            url = _joined(url, answer.headers["location"])
        raise BadReply(f"more than {MAX_REDIRECTS} redirects, the last to {_shown(url)}")

    def _asked(self, url: str, asking: _Asking, pause: float) -> Answer:
        """One request in its turn. After a failure all processes hold off for ``pause``, or as long as was asked."""
        sent = {"Host": _host(url), **asking.sent}
        try:
            with Pace(self._folder, asking.budget, self._clock).turn() as turn:
                try:
                    answer = ask(
                        url,
                        sent,
                        limits=self._limits,
                        private=self._private,
                        context=self._tls,
                        content=asking.content,
                    )
                    _judge(url, answer, asking.kinds, self._clock.wall())
                except (Unreachable, BadReply) as wrong:
                    # Full jitter, so that many installations do not come back at one moment.
                    random_pause = pause * self._chance.uniform(0.5, 1.0)
                    turn.hold_off(max(random_pause, getattr(wrong, "after", 0.0)))
                    raise
                turn.hold_off(allowance.spent(answer.headers, self._clock.wall()))
                return answer
        except TooEarly as early:
            raise Unreachable(f"{_host(url)}: {early}.", early.seconds) from None

    def _check(self, url: str, allowed: Collection[str]) -> None:
        parts = _parts(url)
        host = parts.hostname or ""
        if parts.scheme != "https" and not (self._private and parts.scheme == "http"):
            raise Forbidden(f"{_shown(url)} is no https address")
        if not host:
            raise Forbidden(f"{url[:200]!r} names no host")
        if host not in allowed or parts.username is not None:
            raise Forbidden(f"redirected to {_shown(url)}, none of its hosts ({', '.join(sorted(allowed))})")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise Forbidden(f"{url[:200]!r} is no address") from None
    return parts


def _shown(url: str) -> str:
    """``url`` for messages, which are kept and shown: without a key."""
    return _KEY.sub(r"\1(hidden)", url)[:200]


def _host(url: str) -> str:
    """Host and port as the header ``Host`` has them."""
    parts = _parts(url)
    name = parts.hostname or ""
    return f"{f'[{name}]' if ':' in name else name}{f':{parts.port}' if parts.port else ''}"


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Forbidden(f"redirected to {location[:200]!r}, which is no address") from None


def _judge(url: str, answer: Answer, kinds: Collection[str], wall: float) -> None:
    """Raise unless ``answer`` is one to use: good and of a kind asked for, not changed, or a redirect."""
    status, headers, where = answer.status, answer.headers, _host(url)
    spent = allowance.spent(headers, wall)
    if status in _LATER or (status == 403 and spent):
        after = max(allowance.retry_after(headers, wall), spent)
        raise Unreachable(
            f"{where} answers {status}{f', to be asked again in {after:.0f} s' if after else ''}", after
        )
    if status == 304 or (status in _REDIRECTS and headers.get("location")):
        return
    if status in _MISSING:
        raise Missing(f"{where} answers {status} to {_shown(url)}: it has no such thing")
    if status != 200:
        raise Refused(f"{where} answers {status} to {_shown(url)}: see what it says there, then reset the source.")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in kinds:
        raise BadReply(
            f"{where} answers with {kind[:60] or 'no content type'} where {kinds_in_words(kinds)} was asked for"
        )
    if not answer.body.strip():
        raise BadReply(f"{where} answers with an empty body")


def kinds_in_words(kinds: Collection[str]) -> str:
    return " or ".join(sorted({kind.rpartition("/")[2].rpartition("+")[2].upper() for kind in kinds}))


def _reply(url: str, answer: Answer, wall: float) -> Reply:
    ours = datetime.fromtimestamp(wall, UTC)
    at = min(allowance.moment(answer.headers.get("date", "")) or ours, ours)
    return Reply(
        url,
        answer.body,
        at,
        unchanged=answer.status == 304,
        etag=answer.headers.get("etag", "")[:500],
        modified=answer.headers.get("last-modified", "")[:100],
    )
