"""Template filters. The only place that marks text safe: what it marks comes from ``core.tex`` or is escaped here."""

import re
from collections.abc import Sequence
from datetime import date
from html import escape
from urllib.parse import quote, quote_plus

from django import template
from django.utils.safestring import SafeString, mark_safe

from broadsheet.core import day, tex
from broadsheet.core.card import Card, Segment
from broadsheet.core.text import name_key
from broadsheet.core.topics import topic_name
from broadsheet.web import wording

register = template.Library()

NAMES_SHOWN = 4
KEYWORDS_SHOWN = 6
TOPICS_SHOWN = 4

_SCHEMES = {"arxiv": "arXiv", "doi": "DOI", "openreview": "OpenReview", "acl": "ACL Anthology", "local": "Local"}
_CODE = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?", re.ASCII)


@register.filter
def math(source: str) -> SafeString:
    """Escaped text with its formulas as MathML."""
    return mark_safe(tex.to_html(source))  # noqa: S308 (escaped and checked in core.tex)


@register.filter
def plain(source: str) -> str:
    """Text for attributes and titles: no markup, no dollar signs."""
    return tex.to_plain(source)


@register.filter
def marked(segments: Sequence[Segment]) -> SafeString:
    """Segments with what was searched in ``<mark>``."""
    return mark_safe(  # noqa: S308 (each segment goes through core.tex)
        "".join(f"<mark>{tex.to_html(one.text)}</mark>" if one.hit else tex.to_html(one.text) for one in segments)
    )


@register.filter
def paper_link(key: str) -> str:
    """``/papers/{key}``; the slashes and colons of ids stay as readers type them."""
    return f"/papers/{quote(key, safe='/:;()._-')}"


@register.filter
def author_link(name: str) -> str:
    return f"/authors/{quote(name_key(name))}"


@register.filter
def names(card: Card) -> SafeString:
    """The first authors, linked, and how many more there are."""
    shown = card.authors[:NAMES_SHOWN] if card.author_count > NAMES_SHOWN + 1 else card.authors
    if not shown:
        return mark_safe(wording.counted(card.author_count, "author", "authors") if card.author_count else "")
    linked = ", ".join(f'<a href="/authors/{quote(name_key(one))}">{escape(one)}</a>' for one in shown)
    others = card.author_count - len(shown)
    more = f" and {others:,} {'other' if others == 1 else 'others'}" if others > 0 else ""
    return mark_safe(linked + more)  # noqa: S308 (every name is escaped in this function)


@register.filter
def more_authors(card: Card) -> str:
    """`` and 12 others`` where a source named only some."""
    others = card.author_count - len(card.authors)
    return f" and {wording.counted(others, 'other', 'others')}" if card.authors and others > 0 else ""


@register.filter
def first_author(card: Card) -> str:
    """``Ada Lovelace`` or ``Ada Lovelace +11``; ``12 authors`` where no name is known."""
    if not card.authors:
        return wording.counted(card.author_count, "author", "authors") if card.author_count else ""
    return card.authors[0] + (f" +{card.author_count - 1}" if card.author_count > 1 else "")


@register.filter
def topics(card: Card) -> SafeString:
    """The first topics, each a search for its papers."""
    return mark_safe(" ".join(_topic(one) for one in card.topics[:TOPICS_SHOWN]))  # noqa: S308 (escaped in _topic)


def _topic(topic: str) -> str:
    name = topic_name(topic)
    title = f' title="{escape(name)}"' if name != topic else ""
    return f'<a class="topic" href="{topic_search(topic)}"{title}>{escape(topic)}</a>'


@register.filter
def topic_search(topic: str) -> str:
    """The address of the search for a topic's papers."""
    return asking(f"cat:{topic}" if _CODE.fullmatch(topic) else 'topic:"{}"'.format(topic.replace('"', " ")))


@register.filter
def keywords(card: Card) -> SafeString:
    """The first keywords, each a search for itself."""
    return mark_safe(  # noqa: S308 (escaped in this line)
        " ".join(
            f'<a href="/papers?q={quote_plus(one)}">{escape(one)}</a>' for one in card.keywords[:KEYWORDS_SHOWN]
        )
    )


@register.filter
def asking(words: str) -> str:
    """The address of a search for ``words``."""
    return f"/papers?q={quote_plus(words)}"


@register.filter
def published(card: Card, today: date) -> str:
    return day.in_words(card.published, today, card.precision) if card.published else ""


@register.filter
def in_words(when: date | None, today: date) -> str:
    return day.in_words(when, today) if when else ""


@register.filter
def topic_label(code: str) -> str:
    return topic_name(code)


@register.filter
def source_label(source: str) -> str:
    return wording.source_name(source)


@register.filter
def scheme_label(scheme: str) -> str:
    return _SCHEMES.get(scheme, scheme)


@register.filter
def fact_label(fact: str) -> str:
    """A field of a paper as people call it: ``summary_by`` -> ``summary by``."""
    return fact.replace("_", " ")


@register.filter
def paragraphs(source: str) -> list[str]:
    return [part for part in source.split("\n\n") if part]


@register.filter
def short(count: int) -> str:
    """12345 -> 12.3k."""
    if count < 1_000:
        return str(count)
    if count < 1_000_000:
        return f"{count / 1_000:.1f}".removesuffix(".0") + "k"
    return f"{count / 1_000_000:.1f}".removesuffix(".0") + "M"


@register.filter
def thousands(count: int) -> str:
    """2412 -> 2,412."""
    return f"{count:,}"
