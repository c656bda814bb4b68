"""Kills the writer of the index wherever it can be killed, and damages the index wherever it can be damaged.

    python -m bench.faults [--verbs rebuild update arrange] [--flips 300] [--moments 100] [--calls 400]

A small index of made-up papers is built anew, updated and given a second space. Each of the three is killed (SIGKILL) at
every step that the writer names, before every change it makes to a folder, at random moments, and, where strace is
installed, at every system call that writes. Then the index must answer as before or as after, nothing else; and the
same work done again must end as if nothing had happened. For the damage, one bit is flipped, a file cut short, a page
emptied, two files swapped, one taken away: whatever opens must answer rightly. Every look is taken in a process of its
own, so that one that dies is counted.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.faults.damage import flips
from bench.faults.kills import Tally, Trial
from bench.faults.world import VERBS, apart, build


def main() -> int:
    wanted = argparse.ArgumentParser(prog="python -m bench.faults")
    wanted.add_argument("--flips", type=int, default=300)
    wanted.add_argument("--moments", type=int, default=100)
    wanted.add_argument("--calls", type=int, default=400)
    wanted.add_argument("--seed", type=int, default=2026)
    wanted.add_argument("--verbs", nargs="*", choices=list(VERBS), default=list(VERBS))
    asked = wanted.parse_args()
    chance = random.Random(asked.seed)
    broken: list[str] = []
    with tempfile.TemporaryDirectory(prefix="broadsheet-faults-") as name:
        folder = Path(name)
        if made := apart(lambda: build(folder / "index-built")).raised:
            raise RuntimeError(f"the index to be tried on could not be built: {made}")
        for verb in asked.verbs:
            trial = Trial(folder, verb)
            ways: dict[str, Callable[[], Tally]] = {
                "at every step": trial.at_steps,
                "before every change to a folder": trial.at_changes,
                "at random moments": lambda trial=trial: trial.at_moments(asked.moments, chance),  # type: ignore[misc]
            }
            if shutil.which("strace"):
                ways["at system calls"] = lambda trial=trial: trial.at_calls(asked.calls, chance)  # type: ignore[misc]
            for way, run in ways.items():
                tally = run()
                broken += [f"{verb} {way} {one}" for one in tally.broken]
                print(
                    f"{verb}, killed {way}: {tally.tries} kills, {tally.old} answered as before, {tally.new} as after, "
                    f"{len(tally.broken)} broken",
                    flush=True,
                )
        ended, wrong = flips(folder, asked.flips, chance)
        broken += wrong
        print(
            f"damage: {sum(ended.values())} tries, " + ", ".join(f"{n} {how}" for how, n in sorted(ended.items()))
        )
    for one in broken[:40]:
        print("   " + one)
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
