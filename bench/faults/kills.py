"""Killing one verb of the writer in every way, and judging what is left."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.faults.world import FORK, VERBS, answers, apart
from broadsheet.search.generation import no_step, numbers

CALLS = (
    "write",
    "pwrite64",
    "ftruncate",
    "fsync",
    "fdatasync",
    "rename",
    "unlink",
    "link",
    "mkdir",
    "rmdir",
    "openat",
)
_WRITING_EVENTS = frozenset(
    {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile", "open"}
)


@dataclass
class Tally:
    """What came of the kills of one verb in one way."""

    tries: int = 0
    old: int = 0
    new: int = 0
    broken: list[str] = field(default_factory=list)


class Trial:
    """One verb, on copies of one index."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name, self.verb = folder, name, VERBS[name]
        self.before = apart(lambda: answers(folder / "index-built")).given
        whole = self.fresh()
        began = time.monotonic()
        apart(lambda: self.verb(whole, no_step) and None)
        self.took = time.monotonic() - began
        self.after = apart(lambda: answers(whole)).given
        assert self.before[1] != self.after[1], "the verb must change what is answered"

    def fresh(self) -> Path:
        root = self.folder / "trial"
        shutil.rmtree(root, ignore_errors=True)
        subprocess.run(["cp", "-a", self.folder / "index-built", root], check=True)
        return root

    def judge(self, root: Path, where: str, tally: Tally) -> None:
        """After a kill: old or new answers; the verb again: new answers, nothing left lying about."""
        tally.tries += 1
        now = apart(lambda: answers(root))
        if now.given and now.given[1] == self.before[1]:
            tally.old += 1
        elif now.given and now.given[1] == self.after[1]:
            tally.new += 1
        else:
            tally.broken.append(f"{where}: {now.raised or now.signal or 'answers of neither'}")
        again = apart(lambda: (self.verb(root, no_step) and None, answers(root)[1]))
        left = [*(root / "index").glob("*.building"), *(root / "index").glob("*.new")]
        # A kill while the oldest is being removed leaves it to the next writer that has anything to write.
        if again.given is None or again.given[1] != self.after[1] or left or len(numbers(root / "index")) > 3:
            tally.broken.append(f"{where}, again: {again.raised or again.signal or left or 'other answers'}")

    def at_steps(self) -> Tally:
        return self._until_clean(self._dying_at_step)

    def at_changes(self) -> Tally:
        return self._until_clean(self._dying_at_change)

    def _until_clean(self, dying: Callable[[Path, int], Callable[[], Any]]) -> Tally:
        tally, number = Tally(), 0
        while True:
            number += 1
            root = self.fresh()
            if not apart(dying(root, number)).signal:
                return tally
            self.judge(root, f"{number}", tally)

    def _dying_at_step(self, root: Path, number: int) -> Callable[[], Any]:
        reached = 0

        def step(name: str) -> None:
            nonlocal reached
            reached += 1
            if reached == number:
                os.kill(os.getpid(), signal.SIGKILL)

        return lambda: self.verb(root, step) and None

    def _dying_at_change(self, root: Path, number: int) -> Callable[[], Any]:
        reached = 0

        def told(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal reached
            if event not in _WRITING_EVENTS or str(root) not in str(arguments[0]):
                return
            if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
                return
            reached += 1
            if reached == number:
                os.kill(os.getpid(), signal.SIGKILL)

        def work() -> None:
            sys.addaudithook(told)
            self.verb(root, no_step)

        return work

    def at_moments(self, count: int, chance: random.Random) -> Tally:
        tally = Tally()
        for _ in range(count):
            root, after = self.fresh(), chance.uniform(0, self.took)
            apart(lambda root=root: self.verb(root, no_step) and None, kill_after=after)  # type: ignore[misc]
            self.judge(root, f"after {after:.4f} s", tally)
        return tally

    def at_calls(self, most: int, chance: random.Random) -> Tally:
        """At the n-th of every system call that writes; of more than ``most`` a sample."""
        counts = Counter(self._traced(self.fresh(), "none"))
        places = [(call, number) for call in CALLS for number in range(1, counts[call] + 1)]
        tally = Tally()
        for call, number in sorted(chance.sample(places, min(most, len(places)))):
            root = self.fresh()
            self._traced(root, f"{call}:signal=KILL:when={number}")
            self.judge(root, f"{call} {number}", tally)
        return tally

    def _traced(self, root: Path, fault: str) -> Iterator[str]:
        """The verb in a process that strace holds; the names of the calls it made."""
        log = self.folder / "strace.log"

        def waiting() -> None:
            os.kill(os.getpid(), signal.SIGSTOP)
            self.verb(root, no_step)

        child = FORK.Process(target=waiting)
        child.start()
        assert child.pid
        os.waitpid(child.pid, os.WUNTRACED)
        how = ["-e", f"trace={','.join(CALLS)}", *(["-e", f"inject={fault}"] if fault != "none" else [])]
        tracer = subprocess.Popen(
            ["strace", "-f", "-q", "-o", log, *how, "-p", str(child.pid)], stderr=subprocess.DEVNULL
        )
        while f"TracerPid:\t{tracer.pid}" not in Path(f"/proc/{child.pid}/status").read_text():
            time.sleep(0.002)
        os.kill(child.pid, signal.SIGCONT)
        child.join()
        tracer.wait()
        for line in log.read_text(errors="replace").splitlines():
            yield line.partition(" ")[2].lstrip().partition("(")[0]
