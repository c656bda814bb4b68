"""Titles, abstracts, names, keywords and queries are text, whatever they hold."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from broadsheet.core import text
from broadsheet.core.record import Link, LinkKind, Record
from broadsheet.jobs import index
from tests.factories import preprint, record
from tests.web.world import print_papers

pytestmark = pytest.mark.django_db

BREAKOUTS = [
    "<script>pwned()</script>",
    "<img src=x onerror=pwned()>",
    '"><svg onload=pwned()>',
    "' onfocus=pwned() autofocus x='",
    "</title><script>pwned()</script>",
    "</p></article><iframe srcdoc='<script>pwned()</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwned()>",
    "$\\href{javascript:pwned()}{x}$",
    "$<img src=x onerror=pwned()>$",
    "$\\text{</mtext><script>pwned()</script>}$",
    "$$\\unicode{x3c}script\\unicode{x3e}$$",
    '\\(\\class{a" onclick="pwned()}{x}\\)',
    "{{ 7|add:7 }}{% include 'page.html' %}",
    "&lt;script&gt;pwned()&lt;/script&gt;",
    "javascript:pwned()",
]


def hostile(number: int, payload: str) -> list[Record]:
    key = f"2602.{number:05}"
    return [
        preprint(
            key,
            f"A title {payload} ends",
            abstract=f"An abstract {payload} ends",
            authors=(f"Name {payload}", "Second"),
            topics=(f"topic {payload}",),
            comment=f"A comment {payload}",
            links=(
                Link(LinkKind.CODE, f"https://example.org/{payload}"),
                Link(LinkKind.PROJECT, "javascript:pwned()"),
                Link(LinkKind.PDF, 'https://example.org/"onclick="pwned()'),
            ),
        ),
        record(
            "huggingface",
            key,
            title=f"A title {payload} ends",
            ids=(key,),
            summary=f"A summary {payload} ends",
            summary_by=f"Someone {payload}",
            keywords=(f"keyword {payload}",),
            venue=f"Venue {payload}",
            submitted_by=payload,
            organization=payload,
        ),
    ]


def assert_harmless(content: bytes) -> None:
    tree = LexborHTMLParser(content.decode())
    for node in tree.css("*"):
        attributes = node.attributes
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")], node.html
        for name in ("href", "src", "action", "xlink:href"):
            assert not (attributes.get(name) or "").strip().lower().startswith(("javascript:", "data:")), node.html
    assert {node.attributes.get("src", "").partition("?")[0] for node in tree.css("script")} <= {
        "/static/js/theme.js",
        "/static/js/keys.js",
        "/static/js/live.js",
        "/static/vendor/htmx.min.js",
    }
    assert not tree.css("iframe, object, embed, style, base, form form")
    assert len(tree.css("title")) == 1
    assert len(tree.css("h1")) == 1


@pytest.mark.parametrize("payload", BREAKOUTS)
def test_nothing_a_paper_says_breaks_out_of_its_place(printed: Client, payload: str) -> None:
    print_papers(hostile(3_000, payload))
    index.rebuild()
    name = text.name_key(f"Name {payload}")
    for path in (
        "/papers/date/2026-02-10",
        "/papers/date/2026-02-10?view=titles",
        "/papers/trending?window=all",
        "/papers/2602.03000",
        f"/authors/{name}",
        "/papers?q=title+ends",
    ):
        response = printed.get(path)
        assert response.status_code == 200, path
        assert_harmless(response.content)


@pytest.mark.parametrize("payload", BREAKOUTS)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_nothing_that_is_asked_breaks_out_of_its_place(
    printed: Client, payload: str, headers: dict[str, str]
) -> None:
    for path, asked in (
        ("/papers", {"q": payload}),
        ("/papers", {"q": "bells", "topic": payload, "source": payload}),
        ("/papers", {"q": "bells", "since": payload}),
        ("/papers/date/2026-02-10", {"topic": payload, "source": payload, "order": payload}),
        (f"/papers/{payload}", {}),
        (f"/papers/date/{payload}".replace("/p>", "p>"), {}),
        (f"/authors/{payload}".replace("</", "<"), {}),
    ):
        response = printed.get(path, asked, headers=headers, follow=True)
        assert response.status_code in (200, 400, 404), path
        assert_harmless(response.content)
