"""`broadsheet edition`: the papers of a day, a week or a month."""

from typing import TYPE_CHECKING

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import json_flag, ready, say, verb

if TYPE_CHECKING:
    from broadsheet.core.day import Period


@click.command(short_help="The papers of a day, a week or a month.")
@click.argument("period", default="latest", metavar="[DAY|WEEK|MONTH|latest]")
@click.option("--topic", default="", metavar="TOPIC", help="Only papers of this topic: cs.CL, or cs for all of cs.")
@click.option("--source", default="", metavar="SOURCE", help="Only papers from this source.")
@click.option("--has-code", is_flag=True, help="Only papers with code.")
@click.option(
    "--sort",
    default="edition",
    type=click.Choice(["edition", "votes", "stars", "newest"]),
    help="The order; `edition` is the one that was frozen when the day closed.",
)
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), help="How many papers.")
@click.option("--page", default=1, type=click.IntRange(1), help="Which page of that many papers.")
@json_flag
@verb
def edition(
    period: str, topic: str, source: str, has_code: bool, sort: str, limit: int, page: int, as_json: bool
) -> int:
    """Print the papers of a day (2026-02-10), an ISO week (2026-W07), a month (2026-02) or the latest edition.

    \b
    broadsheet edition
    broadsheet edition 2026-02-10 --topic cs.CL
    broadsheet edition 2026-W07 --sort stars --limit 20
    broadsheet edition 2026-02 --json | jq '.papers[].id'
    """
    ready()
    from django.utils import timezone

    from broadsheet.cli import show
    from broadsheet.core.day import day_period, edition_day
    from broadsheet.listings.cards import Scope
    from broadsheet.listings.edition import Order, edition_page, latest_day

    chosen: Period | None
    if period == "latest":
        day = latest_day(edition_day(timezone.now()))
        chosen = day_period(day) if day else None
    else:
        chosen = _named(period)
    if chosen is None:
        say("there is no edition yet: run `broadsheet import PATH` first")
        return ExitCode.NOTHING
    found = edition_page(chosen, page=page, scope=Scope(topic, source, has_code), order=Order(sort), limit=limit)
    if as_json:
        show.document(
            {
                "period": {"kind": found.period.kind, "name": found.period.slug},
                "previous": found.previous.slug if found.previous else None,
                "next": found.following.slug if found.following else None,
                "closed": found.closed,
                "days": [{"day": day, "papers": papers, "picked": picked} for day, papers, picked in found.days],
                **show.listing(found.listing),
            }
        )
    elif found.listing.total:
        say(f"{found.period.slug}: {found.picked:,} picked by people, {found.announced:,} announced")
        show.papers(found.listing)
    if found.listing.cards:
        return ExitCode.DONE
    _tell_nothing(found.period, found.previous, found.following)
    return ExitCode.NOTHING


def _named(name: str) -> "Period":
    from broadsheet.core.day import BadPeriod, PeriodKind, parse_period

    for kind in PeriodKind:
        try:
            return parse_period(kind, name)
        except BadPeriod:
            continue
    raise Fault(
        f"{name!r} is no day, week or month: write 2026-02-10, 2026-W07, 2026-02 or latest", ExitCode.MISUSED
    )


def _tell_nothing(period: "Period", previous: "Period | None", following: "Period | None") -> None:
    near = " and ".join(one.slug for one in (previous, following) if one)
    say(f"no paper in {period.slug}" + (f"; the nearest editions are {near}" if near else ""))
