"""The small pieces of a card, as HTML: who, when, how many, where to.

They are written here and not in the template because a list of fifty cards is made of a thousand of them, and a
template takes five times as long. Whatever comes from a paper is escaped in the line that prints it, or by
``core.tex``, or is a number; ``tests/web/test_escaping.py`` tries to break out of each.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from html import escape
from urllib.parse import quote, quote_plus

from broadsheet.core import day, ids, tex
from broadsheet.core.card import Card, Segment
from broadsheet.core.text import name_key
from broadsheet.core.topics import topic_name
from broadsheet.web.wording import counted

NAMES_SHOWN = 4
KEYWORDS_SHOWN = 6
TOPICS_SHOWN = 4
# Names, topics and keywords come again from page to page; quoting them is a tenth of the work of a list.
REMEMBERED = 16_384
DOT = ' <span class="dot">·</span> '

_CODE = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?", re.ASCII)


def paper_link(key: str) -> str:
    """``/papers/{key}``; the slashes and colons of ids stay as readers type them."""
    return f"/papers/{quote(key, safe='/:;()._-')}"


@lru_cache(maxsize=REMEMBERED)
def author_link(name: str) -> str:
    return f"/authors/{quote(name_key(name))}"


@lru_cache(maxsize=REMEMBERED)
def search_link(words: str) -> str:
    return f"/papers?q={quote_plus(words)}"


def topic_link(topic: str) -> str:
    """The search for a topic's papers."""
    return search_link(f"cat:{topic}" if _CODE.fullmatch(topic) else 'topic:"{}"'.format(topic.replace('"', " ")))


def short(count: int) -> str:
    """12345 -> 12.3k."""
    if count < 1_000:
        return str(count)
    if count < 1_000_000:
        return f"{count / 1_000:.1f}".removesuffix(".0") + "k"
    return f"{count / 1_000_000:.1f}".removesuffix(".0") + "M"


def marked(segments: Sequence[Segment]) -> str:
    """Segments with what was searched in ``<mark>``."""
    return "".join(
        f"<mark>{tex.to_html(one.text)}</mark>" if one.hit else tex.to_html(one.text) for one in segments
    )


def title(card: Card) -> str:
    """The title, linked, and what must be known at a glance: new, withdrawn."""
    words = marked(card.title_segments) if card.title_segments else tex.to_html(card.title)
    new = ' <span class="new">New</span>' if card.fresh else ""
    gone = ' <span class="gone">Withdrawn</span>' if card.withdrawn else ""
    return f'<a href="{paper_link(card.key)}">{words}</a>{new}{gone}'


def tally(card: Card) -> str:
    """Votes: those given here, and those given on Daily Papers, marked as theirs."""
    here, there = card.votes, card.their_votes
    told = f'<b title="{counted(here, "vote", "votes")} here">{short(here)}</b>' if here else ""
    if here:
        told += '<span class="unseen"> votes here</span>'
    if there:
        told += (
            f'<span class="theirs" title="{counted(there, "vote", "votes")} on Hugging Face Daily Papers">'
            f'<b>{short(there)}</b> <abbr aria-hidden="true">HF</abbr></span>'
            '<span class="unseen"> votes on Daily Papers</span>'
        )
    return told


def byline(card: Card, today: date) -> str:
    """Authors, date, venue and topics."""
    parts = [names(card)]
    if card.published:
        when = day.in_words(card.published, today, card.precision)
        parts.append(f'<time datetime="{card.published.isoformat()}">{when}</time>')
    parts.append(escape(card.venue))
    parts.append(" ".join(topic(one) for one in card.topics[:TOPICS_SHOWN]))
    return DOT.join(part for part in parts if part)


def names(card: Card) -> str:
    """The first authors, linked, and how many more there are; their number where no name is known."""
    shown = card.authors[:NAMES_SHOWN] if card.author_count > NAMES_SHOWN + 1 else card.authors
    if not shown:
        return counted(card.author_count, "author", "authors") if card.author_count else ""
    linked = ", ".join(f'<a href="{author_link(one)}">{escape(one)}</a>' for one in shown)
    others = card.author_count - len(shown)
    return linked + (f" and {counted(others, 'other', 'others')}" if others > 0 else "")


@lru_cache(maxsize=REMEMBERED)
def topic(code: str) -> str:
    name = topic_name(code)
    told = f' title="{escape(name)}"' if name != code else ""
    return f'<a class="topic" href="{topic_link(code)}"{told}>{escape(code)}</a>'


def actions(card: Card) -> str:
    """Where to go from here: the text, the code, the talk, the keywords."""
    parts = []
    if pdf := pdf_link(card):
        parts.append(_away(pdf, "PDF", " data-pdf"))
    if card.code_url:
        parts.append(_away(card.code_url, "Code" + stars(card)))
    if card.project_url:
        parts.append(_away(card.project_url, "Project"))
    if talk := card.their_comments:
        told = counted(talk, "comment", "comments")
        parts.append(f'<span class="talk" title="on Hugging Face Daily Papers">{told}</span>')
    if card.keywords:
        parts.append(f'<span class="keywords">{keywords(card.keywords[:KEYWORDS_SHOWN])}</span>')
    return " ".join(parts)


def pdf_link(card: Card) -> str:
    """Where the PDF is, as a source said or as the rules of arXiv and its like have it; empty if neither knows."""
    if card.pdf_url:
        return card.pdf_url
    named = ids.parse(card.key)
    return named.pdf if named else ""


def stars(card: Card) -> str:
    """How many stars the code has, after its link's word."""
    if not card.stars:
        return ""
    told = counted(card.stars, "star", "stars")
    return f' <span class="stars" title="{told} on GitHub"><span aria-hidden="true">★</span> {short(card.stars)}</span>'


def keywords(words: Iterable[str]) -> str:
    """Keywords, each a search for itself."""
    return " ".join(f'<a href="{search_link(one)}">{escape(one)}</a>' for one in words)


def why(card: Card) -> str:
    """The reasons for a paper's place, in words."""
    return "; ".join(escape(one.sentence) for one in card.reasons)


def _away(address: str, words: str, more: str = "") -> str:
    return f'<a class="act" href="{escape(address)}" rel="external noopener"{more}>{words}</a>'
