"""`broadsheet index`: the search index, which is made from the database and can always be made again."""

import os
import time
from typing import Any

import click

from broadsheet.cli.faults import ExitCode
from broadsheet.cli.start import json_flag, ready, say, verb

# How soon after a change `--follow` begins to bring it in, in seconds.
LOOK_EVERY = 0.5


@click.group(short_help="Make, update or check the search index.")
def index() -> None:
    """The search index is made from the database; it can be thrown away and made again at any time.

    \b
    broadsheet index update
    broadsheet index rebuild
    broadsheet index verify
    """


@index.command(short_help="Make the index anew from the database.")
@json_flag
@verb
def rebuild(as_json: bool) -> int:
    """Make the index anew from the database, beside the one in use, and swap them when it is whole.

    \b
    broadsheet index rebuild
    broadsheet index rebuild --data /srv/papers
    """
    ready()
    from broadsheet.catalog.models import Paper
    from broadsheet.cli.progress import counting
    from broadsheet.jobs import index as job

    began = time.monotonic()
    with counting("indexing", Paper.objects.visible().count()) as bar:
        done = job.rebuild(bar)
    return _told(done, time.monotonic() - began, as_json=as_json)


@index.command(short_help="Bring what changed into the index.")
@click.option(
    "--follow",
    type=click.IntRange(1),
    metavar="PID",
    help="Bring in what changes as it comes, for as long as the process PID, which started this, lives.",
)
@json_flag
@verb
def update(follow: int | None, as_json: bool) -> int:
    """Bring into the index what changed since the last time. `broadsheet serve` does this by itself.

    \b
    broadsheet index update
    broadsheet index update --follow $$
    """
    ready()
    from broadsheet.catalog.models import Outbox
    from broadsheet.cli.progress import counting
    from broadsheet.jobs import index as job

    if follow:
        return _followed(follow)
    began = time.monotonic()
    with counting("indexing", Outbox.objects.count()) as bar:
        done = job.update(progress=bar)
    return _told(done, time.monotonic() - began, as_json=as_json)


@index.command(short_help="Compare the index with the database.")
@json_flag
@verb
def verify(as_json: bool) -> int:
    """Read the whole index and compare it with the database: files, papers, texts, vectors.

    Ends with 1 if they differ. Papers that wait to be brought in are not counted as wrong.

    \b
    broadsheet index verify
    broadsheet index verify --json | jq .agrees
    """
    ready()
    from broadsheet.cli import show
    from broadsheet.jobs import index as job

    found = job.verify()
    if as_json:
        show.document(
            {
                "agrees": found.agrees,
                "papers": found.papers,
                "waiting": found.waiting,
                "missing": found.missing,
                "surplus": found.surplus,
                "different": found.different,
                "problems": found.problems,
            }
        )
    else:
        for problem in found.problems:
            say(problem)
        rows = [(name, len(getattr(found, name))) for name in ("missing", "surplus", "different")]
        show.table(("", "papers"), [("compared", found.papers), *rows, ("waiting", found.waiting)])
        if not found.agrees and not found.problems:
            say("the index does not hold what the database holds: run `broadsheet index rebuild`")
    return ExitCode.DONE if found.agrees else ExitCode.NOTHING


def _followed(parent: int) -> int:
    """Starting and checking every file costs seconds at a million papers: this pays them once, not for each new paper.

    It ends with whoever started it, and when the index was made anew, which takes memory that only an end gives back.
    """
    from broadsheet.catalog.models import Outbox
    from broadsheet.jobs import index as job
    from broadsheet.search.generation import Verifier

    verifier, pause, is_new = Verifier(), LOOK_EVERY, True
    while os.getppid() == parent:
        began = time.monotonic()
        if is_new or Outbox.objects.exists():
            is_new = False
            done = job.update(verifier)
            if done.why:
                say(f"the index was made anew: {done.why.partition('; run ')[0]}")
            if done.rebuilt:
                break
            # At most half of one core, however fast papers come.
            pause = max(LOOK_EVERY, time.monotonic() - began)
        else:
            pause = LOOK_EVERY
        time.sleep(pause)
    return ExitCode.DONE


def _told(done: Any, seconds: float, *, as_json: bool) -> int:
    from broadsheet.cli import show

    if as_json:
        show.document({"seconds": round(seconds, 3), **{name: getattr(done, name) for name in done.__slots__}})
    elif done.generation is None:
        say("nothing has changed")
    else:
        if done.why:
            say(f"the index was made anew: {done.why.partition('; run ')[0]}")
        how = "made anew" if done.rebuilt else "updated"
        gone = f", {done.deletes:,} taken out" if done.deletes else ""
        say(f"index {how} in {seconds:.1f} s: {done.puts:,} papers put in{gone}, generation {done.generation}")
    return ExitCode.DONE
