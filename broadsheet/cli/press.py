"""What follows when papers came in: points and heat, the order of editions, the index."""

import time
from pathlib import Path

import broadsheet
from broadsheet.cli.start import say

BUSY_WAIT = 300.0
BUSY_PAUSE = 0.5

STARTER = Path(broadsheet.__file__).parent / "sources" / "starter" / "editions.jsonl"


def put_starter_in() -> None:
    """Import the starter edition if there is no paper yet."""
    from broadsheet.catalog.models import Paper
    from broadsheet.jobs.importing import import_paths

    if not Paper.objects.exists():
        tally = import_paths([STARTER], again=True)
        say(f"{tally.added:,} papers of the starter edition put in; `broadsheet import PATH` brings yours")


def bring_up_to_date(*, index: bool = True) -> None:
    """Tally, print the editions and, unless told otherwise, bring the index up to date. Safe to run twice."""
    from django.utils import timezone

    from broadsheet.core.day import edition_day
    from broadsheet.jobs.edition import print_editions
    from broadsheet.jobs.tally import tally

    tally()
    print_editions(edition_day(timezone.now()))
    if index:
        _update_index()


def _update_index() -> None:
    from broadsheet.catalog.models import Outbox
    from broadsheet.cli.progress import counting
    from broadsheet.jobs.index import update
    from broadsheet.search.generation import BusyError

    until = time.monotonic() + BUSY_WAIT
    while True:
        try:
            with counting("indexing", Outbox.objects.count()) as bar:
                done = update(progress=bar)
            if done.why:
                say(f"the index was made anew: {done.why.partition('; run ')[0]}")
            return
        except BusyError:
            # Most likely a site that is served from this folder and has seen the new papers first.
            if time.monotonic() > until:
                say("another process is still writing the index: run `broadsheet index update` when it has ended")
                return
            time.sleep(BUSY_PAUSE)
