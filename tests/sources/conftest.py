import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real papers."""
    folder = os.environ.get("BROADSHEET_TEST_DATA", "")
    if not folder:
        pytest.skip("BROADSHEET_TEST_DATA names no folder of real papers")
    return Path(folder)
