"""`broadsheet harvest`, `sources` and `coverage`: where papers come from, and whether all of them came."""

import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import Day, json_flag, ready_to_write, say, verb

if TYPE_CHECKING:
    from broadsheet.jobs.harvest import HarvestTally
    from broadsheet.jobs.morning import Gathered


class _Since(click.ParamType[date]):
    """A day, written 2026-02-10, or so many days back, written 7d."""

    name = "since"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        written = str(value)
        if written.endswith("d") and written[:-1].isascii() and written[:-1].isdigit() and len(written) < 6:
            from django.utils import timezone

            from broadsheet.core.day import edition_day

            return edition_day(timezone.now()) - timedelta(days=int(written[:-1]))
        return Day().convert(value, param, ctx)


@click.command(short_help="Take in what the sources have announced.")
@click.argument("place", default="")
@click.option(
    "--topics",
    default="",
    metavar="LIST",
    help="Topics to order besides those ordered before, by commas: cs.LG,cs.CL. Without any, the first order is for all of it.",
)
@click.option("--since", type=str, metavar="DAY|7d", help="How far back the first harvest of an order goes.")
@click.option("--route", default="", metavar="ROUTE", help="By this route alone; `broadsheet sources` names them.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked, and ask nothing.")
@json_flag
@verb
def harvest(place: str, topics: str, since: str | None, route: str, dry_run: bool, as_json: bool) -> int:
    """Harvest a source: its papers come in, each filed on the day it was announced, and are counted against the
    announcements. From then on it is a standing order, which `broadsheet serve` and `broadsheet work` keep;
    without a name all standing orders are kept now. Stop it anywhere with Ctrl-C: the next run goes on.

    \b
    broadsheet harvest arxiv --topics cs.LG,cs.CL --since 7d
    broadsheet harvest
    broadsheet harvest arxiv --route oai --dry-run
    """
    ready_to_write()
    from broadsheet.catalog.models import Order
    from broadsheet.cli.press import bring_up_to_date
    from broadsheet.jobs import alarms, morning
    from broadsheet.sources.place import UnknownTopic
    from broadsheet.sources.places import UnknownPlace

    named = tuple(one for part in topics.split(",") if (one := part.strip()))
    first = _Since().convert(since, None, None) if since else None
    try:
        if place and not dry_run:
            _check_route(place, route)
            orders = [morning.order(place, named, first)]
        elif place:
            _check_route(place, route)
            held = Order.objects.filter(place=place).first()
            topics_then = sorted({*(held.topics if held else ()), *named})
            morning.check(place, topics_then)
            orders = [Order(place=place, topics=topics_then, since=first or (held.since if held else None))]
        else:
            orders = list(Order.objects.order_by("place"))
        if not orders:
            raise Fault(
                "nothing is ordered yet: name a source, as in `broadsheet harvest arxiv --topics cs.LG --since 7d`",
                ExitCode.NOTHING,
            )
        if dry_run:
            return _told_beforehand(orders, route)
        began = time.monotonic()
        done = [morning.gather(one, only=(route,) if route else (), progress=_shown) for one in orders]
    except (UnknownPlace, UnknownTopic) as wrong:
        raise Fault(str(wrong), ExitCode.MISUSED) from wrong
    bring_up_to_date()
    from django.utils import timezone

    alarms.sound(timezone.now())
    return _told(done, time.monotonic() - began, as_json=as_json)


def _check_route(place: str, route: str) -> None:
    """Fault unless ``route`` is empty or one to ``place``."""
    from broadsheet.jobs import morning

    there = [one.route for one in morning.routes_to(place)]
    if route and route not in there:
        raise Fault(f"{route!r} is no route to {place}: there is {', '.join(there)}", ExitCode.MISUSED)


def _told_beforehand(orders: list[Any], route: str) -> int:
    from broadsheet.jobs import morning

    for one in orders:
        for source in morning.routes_to(one.place):
            if not route or source.route == route:
                click.echo(
                    f"{one.place} by {source.route}: {source.tells.value} of {' '.join(one.topics) or 'everything'}"
                    f" since {one.since or 'today'}, a request every {source.place.budget.gap:g} s"
                )
    return ExitCode.DONE


def _shown(route: str, done: "HarvestTally") -> None:
    import sys

    if sys.stderr.isatty():
        print(
            f"\r{route}: {done.seen:,} read, {done.added:,} new, {done.changed:,} changed",
            end="",
            file=sys.stderr,
            flush=True,
        )


