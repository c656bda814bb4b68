"""`broadsheet trending`: what people turn to, over a window."""

import click

from broadsheet.cli.faults import ExitCode
from broadsheet.cli.start import json_flag, ready, say, verb


@click.command(short_help="What people turn to, over a window.")
@click.option(
    "--window",
    default="week",
    type=click.Choice(["day", "week", "month", "year", "all"]),
    help="How far back to look, from the day of the last edition.",
)
@click.option("--topic", default="", metavar="TOPIC", help="Only papers of this topic: cs.CL, or cs for all of cs.")
@click.option("--source", default="", metavar="SOURCE", help="Only papers from this source.")
@click.option("--has-code", is_flag=True, help="Only papers with code.")
@click.option("--limit", default=20, type=click.IntRange(1, 10_000), help="How many papers.")
@click.option("--page", default=1, type=click.IntRange(1), help="Which page of that many papers.")
@json_flag
@verb
def trending(window: str, topic: str, source: str, has_code: bool, limit: int, page: int, as_json: bool) -> int:
    """Print the papers that people turn to most, hottest first, with the reason for each.

    \b
    broadsheet trending
    broadsheet trending --window month --topic cs.LG
    broadsheet trending --window all --has-code --json
    """
    ready()
    from django.utils import timezone

    from broadsheet.cli import show
    from broadsheet.core.day import edition_day
    from broadsheet.listings.cards import Scope
    from broadsheet.listings.trending import Window, trending_page

    found = trending_page(
        Window(window),
        edition_day(timezone.now()),
        page=page,
        scope=Scope(topic, source, has_code),
        limit=limit,
    )
    if as_json:
        show.document({"window": window, "since": found.since, "until": found.until, **show.listing(found.listing)})
    elif found.listing.cards:
        show.papers(found.listing)
    if found.listing.cards:
        return ExitCode.DONE
    say("no paper is trending in that window: take a longer one, or import papers")
    return ExitCode.NOTHING
