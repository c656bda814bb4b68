"""Results on stdout: one JSON document for programs, a table for a person, tab-separated lines down a pipe."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from broadsheet.core import tex, text
from broadsheet.core.card import Card, Listing

_AUTHORS = 3


def document(value: Any) -> None:
    """``value`` as one indented JSON document."""
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """``rows`` under ``columns`` at a terminal; else a line a row, fields split by tabs, without the heading."""
    plain = [[_cell(value) for value in row] for row in rows]
    if not sys.stdout.isatty():
        for row in plain:
            click.echo("\t".join(" ".join(cell.split()) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_header=any(columns))
    for number, column in enumerate(columns):
        numeric = bool(plain) and all(row[number].replace(",", "").replace(".", "").isdigit() for row in plain)
        shown.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in plain:
        shown.add_row(*(Text(cell) for cell in row))
    Console().print(shown)


def papers(listing: Listing, *, numbered_from: int | None = None) -> None:
    """The papers of ``listing``: number, id, day, votes, title; at a terminal also authors and reasons."""
    first = listing.offset + 1 if numbered_from is None else numbered_from
    if sys.stdout.isatty():
        _papers_at_terminal(listing, first)
    else:
        table(
            ("", "id", "date", "votes", "title"),
            (
                (number, one.key, published(one), votes(one), tex.to_plain(one.title))
                for number, one in enumerate(listing.cards, first)
            ),
        )
    for note in listing.notes:
        click.echo(note, err=True)


def _papers_at_terminal(listing: Listing, first: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    shown.add_column(justify="right", style="dim")
    shown.add_column(overflow="fold")
    for number, one in enumerate(listing.cards, first):
        counts = f"{votes(one):,} votes" if votes(one) else ""
        below = (one.key, authors(one), published(one), counts, *one.topics[:3])
        said = Text(tex.to_plain(one.title), style="bold")
        said.append("\n" + " · ".join(part for part in below if part), style="not bold dim")
        for reason in one.reasons:
            said.append(f"\n{reason.sentence}", style="not bold italic dim")
        shown.add_row(str(number), said)
    Console(highlight=False).print(shown)
    last = first + len(listing.cards) - 1
    all_here = listing.total <= len(listing.cards)
    click.echo(f"{listing.total:,} papers" if all_here else f"{first:,} to {last:,} of {listing.total:,} papers")


def card(one: Card) -> dict[str, Any]:
    """A card for programs: its facts by the names that docs/import.md gives them, then why it is listed."""
    said: dict[str, Any] = {
        "id": one.key,
        "title": one.title,
        "abstract": one.abstract,
        "summary": one.summary,
        "summary_by": one.summary_by,
        "authors": one.authors,
        "author_count": one.author_count,
        "date": published(one),
        "day": one.day,
        "topics": one.topics,
        "keywords": one.keywords,
        "venue": one.venue,
        "code": one.code_url,
        "project": one.project_url,
        "pdf": one.pdf_url,
        "signals": one.signals,
        "sources": one.sources,
        "submitted_by": one.submitted_by,
        "organization": one.organization,
        "withdrawn": one.withdrawn,
        "picked": one.picked,
        "score": one.score,
        "reasons": [
            {"kind": why.kind, "sentence": why.sentence, "weight": round(why.weight, 4)} for why in one.reasons
        ],
    }
    return {name: value for name, value in said.items() if value not in ("", None)}


def listing(one: Listing) -> dict[str, Any]:
    return {
        "total": one.total,
        "offset": one.offset,
        "notes": one.notes,
        "papers": [card(paper) for paper in one.cards],
    }


def published(one: Card) -> str:
    """``2026-02-10``, ``2026-02`` or ``2026``: as much as its source knew."""
    length = {"day": 10, "month": 7, "year": 4}[one.precision]
    return one.published.isoformat()[:length] if one.published else ""


def authors(one: Card) -> str:
    named = ", ".join(one.authors[:_AUTHORS])
    more = one.author_count - min(_AUTHORS, len(one.authors))
    if not named:
        return f"{one.author_count} authors" if one.author_count else ""
    return f"{named} and {more} more" if more > 0 else named


def votes(one: Card) -> int:
    """The larger of the votes given here and on Daily Papers: they are never added up."""
    return max(one.votes, one.their_votes)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and sys.stdout.isatty():
        return f"{value:,}"
    return text.clean(str(value))
