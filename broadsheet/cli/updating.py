"""While the site is served: changes of papers come into the index, and spaces are filled, by processes of their own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from broadsheet.cli.start import say

# How often a worker looks whether something waits.
INTERVAL = 1.0
# After work that took long the next waits this many times as long: at most half of one core.
REST = 1.0
# Work that fails (no room, a damaged disk) is tried again ever more rarely, down to this.
LONGEST = 120.0
# Filling a space may take hours: it is done in pieces, so that it never outlives the site by more than one.
PIECE = 300
# Readers and new papers come first.
NICENESS = 15
_STOP_WAIT = 5.0


class Worker:
    """A thread that looks whether something waits and, when it does, runs ``broadsheet`` with ``words`` for it.

    The work is a process so that its memory is given back and a fault of it cannot end the site.
    """

    def __init__(self, words: list[str], waits: Callable[[], bool], *, niceness: int = 0) -> None:
        self._words, self._waits, self._niceness = words, waits, niceness
        self._stop = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name=" ".join(words), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends work that runs; what it has not finished, the next one does."""
        self._stop.set()
        if (process := self._process) and process.poll() is None:
            process.terminate()
        self._thread.join(_STOP_WAIT)
        if process and process.poll() is None:
            process.kill()

    def _run(self) -> None:
        pause = INTERVAL
        while not self._stop.wait(pause):
            began = time.monotonic()
            if not self._waits() or self._work():
                pause = max(INTERVAL, REST * (time.monotonic() - began))
            else:
                pause = min(LONGEST, 2 * pause)

    def _work(self) -> bool:
        """Whether it went well."""
        # A session of its own: Ctrl-C at the terminal reaches the site alone, which then ends this.
        self._process = subprocess.Popen(  # noqa: S603 # verbs of our own
            [sys.executable, "-m", "broadsheet.cli", *self._words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        if self._niceness:
            with suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, self._process.pid, self._niceness)
        if self._stop.is_set():
            self._process.terminate()
        return self._process.wait() == 0


def workers() -> list[Worker]:
    """What works while the site is served: one brings papers into the index, one fills spaces beside the base, one
    does the scheduled jobs.

    The first and the last stay from when there is something for them to do, the second comes and goes.
    """
    return [
        Worker(["work", "--follow", str(os.getpid())], _jobs_wait),
        Worker(["index", "update", "--follow", str(os.getpid())], _always),
        Worker(["encode", "--seconds", str(PIECE)], _vectors_wait, niceness=NICENESS),
    ]


def _always() -> bool:
    return True


def _jobs_wait() -> bool:
    """Whether something is ordered, or a day is over whose edition is still open."""
    from django.db import DatabaseError, connection
    from django.utils import timezone

    from broadsheet.catalog.models import Edition, Order
    from broadsheet.core.day import edition_day

    try:
        over = Edition.objects.filter(closed_at=None, day__lt=edition_day(timezone.now()))
        return Order.objects.exists() or over.exists()
    except DatabaseError as wrong:
        say(f"the orders cannot be read ({wrong}): nothing is harvested")
        return False
    finally:
        connection.close()


def _vectors_wait() -> bool:
    from broadsheet.jobs.spaces import is_behind

    return is_behind()
