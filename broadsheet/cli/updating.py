"""While the site is served: changes of papers are brought into the index by a process of its own, as they come."""

import subprocess
import sys
import time
from threading import Event, Thread

from broadsheet.cli.start import say

# How soon after a change a search finds it, at the earliest.
INTERVAL = 3.0
# After an update that took long the next one waits this many times as long: at most a quarter of one core.
REST = 3.0
# An update that fails (no room, a damaged disk) is tried again ever more rarely, down to this.
LONGEST = 120.0
_STOP_WAIT = 5.0


class Updater:
    """A thread that looks at the outbox and, when something waits there, runs ``broadsheet index update``.

    The update is a process so that its memory is given back and a fault of it cannot end the site.
    """

    def __init__(self) -> None:
        self._stop = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="updater", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends a running update; what it has built is removed by the next one."""
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
            if not _something_waits() or self._update():
                pause = max(INTERVAL, REST * (time.monotonic() - began))
            else:
                pause = min(LONGEST, 2 * pause)

    def _update(self) -> bool:
        """Whether it went well."""
        # A session of its own: Ctrl-C at the terminal reaches the site alone, which then ends this.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "broadsheet.cli", "index", "update"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        if self._stop.is_set():
            self._process.terminate()
        return self._process.wait() == 0


def _something_waits() -> bool:
    from django.db import DatabaseError, connection

    from broadsheet.catalog.models import Outbox

    try:
        return Outbox.objects.exists()
    except DatabaseError as wrong:
        say(f"the outbox cannot be read ({wrong}): new papers wait")
        return False
    finally:
        connection.close()
