import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broadsheet.sources.http import Client
from tests.sources.harvesting import WorldClock, client
from tests.sources.place_server import PlaceServer


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real papers."""
    folder = os.environ.get("BROADSHEET_TEST_DATA", "")
    if not folder:
        pytest.skip("BROADSHEET_TEST_DATA names no folder of real papers")
    return Path(folder)


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder in memory where the system has one, for tests that sync thousands of times."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def swift() -> Iterator[Path]:
    with in_memory() as folder:
        yield folder


@pytest.fixture
def asking(swift: Path, there: PlaceServer) -> Client:
    """Asks the place that the module's own ``there`` plays, by its clock."""
    return client(swift, WorldClock(there.world))
