"""A real Chromium, headless, on a site that has printed the small world."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from broadsheet.jobs import index
from tests.web.world import papers, print_papers

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium here: install it to drive the site in a real browser (apt-get install chromium)")
    # Playwright keeps an event loop in this thread, at which Django's tables would take offence.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(
    chromium: Browser, live_server: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The address of a site with papers and an index."""
    settings.DATA = tmp_path
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 2, 11, 15, tzinfo=UTC))
    print_papers(papers())
    index.rebuild()
    return str(live_server.url)


class Log:
    """What a browser complained of, and whom it asked for something."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.asked: set[str] = set()
        context.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda said: self.complaints.append(str(said.error)))
        context.on("request", lambda request: self.asked.add(request.url))
        context.on("dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))


@pytest.fixture
def context(chromium: Browser, site: str) -> Iterator[BrowserContext]:
    with chromium.new_context(base_url=site, viewport={"width": 1280, "height": 900}) as made:
        made.set_default_timeout(15_000)
        yield made


@pytest.fixture
def log(context: BrowserContext) -> Log:
    return Log(context)


@pytest.fixture
def page(context: BrowserContext, log: Log) -> Page:
    return context.new_page()
