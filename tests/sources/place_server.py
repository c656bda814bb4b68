"""A real HTTP server that plays any place: a function tells what is at each path, a `Plan` what goes wrong.

It says NOON as its time, moved on by setting ``world.now``:

    with PlaceServer(lambda path, asked: {"/api": [1, 2]}.get(path)) as there:
        ...
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson

from tests.sources.arxiv_faults import OF_ANY_REPLY, Answer
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import World

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

# Faults that only a parser of XML can tell: harmless, or no different, for what is no XML.
OF_XML = frozenset(
    {"200 with other XML", "a billion laughs", "a quadratic blow-up", "an entity of a file", "a DTD from elsewhere",
     "a hundred thousand levels", "invalid UTF-8", "a NUL", "UTF-7", "XML cut before its last tag"}
)  # fmt: skip
PASSING = sorted(OF_ANY_REPLY - OF_XML)

Tell = Callable[[str, Mapping[str, str]], object]


def _world() -> World:
    world = World(1)
    world.now = NOON
    return world


@dataclass
class PlaceServer(Server):
    """``tell``: the path and the parameters to a value that is sent as JSON, an `Answer` as it is, or None: 404."""

    world: World = field(default_factory=_world)
    tell: Tell = lambda path, asked: None
    headers: tuple[tuple[str, str], ...] = ()

    def _good(
        self, path: str, parameters: Mapping[str, str], headers: Mapping[str, str], fault: str | None
    ) -> Answer:
        told = self.tell(path, parameters)
        if told is None:
            return Answer(b'{"error": "no such thing"}', "application/json", 404)
        made = (
            told if isinstance(told, Answer) else Answer(orjson.dumps(told), "application/json", 200, self.headers)
        )
        etag = dict(made.headers).get("ETag")
        if etag and headers.get("If-None-Match") == etag:
            return Answer(b"", made.kind, 304, made.headers)
        return made

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.log]