def _told(done: "list[Gathered]", seconds: float, *, as_json: bool) -> int:
    from dataclasses import asdict

    from broadsheet.cli import show

    failed = any(one.failures for one in done)
    if as_json:
        show.document({"seconds": round(seconds, 1), "places": [asdict(one) for one in done]})
        return ExitCode.SYSTEM if failed else ExitCode.DONE
    for one in done:
        for route, tally in one.tallies.items():
            click.echo(
                f"{one.place} by {route}: {tally.added:,} new, {tally.changed:,} changed, {tally.unchanged:,} as before"
                + (f", {tally.rejected:,} could not be kept (see the rejects)" if tally.rejected else "")
            )
        for route, why in one.failures.items():
            say(f"{one.place} by {route}: {why}")
        if one.audit:
            for topic, missing in one.audit.missing.items():
                say(f"{one.place} {topic}: {len(missing)} announced and not held, such as {missing[0]}")
            if one.audit.late:
                say(f"{one.place}: {one.audit.late} days of topics are late; `broadsheet coverage` shows them")
    return ExitCode.SYSTEM if failed else ExitCode.DONE


@click.group(invoke_without_command=True, short_help="Where papers come from, and how each source is.")
@click.pass_context
@json_flag
@verb
def sources(context: click.Context, as_json: bool) -> int:
    """List the sources: what they need, their terms, what is ordered of each and how its routes are.

    \b
    broadsheet sources
    broadsheet sources reset arxiv.oai
    broadsheet sources stop arxiv
    """
    if context.invoked_subcommand:
        return ExitCode.DONE
    ready_to_write()
    from broadsheet.cli import show
    from broadsheet.jobs import standing

    held = standing.places()
    if as_json:
        show.document({"sources": held})
        return ExitCode.DONE
    for one in held:
        click.echo(f"{one['name']}  {one['title']}  {one['home']}")
        click.echo(f"  {one['terms']}")
        ordered = one["ordered"]
        click.echo(f"  ordered: {' '.join(ordered) or 'everything'}" if ordered is not None else "  not ordered")
        for route in one["routes"]:
            click.echo(f"  {route['name']} ({route['tells']}): {route['said']}")
    return ExitCode.DONE


@sources.command(short_help="Ask a source again that was left alone.")
@click.argument("name", metavar="PLACE.ROUTE")
@verb
def reset(name: str) -> int:
    """After a refusal a source is left alone until a person has looked. This says that you have.

    \b
    broadsheet sources reset arxiv.oai
    """
    ready_to_write()
    from broadsheet.jobs import morning, standing

    known = [route["name"] for one in standing.places() for route in one["routes"]]
    # A feed is left alone by its host, and told so.
    if name not in known and not name.startswith("feeds."):
        raise Fault(f"{name!r} is no route: there is {', '.join(known)}", ExitCode.MISUSED)
    morning.client().breaker(name).reset()
    click.echo(f"{name} is asked again at the next run")
    return ExitCode.DONE


@sources.command(short_help="End a standing order.")
@click.argument("place")
@verb
def stop(place: str) -> int:
    """End a standing order. Its papers stay.

    \b
    broadsheet sources stop arxiv
    """
    ready_to_write()
    from broadsheet.catalog.models import Order

    gone, _ = Order.objects.filter(place=place).delete()
    if not gone:
        raise Fault(f"nothing of {place!r} is ordered: `broadsheet sources` shows what is", ExitCode.NOTHING)
    click.echo(f"{place} is no longer harvested; its papers stay")
    return ExitCode.DONE


@click.command(short_help="Whether every paper that was announced is held.")
@click.argument("place", default="")
@click.option("--topic", default="", metavar="TOPIC", help="Only this topic.")
@click.option("--days", default=14, type=click.IntRange(1, 120), help="How many days back.")
@json_flag
@verb
def coverage(place: str, topic: str, days: int, as_json: bool) -> int:
    """Compare what was announced with what is held, day by day and topic by topic. Exit code 1 if anything is amiss.

    \b
    broadsheet coverage
    broadsheet coverage arxiv --topic cs.CL --days 30 --json
    """
    ready_to_write()
    from django.utils import timezone

    from broadsheet.cli import show
    from broadsheet.core.day import edition_day
    from broadsheet.listings.coverage import coverage_page
    from broadsheet.sources import places

    if place and place not in places.names():
        raise Fault(f"{place!r} is no source: there is {', '.join(places.names())}", ExitCode.MISUSED)
    found = coverage_page(edition_day(timezone.now()), days=days, place=place, topic=topic)
    if as_json:
        show.document({"coverage": found})
    else:
        for row in found.rows:
            click.echo(f"{row.name}: {row.held:,} of {row.announced:,} held")
            for line in row.days:
                if line.state:
                    click.echo(f"  {line.day} {line.day:%a}  {line.said}")
    if not found.rows:
        say("nothing is ordered yet: `broadsheet harvest arxiv --topics cs.LG --since 7d` begins")
        return ExitCode.NOTHING
    return ExitCode.DONE if found.whole else ExitCode.NOTHING
