"""`broadsheet work` and `jobs`: what is done when nobody asks."""

import os
import signal
import time

import click

from broadsheet.cli.faults import ExitCode
from broadsheet.cli.start import json_flag, ready, ready_to_write, say, verb

LOOK_EVERY = 1.0


@click.command(short_help="Do the jobs: harvest, editions, alarms.")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@click.option(
    "--follow", type=click.IntRange(1), metavar="PID", help="End with the process PID, which started this."
)
@verb
def work(once: bool, follow: int | None) -> int:
    """Do the scheduled jobs until Ctrl-C: harvest what is ordered, turn the page at midnight, raise alarms.
    `broadsheet serve` does this by itself; run it alone where the site is served by other machines.

    \b
    broadsheet work
    broadsheet work --once
    """
    ready_to_write()
    from broadsheet.jobs import schedule

    if once:
        schedule.harvest_what_is_due()
        schedule.turn_the_page()
        schedule.prune()
        return ExitCode.DONE
    schedule.install()
    _run(follow)
    return ExitCode.DONE


def _run(follow: int | None) -> None:
    """The cluster, until a signal comes or the process that is followed is gone."""
    from django_q.cluster import Cluster

    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: asked.append(got))
    cluster = Cluster()
    cluster.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: asked.append(got))
    if follow is None:
        say("working; Ctrl-C ends it")
    while not asked and (follow is None or os.getppid() == follow):
        time.sleep(LOOK_EVERY)
    cluster.stop()


@click.command(short_help="What the jobs have done, and what waits.")
@click.option("--limit", default=20, type=click.IntRange(1, 1_000), help="How many runs.")
@json_flag
@verb
def jobs(limit: int, as_json: bool) -> int:
    """List the last runs with what each counted, and the jobs with the time they are next looked at.

    \b
    broadsheet jobs
    broadsheet jobs --limit 5 --json
    """
    ready()
    from broadsheet.cli import show
    from broadsheet.listings.status import status

    now = status(runs=limit)
    if as_json:
        show.document({"runs": now.runs, "jobs": now.jobs, "alarms": now.alarms})
        return ExitCode.DONE
    for job in now.jobs:
        click.echo(f"{job.name}: next {job.next_at:%Y-%m-%d %H:%M} UTC")
    for run in now.runs:
        counted = ", ".join(f"{count:,} {name}" for name, count in run.tally)
        took = f" in {run.seconds:.1f} s" if run.seconds is not None else ""
        click.echo(
            f"{run.started_at:%Y-%m-%d %H:%M}  {run.job} {run.target}: {run.state}{took}  {counted}{run.message and '  ' + run.message}"
        )
    return ExitCode.DONE
