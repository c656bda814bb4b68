"""A place that a test writes down, on a real server, and a client that keeps its time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.sources.http import Client
from tests.sources.harvesting import WorldClock, client
from tests.sources.place_server import PlaceServer


@pytest.fixture
def there() -> Iterator[PlaceServer]:
    with PlaceServer() as server:
        yield server


@pytest.fixture
def asking(tmp_path: Path, there: PlaceServer) -> Client:
    return client(tmp_path, WorldClock(there.world))
