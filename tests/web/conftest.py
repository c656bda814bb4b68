from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.world import print_papers


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock of the site."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_clock(datetime(2026, 2, 11, 15, tzinfo=UTC))
    return set_clock


@pytest.fixture
def site(client: Client, now: Any, settings: Any, tmp_path: Path) -> Client:
    """A browser on a site that has no papers, and an index folder of its own."""
    settings.DATA = tmp_path
    return client


@pytest.fixture
def printed(db: None, site: Client) -> Client:
    """A browser on a site that has printed the small world."""
    print_papers()
    return site
