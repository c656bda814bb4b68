"""Every link of every page leads to a page."""

import re
from pathlib import Path

import pytest
from django.test import Client

from broadsheet.jobs import index
from tests.web.reading import read

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_no_link_is_broken(printed: Client) -> None:
    """A walk over the site from its root, along every link of its own, to the last."""
    index.rebuild()
    waiting, seen, broken = ["/"], {"/"}, []
    while waiting:
        path = waiting.pop()
        response = printed.get(path, follow=True)
        if response.status_code != 200:
            broken.append((path, response.status_code))
        if not response["Content-Type"].startswith("text/html"):
            continue
        for link in read(response).links:
            own = link.partition("#")[0]
            if own.startswith("/") and own not in seen and len(seen) < 400:
                seen.add(own)
                waiting.append(own)
    assert broken == []
    assert len(seen) > 60


@pytest.mark.parametrize(
    "path", ["/papers", "/papers/trending", "/papers?q=bells", "/papers/2602.01001", "/about", "/nothing"]
)
def test_a_page_is_a_whole_document(printed: Client, path: str) -> None:
    page = read(printed.get(path), 404 if path == "/nothing" else 200)
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("h1")
    assert page.one("a.skip").attributes["href"] == "#page"
    assert page.one("meta[name=description]").attributes["content"]
    assert page.one('meta[property="og:title"]').attributes["content"]
    assert {node.tag for node in page.tree.css("header.masthead, main, footer, nav")} >= {
        "header",
        "main",
        "footer",
        "nav",
    }
    ids = [node.attributes["id"] for node in page.tree.css("[id]")]
    assert len(ids) == len(set(ids))


def test_the_keys_of_the_docs_are_the_keys_of_the_site(printed: Client) -> None:
    told = (DOCS / "reading.md").read_text("utf-8").partition("## Keys")[2].partition("##")[0]
    listed = {key for row in told.splitlines() if row.startswith("| ") for key in re.findall(r"`(.)`", row)}
    script = (DOCS.parent / "broadsheet/web/static/js/keys.js").read_text("utf-8")
    bound = set(re.findall(r'^  "?([^"\s:]+)"?: \(\) =>', script, re.MULTILINE))
    shown = {key for key in read(printed.get("/about")).all(".prose .keys kbd") if len(key) == 1}
    assert listed == bound == shown
