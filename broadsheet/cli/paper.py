"""`broadsheet paper`: one paper, with everything that is known of it."""

import sys
from typing import TYPE_CHECKING, Any

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import json_flag, ready, say, verb

if TYPE_CHECKING:
    from broadsheet.listings.paper import PaperPage


@click.command(short_help="One paper, also as BibTeX or RIS.")
@click.argument("name", metavar="ID")
@click.option("--bibtex", is_flag=True, help="Its BibTeX entry.")
@click.option("--ris", is_flag=True, help="Its RIS entry.")
@json_flag
@verb
def paper(name: str, bibtex: bool, ris: bool, as_json: bool) -> int:
    """Print a paper. ID is an arXiv id (with or without version), a DOI, another id of it or its address.

    \b
    broadsheet paper 2602.07026
    broadsheet paper https://arxiv.org/abs/2602.07026v2 --json
    broadsheet paper 10.18653/v1/p19-1001 --bibtex >> references.bib
    """
    if bibtex + ris + as_json > 1:
        raise Fault("choose one of --bibtex, --ris and --json", ExitCode.MISUSED)
    ready()
    from broadsheet.cli import show
    from broadsheet.listings.paper import paper_page

    found = paper_page(name)
    if found is None:
        say(f"no paper here is called {name[:200]!r}: try `broadsheet search`")
        return ExitCode.NOTHING
    if bibtex or ris:
        click.echo((found.bibtex if bibtex else found.ris).rstrip("\n"))
    elif as_json:
        show.document(_for_programs(found))
    else:
        _for_people(found)
    return ExitCode.DONE


def _for_programs(found: "PaperPage") -> dict[str, Any]:
    from broadsheet.cli import show

    return {
        **show.card(found.card),
        "ids": [one.key for one in found.ids],
        "versions": [{"number": one.number, "date": one.at} for one in found.versions],
        "updated": found.updated,
        "comment": found.comment,
        "journal_ref": found.journal_ref,
        "licence": found.licence,
        "links": found.links,
        "origins": found.origins,
        "records": [{"source": source, "stored_at": at} for source, at in found.records],
        "editions": found.editions,
        "similar": [{"id": one.key, "title": one.title, "score": one.score} for one in found.similar],
    }


def _for_people(found: "PaperPage") -> None:
    from broadsheet.cli import show
    from broadsheet.core import tex, text

    one = found.card
    click.echo(click.style(tex.to_plain(one.title), bold=sys.stdout.isatty()))
    if one.withdrawn:
        click.echo("Withdrawn by its authors.")
    facts = (
        ("Authors", show.authors(one)),
        ("Date", show.published(one)),
        ("Editions", ", ".join(day.isoformat() for day in found.editions)),
        ("Names", ", ".join(name.key for name in found.ids)),
        ("Versions", ", ".join(f"v{version.number}" for version in found.versions)),
        ("Venue", one.venue),
        ("Topics", ", ".join(one.topics)),
        ("Keywords", ", ".join(one.keywords)),
        ("Counts", ", ".join(f"{name} {count:,}" for name, count in one.signals.items())),
        ("Sources", ", ".join(one.sources)),
        *((kind.capitalize(), url) for kind, url in found.links.items()),
    )
    for label, value in facts:
        if value:
            click.echo(f"{label + ':':<11} {text.clean(value)}")
    for said in (one.summary, one.abstract):
        if said:
            click.echo()
            click.echo(click.wrap_text(tex.to_plain(said), width=100, preserve_paragraphs=True))
    if found.similar:
        click.echo("\nSimilar:")
        for other in found.similar:
            click.echo(f"  {other.key}  {tex.to_plain(other.title)}")
