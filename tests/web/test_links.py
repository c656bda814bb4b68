"""Every link of every page leads to a page."""

import pytest
from django.test import Client

from broadsheet.jobs import index
from tests.web.reading import read

pytestmark = pytest.mark.django_db


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
