"""A real HTTP server that speaks as arXiv does: OAI-PMH with tokens that die daily, feeds, and the query API.

It tells what a `World` of `arxiv_truth` holds at its own hour, in the words of `arxiv_words`, with the faults of a
`Plan` of `arxiv_faults`, and logs when each request came:

    with Server(world, Plan(rate=0.2, seed=7)) as arxiv:
        routes = places.routes("arxiv", arxiv.bases)
"""

import http.server
import re
import socket
import struct
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tests.sources import arxiv_words as words
from tests.sources.arxiv_faults import FAULTS, Answer, Plan
from tests.sources.arxiv_truth import DAY, NEW_YORK, Paper, World


@dataclass(frozen=True)
class Asked:
    """One request: when it came (seconds of a clock that only goes forward), and for what."""

    at: float
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass
class Server:
    """``page``: records a page of OAI-PMH; ``moves``: records edited between two pages where that fault is drawn."""

    world: World
    plan: Plan = field(default_factory=Plan)
    page: int = 20
    moves: int = 2
    drip: float = 0.05
    log: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def __enter__(self) -> "Server":
        self._last = b""
        self._lock = threading.Lock()
        self._http = _HTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(timeout=5)

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def bases(self) -> dict[str, str]:
        return {"oai": f"{self.home}/oai", "feed": f"{self.home}/rss", "query": f"{self.home}/api/query"}

    @property
    def gaps(self) -> list[float]:
        """Seconds between one request and the next, as they arrived."""
        return [later.at - before.at for before, later in zip(self.log, self.log[1:], strict=False)]

    def answer(self, path: str, parameters: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        with self._lock:
            self.log.append(Asked(time.monotonic(), path, dict(parameters), dict(headers)))
            fault = self.plan.next()
            made = self._good(path, parameters, headers, fault)
            if fault in FAULTS:
                return FAULTS[fault](made, self.world.now)
            self._last = made.body
            return made

    def _good(
        self, path: str, parameters: Mapping[str, str], headers: Mapping[str, str], fault: str | None
    ) -> Answer:
        if path == "/oai":
            return Answer(self._oai(parameters, fault).encode())
        if path == "/api/query":
            return Answer(self._query(parameters, fault).encode(), "application/atom+xml; charset=utf-8")
        if found := re.fullmatch(r"/(rss|atom)/([\w.-]+)", path):
            return self._feed(found[1], found[2], headers, fault)
        return Answer(b"no such page", "text/plain", 404)

    # OAI-PMH

    def _oai(self, parameters: Mapping[str, str], fault: str | None) -> str:
        now = self.world.now + {"a clock ahead": 5 * DAY, "a clock behind": -3 * DAY}.get(fault or "", timedelta())
        token = parameters.get("resumptionToken")
        if not token and parameters.get("metadataPrefix") != "arXivRaw":
            return words.oai_error(now, "cannotDisseminateFormat")
        if parameters.get("verb") != "ListRecords" or parameters.keys() & {"until"}:
            return words.oai_error(now, "badArgument")
        if token:
            start, spec, skip, died = [*unquote(token).split("|"), "", "", "", ""][:4]
            if died != f"{self.world.now:%Y-%m-%d}" or fault == "a dead token":
                return words.oai_error(now, "badResumptionToken")
            if fault == "the same page again" and self._last.startswith(b"<?xml"):
                return self._last.decode()
            if fault == "records that move":
                self.world.edit(self.moves)
        else:
            start, spec, skip = parameters.get("from", ""), parameters.get("set", ""), "0"
        found = self._records(start, spec)[int(skip or 0) :]
        part = found[: self.page]
        if not found:
            return words.oai_error(now, "noRecordsMatch")
        after = ""
        if len(found) > self.page:
            # As arXiv does it: go on from the day of the last record, leaving out those of that day already given.
            day = words.stamp(part[-1])
            of_day = sum(words.stamp(one) == day for one in part)
            left_out = of_day + (int(skip or 0) if words.stamp(part[0]) == day and day == start else 0)
            after = quote(f"{day}|{spec}|{left_out}|{self.world.now:%Y-%m-%d}")
        return words.oai_list(now, [] if fault == "an empty page" else part, after)

    def _records(self, start: str, spec: str) -> list[Paper]:
        def belongs(paper: Paper) -> bool:
            sets = [words.set_of(one) for one in paper.topics]
            return not spec or any(one == spec or one.startswith(f"{spec}:") for one in sets)

        found = [one for one in self.world.public() if words.stamp(one) >= start and belongs(one)]
        return sorted(found, key=lambda one: (words.stamp(one), one.key))

    # Feeds

    def _feed(self, form: str, topic: str, headers: Mapping[str, str], fault: str | None) -> Answer:
        """The listing of today in New York; empty where there is none. An ETag that is told again gets a 304."""
        today = self.world.now.astimezone(NEW_YORK).date()
        of, bears = today, today
        if fault in ("the listing before, newly dated", "the listing before"):
            of = max((line.day for line in self.world.lines if line.day < today), default=today)
            bears = today if "newly" in fault else of
        lines = [] if fault == "an empty listing" else self.world.listing(of, topic)
        if form == "rss":
            body = words.rss(self.world, bears, topic, lines).encode()
        else:
            body = words.atom(bears, topic, lines, self.world).encode()
        etag = f'"{form}-{topic}-{of}-{bears}-{len(lines)}"'
        kind = f"application/{form}+xml; charset=utf-8"
        if headers.get("If-None-Match") == etag:
            return Answer(b"", kind, 304, (("ETag", etag),))
        return Answer(body, kind, 200, (("ETag", etag),))

    # The query API

    def _query(self, parameters: Mapping[str, str], fault: str | None) -> str:
        if fault == "an error entry":
            return words.query_error("incorrect id format")
        start, most = int(parameters.get("start", "0")), int(parameters.get("max_results", "10"))
        if ids := parameters.get("id_list"):
            found = [self.world.papers[one] for one in ids.split(",") if one in self.world.papers]
            found = [one for one in found if one.announced]
        else:
            found = self._searched(parameters.get("search_query", ""))
        part = [] if fault == "an empty page of results" else found[start : start + most]
        return words.results(part, start, len(found))

    def _searched(self, query: str) -> list[Paper]:
        spans = re.findall(r"submittedDate:\[(\d{12}) TO (\d{12})\]", query)
        names = [one.removesuffix(".*") for one in re.findall(r"cat:([\w.*-]+)", query)]
        first, last = (datetime.strptime(one, "%Y%m%d%H%M").replace(tzinfo=UTC) for one in spans[0])
        return sorted(
            (
                one
                for one in self.world.public()
                if first <= one.versions[0].replace(second=0) <= last
                and (
                    not names
                    or any(topic == name or topic.startswith(f"{name}.") for topic in one.topics for name in names)
                )
            ),
            key=lambda one: (one.versions[0], one.key),
        )


class Saying(Server):
    """A server that always says the same."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(World(1))
        self.answers = list(answers)

    def _good(self, *_: object) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _HTTPServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is part of the play."""


def _handler(server: Server) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do({})

        def do_POST(self) -> None:
            """What was sent stands among the parameters, without a name."""
            self._do({"": self.rfile.read(int(self.headers["Content-Length"])).decode()})

        def _do(self, sent: dict[str, str]) -> None:
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
            try:
                parts = urlsplit(self.path)
                answer = server.answer(parts.path, dict(parse_qsl(parts.query)) | sent, dict(self.headers))
                _send(self, answer, server)
            finally:
                server.at_once -= 1
            self.close_connection = True

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(server.world.now, usegmt=True)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _send(to: http.server.BaseHTTPRequestHandler, answer: Answer, server: Server) -> None:
    if answer.how == "noise":
        to.wfile.write(b"\x00\x01\x02 this is not HTTP\r\n\r\n")
        return
    if answer.how == "silence":
        time.sleep(server.drip * 20)
        return
    if answer.how == "reset":
        to.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        to.connection.close()
        return
    if answer.how == "drip headers":
        _drip(to, b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 1_000, server.drip)
        return
    to.send_response(answer.status)
    if answer.kind:
        to.send_header("Content-Type", answer.kind)
    to.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
    for name, value in answer.headers:
        to.send_header(name, value)
    to.end_headers()
    if answer.how == "drip":
        _drip(to, answer.body, server.drip)
    elif answer.how == "half":
        to.wfile.write(answer.body[: len(answer.body) // 2])
    else:
        to.wfile.write(answer.body)


def _drip(to: http.server.BaseHTTPRequestHandler, raw: bytes, pause: float) -> None:
    for at in range(len(raw)):
        to.wfile.write(raw[at : at + 1])
        to.wfile.flush()
        time.sleep(pause)
