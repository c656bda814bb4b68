"""The headers of every answer, the good and the bad."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.web.reading import read
from tests.web.world import LANTERNS

pytestmark = pytest.mark.django_db

_FILLED = {"slug": "2026-02-10", "name": LANTERNS, "key": "ada-marlow"}


def routes(patterns: list[URLPattern | URLResolver], before: str = "/") -> list[str]:
    found = []
    for one in patterns:
        here = before + str(one.pattern)
        found += routes(one.url_patterns, here) if isinstance(one, URLResolver) else [here]
    return [re.sub(r"<\w+:(\w+)>", lambda name: _FILLED[name[1]], route) for route in found]


PAGES = [route for route in routes(get_resolver().url_patterns) if not route.startswith("/api")]
WRONG = [
    "/nothing",
    "/papers/date/never",
    "/papers?q=x&since=never",
    "/papers?q=" + "a" * 12_000,
    "/papers/2602.99999",
]


@pytest.mark.parametrize("path", [*PAGES, *WRONG])
def test_every_answer_is_guarded(printed: Client, path: str) -> None:
    response = printed.get(path)
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert policy[name] == "'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


class Inline(HTMLParser):
    """Collects what a strict policy would refuse: handlers, styles, scripts without a file."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.found += [f"{tag} {name}" for name in held if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not held.get("src")):
            self.found.append(tag)
        for name in ("href", "src", "action"):
            if (held.get(name) or "").lower().startswith(("javascript:", "data:", "//", "vbscript:")):
                self.found.append(f"{tag} {name}={held[name]}")


@pytest.mark.parametrize(
    "path", ["/papers", "/papers/week/2026-W07", "/papers?q=bells", f"/papers/{LANTERNS}", "/about", "/no"]
)
def test_no_page_has_inline_code_or_style(printed: Client, path: str) -> None:
    seen = Inline()
    seen.feed(printed.get(path).content.decode())
    assert seen.found == []


def test_a_page_that_has_not_changed_is_not_sent_again(printed: Client) -> None:
    first = printed.get("/papers/date/2026-02-10")
    again = printed.get("/papers/date/2026-02-10", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Security-Policy" in again


@pytest.mark.parametrize(
    "path", ["/papers", "/papers/trending", f"/papers/{LANTERNS}", "/papers?q=bells", "/about"]
)
def test_no_shared_cache_keeps_a_page(printed: Client, path: str) -> None:
    response = printed.get(path)
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Vary"] == "Cookie, HX-Request"


def test_an_error_is_not_kept_at_all(printed: Client) -> None:
    assert printed.get("/nothing")["Cache-Control"] == "no-store"


def test_the_visit_cookie_is_out_of_reach_of_scripts(printed: Client) -> None:
    cookie = printed.get("/papers").cookies["visit"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_the_visit_is_not_written_down_at_every_page(printed: Client) -> None:
    printed.get("/papers")
    assert "visit" not in printed.get("/papers/trending").cookies


@pytest.mark.parametrize("value", ["", "1.2", "x", "1.2:forged:signature", "é" * 50])
def test_a_visit_cookie_that_is_not_ours_is_no_visit(printed: Client, value: str) -> None:
    printed.cookies["visit"] = value
    assert not read(printed.get("/papers")).tree.css(".new")


def test_reading_makes_no_session(printed: Client) -> None:
    assert set(printed.get("/papers").cookies) == {"visit"}


@pytest.mark.parametrize("path", ["/healthz", "/robots.txt", "/opensearch.xml", "/favicon.ico"])
def test_what_machines_ask_for_gets_no_cookie(printed: Client, path: str) -> None:
    response = printed.get(path)
    assert response.status_code in (200, 301)
    assert not response.cookies


def test_robots_leave_the_endless_addresses_alone(printed: Client) -> None:
    assert "Disallow: /*?" in printed.get("/robots.txt").content.decode()


def test_browsers_can_search_the_site(printed: Client) -> None:
    assert 'template="http://testserver/papers?q={searchTerms}"' in printed.get("/opensearch.xml").content.decode()
