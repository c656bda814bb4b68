"""A search told back in words, so that the reader sees what was understood."""

from datetime import date

from broadsheet.search.filters import Filters
from broadsheet.search.syntax import And, Node, Not, Or, PaperRef, Phrase, Query, Word, demands

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_IN_FIELD = {
    "title": " in the title",
    "abstract": " in the abstract",
    "keyword": " as a keyword",
    "author": " as an author",
    "topic": " as a topic",
    "venue": " as the venue",
    "source": " as the source",
}
_LONGEST = 120
"""Characters of a pasted text that are shown."""


def describe(query: Query) -> str:
    """One line, such as "papers with 'self attention' as a phrase, not 'survey', since 1 Jan 2020, with code"."""
    parts = [*_about(query), *_narrowed_to(query.filters)]
    return "papers " + ", ".join(parts) if parts else "all papers"


def _about(query: Query) -> list[str]:
    parts: list[str] = []
    if query.pinned:
        parts.append(f"named {_any_of(query.pinned)}")
    if query.plain:
        text = query.meaning if len(query.meaning) <= _LONGEST else query.meaning[:_LONGEST].rstrip() + "…"
        parts.append(f"about the text “{text}”")
    elif query.root:
        parts.extend(_root(query.root))
    if query.like:
        parts.append(f"like {_papers(query.like)}")
    if query.unlike:
        parts.append(f"unlike {_papers(query.unlike)}")
    return parts


def _root(root: Node) -> list[str]:
    """The children of the root, plain words first and together."""
    asked = demands(root)
    parts = [f"about {' '.join(_quoted(word.text) for word in asked.wanted)}"] if asked.wanted else []
    parts.extend(f"with {in_words(node)}" for node in asked.required)
    parts.extend(f"not {_part(node)}" for node in asked.excluded)
    return parts


def in_words(node: Node) -> str:
    """One part of a search, such as "‘few shot’ as a phrase in the title"."""
    match node:
        case Word(text, prefix, field):
            return (f"words beginning with {_quoted(text)}" if prefix else _quoted(text)) + _IN_FIELD.get(
                field or "", ""
            )
        case Phrase(words, field, text):
            where = _IN_FIELD.get(field or "", "")
            return _quoted(text or " ".join(words)) + (
                where if field in ("author", "topic", "venue", "source") else f" as a phrase{where}"
            )
        case Not(child):
            return f"not {_part(child)}"
        case And(children):
            return " and ".join(_part(child) for child in children)
        case Or(children):
            return " or ".join(_part(child) for child in children)


def _part(node: Node) -> str:
    return f"({in_words(node)})" if isinstance(node, (And, Or)) else in_words(node)


def _narrowed_to(filters: Filters) -> list[str]:
    parts = [f"by author {author}" for author in filters.authors]
    for values, label in (
        (filters.topics, "in topic"),
        (filters.venues, "at"),
        (filters.sources, "from"),
        (filters.lang, "in language"),
    ):
        if values:
            parts.append(f"{label} {_any_of(values)}")
    for values, label in (
        (filters.without_topics, "not in topic"),
        (filters.without_venues, "not at"),
        (filters.without_sources, "not from"),
    ):
        if values:
            parts.append(f"{label} {_any_of(values)}")
    match filters.first_year, filters.last_year:
        case int(first), int(last):
            parts.append(f"of {first}" if first == last else f"of {first} to {last}")
        case int(first), None:
            parts.append(f"of {first} or later")
        case None, int(last):
            parts.append(f"of {last} or earlier")
    if filters.since:
        parts.append(f"since {_day(filters.since)}")
    if filters.until:
        parts.append(f"until {_day(filters.until)}")
    if filters.has_code is not None:
        parts.append("with code" if filters.has_code else "without code")
    return parts


def _quoted(text: str) -> str:
    return f"‘{text}’"


def _any_of(values: tuple[str, ...]) -> str:
    return " or ".join(values)


def _papers(papers: tuple[PaperRef, ...]) -> str:
    return " and ".join(paper.key for paper in papers)


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
