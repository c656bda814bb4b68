"""Template filters. The only place that marks text safe: what it marks comes from ``core.tex`` or is escaped here."""

import html
from collections.abc import Sequence
from datetime import date

from django import template
from django.utils.safestring import SafeString, mark_safe

from broadsheet.core import day, tex
from broadsheet.core.card import Segment

register = template.Library()


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
def in_words(when: date | None, today: date) -> str:
    return day.in_words(when, today) if when else ""


@register.filter
def short(count: int) -> str:
    """12345 -> 12.3k."""
    if count < 1_000:
        return str(count)
    if count < 1_000_000:
        return f"{count / 1_000:.1f}".removesuffix(".0") + "k"
    return f"{count / 1_000_000:.1f}".removesuffix(".0") + "M"


@register.filter
def attribute(text: str) -> SafeString:
    return mark_safe(html.escape(text, quote=True))  # noqa: S308 (escaped in this line)
