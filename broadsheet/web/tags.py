"""Template filters. The only place that marks text safe: what it marks is escaped in ``core.tex`` or ``pieces``."""

from datetime import date

from django import template
from django.utils.safestring import SafeString, mark_safe

from broadsheet.core import day, tex
from broadsheet.core.card import Card
from broadsheet.core.topics import topic_name
from broadsheet.web import pieces, wording

register = template.Library()

register.filter("paper_link", pieces.paper_link)
register.filter("author_link", pieces.author_link)
register.filter("search_link", pieces.search_link)
register.filter("topic_link", pieces.topic_link)
register.filter("pdf_link", pieces.pdf_link)
register.filter("plain", tex.to_plain)
register.filter("topic_label", topic_name)
register.filter("source_label", wording.source_name)
register.filter("scheme_label", wording.scheme_name)


@register.filter
def math(source: str) -> SafeString:
    """Escaped text with its formulas as MathML."""
    return mark_safe(tex.to_html(source))  # noqa: S308 (escaped and checked in core.tex)


@register.filter
def title(card: Card) -> SafeString:
    return mark_safe(pieces.title(card))  # noqa: S308 (escaped in pieces)


@register.filter
def tally(card: Card) -> SafeString:
    return mark_safe(pieces.tally(card))  # noqa: S308 (numbers)


@register.filter
def byline(card: Card, today: date) -> SafeString:
    return mark_safe(pieces.byline(card, today))  # noqa: S308 (escaped in pieces)


@register.filter
def actions(card: Card) -> SafeString:
    return mark_safe(pieces.actions(card))  # noqa: S308 (escaped in pieces)


@register.filter
def stars(card: Card) -> SafeString:
    return mark_safe(pieces.stars(card))  # noqa: S308 (numbers)


@register.filter
def keywords(card: Card) -> SafeString:
    return mark_safe(pieces.keywords(card.keywords))  # noqa: S308 (escaped in pieces)


@register.filter
def why(card: Card) -> SafeString:
    return mark_safe(pieces.why(card))  # noqa: S308 (escaped in pieces)


@register.filter
def abstract(card: Card) -> SafeString:
    """The abstract of a card, with what was searched marked."""
    told = pieces.marked(card.abstract_segments) if card.abstract_segments else tex.to_html(card.abstract)
    return mark_safe(told)  # noqa: S308 (escaped in core.tex)


@register.filter
def first_author(card: Card) -> str:
    """``Ada Lovelace`` or ``Ada Lovelace +11``; ``12 authors`` where no name is known."""
    if not card.authors:
        return wording.counted(card.author_count, "author", "authors") if card.author_count else ""
    return card.authors[0] + (f" +{card.author_count - 1}" if card.author_count > 1 else "")


@register.filter
def more_authors(card: Card) -> str:
    """`` and 12 others`` where a source named only some."""
    others = card.author_count - len(card.authors)
    return f" and {wording.counted(others, 'other', 'others')}" if card.authors and others > 0 else ""


@register.filter
def published(card: Card, today: date) -> str:
    return day.in_words(card.published, today, card.precision) if card.published else ""


@register.filter
def in_words(when: date | None, today: date) -> str:
    return day.in_words(when, today) if when else ""


@register.filter
def fact_label(fact: str) -> str:
    """A field of a paper as people call it: ``summary_by`` -> ``summary by``."""
    return fact.replace("_", " ")


@register.filter
def paragraphs(source: str) -> list[str]:
    return [part for part in source.split("\n\n") if part]


@register.filter
def thousands(count: int) -> str:
    """2412 -> 2,412."""
    return f"{count:,}"
