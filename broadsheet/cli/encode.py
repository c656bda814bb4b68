"""`broadsheet encode`: make the vectors of the spaces beside the base."""

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import json_flag, ready, say, verb


@click.command(short_help="Make the vectors that spaces beside the base still lack.")
@click.option(
    "--space", "spaces", multiple=True, metavar="NAME", help="This space alone; may be given again. Else all."
)
@click.option("--limit", type=click.IntRange(1), help="Stop after so many vectors.")
@click.option("--seconds", type=click.FloatRange(1), help="Stop after about so many seconds.")
@json_flag
@verb
def encode(spaces: tuple[str, ...], limit: int | None, seconds: float | None, as_json: bool) -> int:
    """Make the vectors that are still missing in the spaces beside the base, the newest papers first.

    It can be stopped at any time and goes on where it was; search uses what is there. `broadsheet serve` does the same in
    the background. Which spaces there are: `broadsheet encoder list`.

    \b
    broadsheet encode
    broadsheet encode --space compact --limit 10000
    """
    ready()
    from broadsheet.cli import show
    from broadsheet.cli.progress import counting
    from broadsheet.jobs import encode as job
    from broadsheet.jobs.spaces import is_behind, told

    asked = [one for one in told() if not one.is_base and (not spaces or one.space.name in spaces)]
    total = sum(one.papers - one.space.covered for one in asked)
    try:
        with counting("encoding", total if limit is None else min(total, limit)) as bar:
            done = job.encode(spaces, limit=limit, seconds=seconds, progress=bar)
    except job.CannotEncodeError as wrong:
        raise Fault(str(wrong), ExitCode.MISUSED) from wrong
    if as_json:
        show.document({name: getattr(done, name) for name in done.__slots__})
    else:
        for problem in done.problems:
            say(problem)
        for name, made in done.made.items():
            say(f"{name}: {made:,} papers encoded, {done.missing[name]:,} still to do")
        if not asked and not done.problems:
            say("no space is kept beside the base: `broadsheet encoder add NAME` adds one")
    stuck = not any(done.made.values()) and is_behind()
    return ExitCode.NOTHING if done.problems or stuck else ExitCode.DONE
