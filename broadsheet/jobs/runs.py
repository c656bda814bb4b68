"""How a run of a job begins and ends in the table of runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from broadsheet.catalog.models import Run

_MOST_SAID = 2_000


def end(run: Run, state: str, message: str = "", **facts: Any) -> None:
    """Mark how ``run`` ended; ``facts`` are other columns to set with it."""
    told = {"state": state, "message": message[:_MOST_SAID], "finished_at": timezone.now()} | facts
    Run.objects.filter(pk=run.pk).update(**told)


@contextmanager
def ran(job: str) -> Iterator[dict[str, int]]:
    """A run of ``job``; what is put into the tally it gives stands there when it ends."""
    run = Run.objects.create(job=job)
    counted: dict[str, int] = {}
    try:
        yield counted
    except BaseException as wrong:
        end(run, Run.State.FAILED, str(wrong) or type(wrong).__name__, tally=counted)
        raise
    if any(counted.values()):
        end(run, Run.State.DONE, tally=counted)
    else:
        # That there was nothing to do is no news, every five minutes.
        run.delete()
