"""`broadsheet search`: papers by words and by meaning."""

from datetime import date

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import Day, json_flag, ready, say, verb


@click.command(short_help="Find papers by words and by meaning.")
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=20, type=click.IntRange(1, 1000), help="How many papers.")
@click.option("--page", type=click.IntRange(1, 1_000_000), help="Which page of that many papers; else the first.")
@click.option(
    "--cursor",
    default="",
    metavar="CURSOR",
    help="Go on behind what was shown: the field next of --json. New papers move nothing.",
)
@click.option("--since", type=Day(), metavar="DAY", help="Published on this day or later: 2026-02-10.")
@click.option("--until", type=Day(), metavar="DAY", help="Published on this day or before.")
@click.option("--topic", default="", metavar="TOPIC", help="Only papers of this topic: cs.CL, or cs for all of cs.")
@click.option("--source", default="", metavar="SOURCE", help="Only papers from this source.")
@click.option("--has-code", is_flag=True, help="Only papers with code.")
@click.option(
    "--sort",
    default="best",
    type=click.Choice(["best", "newest", "votes", "citations", "trending"]),
    help="The order.",
)
@click.option(
    "--mode",
    default="hybrid",
    type=click.Choice(["hybrid", "words", "meaning"]),
    help="What counts: the words, the meaning, or both.",
)
@json_flag
@verb
def search(
    query: tuple[str, ...],
    limit: int,
    page: int | None,
    cursor: str,
    since: date | None,
    until: date | None,
    topic: str,
    source: str,
    has_code: bool,
    sort: str,
    mode: str,
    as_json: bool,
) -> int:
    """Find papers. QUERY may hold "phrases", -words to leave out, author:, cat:, year: and more; an id or an
    address finds that paper.

    Put -- before a query that begins with a dash. Down a pipe each paper is a line: number, id, date, votes and
    title, split by tabs.

    \b
    broadsheet search sparse attention for long documents
    broadsheet search '"mixture of experts" -vision year:2025' --has-code
    broadsheet search diffusion --since 2026-01-01 --sort votes --limit 5
    broadsheet search 2602.07026 --json | jq '.papers[0].title'
    broadsheet search diffusion --json --cursor "$(broadsheet search diffusion --json | jq -r .next)"
    """
    ready()
    from django.utils import timezone

    from broadsheet.cli import show
    from broadsheet.core import text
    from broadsheet.core.day import edition_day
    from broadsheet.listings.search import BadCursor, Mode, SearchRequest, Sort, TooLong, search_page

    request = SearchRequest(
        text.clean(" ".join(query)),
        since,
        until,
        topic,
        source,
        has_code,
        Sort(sort),
        Mode(mode),
        page,
        limit,
        cursor,
    )
    try:
        found = search_page(request, today=edition_day(timezone.now()))
    except (TooLong, BadCursor) as wrong:
        raise Fault(str(wrong), ExitCode.MISUSED) from wrong
    if as_json:
        show.document(
            {
                "query": request.q,
                "understood": found.understood,
                "suggestion": found.suggestion,
                "exact": found.exact,
                **show.listing(found.listing),
                "facets": {
                    name: {one.value: one.count for one in facets} for name, facets in found.listing.facets.items()
                },
                **({"next": found.cursor} if found.more else {}),
            }
        )
    elif found.listing.cards:
        show.papers(found.listing)
    if found.suggestion:
        say(f"did you mean: {found.suggestion}")
    if found.listing.cards:
        return ExitCode.DONE
    say(
        "no paper was found: use fewer or other words"
        if page in (None, 1) and not cursor
        else "there is no more of this"
    )
    return ExitCode.NOTHING
