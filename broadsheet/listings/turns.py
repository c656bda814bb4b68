"""Searches take turns: two of one client run at once, whatever server process has them, and none is waited for longer
than a second.

The engine cannot be stopped in the middle, so a search that takes too long is left to end in a thread of its own; until
it does its client has one turn less, so that nobody can heap up work. A turn is a lock on a file: it goes with the
process that held it.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

Answer = TypeVar("Answer")

AT_ONCE = 2
AIM = 0.3
"""Seconds: a search that takes longer is told to the log; as long a client waits for its turn."""
MOST = 1.0
"""Seconds after which a search is not waited for."""
MOST_AT_FIRST = 10.0
"""The same for the first search of a process: the files of the index come from the disk then."""
_BUCKETS = 256
_PAUSE = 0.01
_THREADS = 32
_log = logging.getLogger(__name__)


class TooBusy(Exception):
    """A search that was not answered; the message is for whoever asked, ``again`` says after how many seconds to ask."""

    again = 1


class OutOfTurn(TooBusy):
    """This client has as many searches running as one may have."""

    def __init__(self) -> None:
        super().__init__(
            f"{AT_ONCE} searches from your address are still running. Wait a second, then search again."
        )


class TooSlow(TooBusy):
    """The search took longer than one may."""

    again = 5

    def __init__(self) -> None:
        super().__init__(
            "This search takes too long, and was left. Use fewer or rarer words, or narrow it by a year or a topic."
        )


class Turns:
    """The turns of all clients. ``folder`` is shared by the server processes; it is made when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="search")
        self._warm = False

    def run(self, client: str, work: Callable[[], Answer]) -> Answer:
        """What ``work`` gives, done in the turn of ``client``.

        Raises:
            OutOfTurn: if two searches of the client are still running.
            TooSlow: if ``work`` takes longer than `MOST`.
        """
        with ExitStack() as turn:
            turn.enter_context(self._turn(client))
            began = time.monotonic()
            future = self._pool.submit(work)
            wait([future], MOST if self._warm else MOST_AT_FIRST)
            if not future.done():
                _log.warning("a search was left after %.1f s", time.monotonic() - began)
                _when_done(future, turn.pop_all())
                raise TooSlow
            answer = future.result()
            self._warm = True
            if (took := time.monotonic() - began) > AIM:
                _log.info("a search took %.2f s; the aim is %.1f s", took, AIM)
            return answer

    @contextmanager
    def _turn(self, client: str) -> Iterator[None]:
        """Holds one of the client's locks, waiting a little for it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        bucket = (
            int.from_bytes(blake2b(client.encode("utf-8", "replace"), digest_size=2).digest(), "big") % _BUCKETS
        )
        until = time.monotonic() + AIM
        while True:
            for place in range(AT_ONCE):
                held = os.open(self._folder / f"{bucket:03}.{place}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(held)
                    continue
                try:
                    yield
                finally:
                    os.close(held)
                return
            if time.monotonic() > until:
                raise OutOfTurn
            time.sleep(_PAUSE)


def _when_done(future: Future[Answer], turn: ExitStack) -> None:
    future.add_done_callback(lambda _: turn.close())


_all: dict[Path, Turns] = {}
_all_lock = threading.Lock()


def turns_in(folder: Path) -> Turns:
    """The turns kept in ``folder``, the same object for the whole process."""
    with _all_lock:
        return _all.setdefault(folder, Turns(folder))
