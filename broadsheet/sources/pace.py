"""Never too fast: the time between two requests to a place, kept over all processes that share a data folder.

The holder of ``NAME.lock`` alone may speak to the place, from before it connects until the reply is read, so that
there is one connection at a time. ``Pace.turn`` goes through these steps:

1. take the lock (it goes with the process, however that ends);
2. read when the last request ended, and until when the place asked to be left alone;
3. if that is far off, give up at once: ``TooEarly`` says when to come back;
4. otherwise sleep until both have passed;
5. write "asking" and sync it to disk, before a byte is sent;
6. the caller asks; then write when it ended, and let go.

Killed between 5 and 6, the request may have reached the place up to that moment; the next holder reads "asking" and
waits the whole gap from when it got the lock, which is later. The clock is that since the machine's start, which no
correction of the time of day moves and all processes share; after a restart, or on another machine, the whole gap is
waited once. Measured at the place, gaps are therefore never shorter than ``budget.gap``.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

MAX_WAIT = 30 * 60.0

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Budget:
    """How often a place may be asked. ``name`` is shared by all routes that count together, over all processes.

    ``gap``: seconds from the end of one request to the beginning of the next; never two at once.
    """

    name: str
    gap: float


class Clock(Protocol):
    """Seconds since ``started`` names its beginning; ``wall`` is seconds since 1970 by the time of day."""

    started: str

    def now(self) -> float: ...

    def wall(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class MachineClock:
    """The clock of this machine. Without a name for its start (not Linux) none of another process is believed."""

    def __init__(self) -> None:
        try:
            self.started = _BOOT_ID.read_text().strip()
        except OSError:
            self.started = f"process {os.getpid()} {time.time_ns()}"

    def now(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()

    def wall(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class TooEarly(Exception):
    """The place asked to be left alone for longer than a job should wait; ``seconds`` says how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it asked to be left alone for another {round(seconds)} seconds")
        self.seconds = seconds


@dataclass(slots=True)
class Turn:
    """One's turn to ask. ``hold_off`` makes all processes leave the place alone for some seconds after it."""

    seconds: float = 0.0

    def hold_off(self, seconds: float) -> None:
        self.seconds = max(self.seconds, seconds)


class Pace:
    """The pace of requests under ``budget``, kept in ``folder``."""

    def __init__(self, folder: Path, budget: Budget, clock: Clock) -> None:
        self._folder = folder
        self._state = folder / f"{budget.name}.json"
        self._lock = folder / f"{budget.name}.lock"
        self._gap = budget.gap
        self._clock = clock

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """One's turn to ask, once it has come.

        Raises:
            TooEarly: if that takes longer than `MAX_WAIT`.
            OSError: if the folder cannot be written; then nothing may be asked.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._lock.open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            wait = self._wait()
            if wait > MAX_WAIT:
                raise TooEarly(wait)
            if wait > 0:
                self._clock.sleep(wait)
            self._write(asking=True, hold_off=0.0)
            turn = Turn()
            try:
                yield turn
            finally:
                self._write(asking=False, hold_off=turn.seconds)

    def _wait(self) -> float:
        held = self._read()
        if not held:
            # No file: the first request ever. One that cannot be read may have been of a request a moment ago.
            return self._gap if self._state.exists() else 0.0
        started, at, until = held.get("started"), _seconds(held.get("at")), _seconds(held.get("until"))
        wall, wall_until = _seconds(held.get("wall")), _seconds(held.get("wall_until"))
        if started == self._clock.started:
            now = self._clock.now()
            gap = self._gap if held.get("asking") or at > now else at + self._gap - now
            return max(gap, until - now, 0.0)
        # Another start of the machine: only a request to be left alone is worth its time of day, if that makes sense.
        rest = wall_until - self._clock.wall()
        asked = max(wall_until - wall, 0.0)
        return max(self._gap, min(rest, asked))

    def _read(self) -> dict[str, object]:
        with suppress(OSError, ValueError):
            held = json.loads(self._state.read_bytes())
            if isinstance(held, dict):
                return held
        return {}

    def _write(self, *, asking: bool, hold_off: float) -> None:
        now, wall = self._clock.now(), self._clock.wall()
        # That a request ended may get lost with the power: then the machine starts anew, and the whole gap is waited.
        durable = asking or hold_off > 0
        state = {
            "started": self._clock.started,
            "asking": asking,
            "at": now,
            "until": now + hold_off,
            "wall": wall,
            "wall_until": wall + hold_off,
        }
        beside = self._state.with_suffix(".new")
        with beside.open("wb") as out:
            out.write(json.dumps(state).encode())
            out.flush()
            if durable:
                os.fsync(out.fileno())
        beside.replace(self._state)
        if durable:
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
