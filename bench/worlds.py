"""Random worlds of a small arXiv, of faults and of kills, each with a database: is what is held what arXiv has?

    python -m bench.worlds [--worlds 500] [--first 0] [--until 2026-09-30]

Every morning is a process of its own; half of them are killed by SIGKILL, at a statement or at any moment. The same
worlds, fewer and shorter, are in the suite (tests/jobs/test_worlds.py). Run it where the repository is.
"""

import argparse
import logging
import resource
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.jobs.waking import Machine
from tests.jobs.worlds import LAST, lived, tables


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--worlds", type=int, default=500)
    options.add_argument("--first", type=int, default=0, help="the seed of the first world")
    options.add_argument("--until", type=date.fromisoformat, default=LAST)
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)
    memory = Path("/dev/shm")
    root = Path(tempfile.mkdtemp(prefix="broadsheet-worlds-", dir=memory if memory.is_dir() else None))
    machine = Machine()
    began, sums, wrong = (
        time.monotonic(),
        dict.fromkeys(("mornings", "killed", "faults", "papers", "misfiled"), 0),
        0,
    )
    try:
        empty = tables(machine, root / "empty")
        for seed in range(chosen.first, chosen.first + chosen.worlds):
            done = lived(seed, machine, root / str(seed), empty, until=chosen.until)
            shutil.rmtree(root / str(seed))
            for name in sums:
                sums[name] += getattr(done, name)
            if done.wrong:
                wrong += 1
                print(f"world {seed}: {len(done.wrong)} wrong, such as {'; '.join(done.wrong[:3])}", flush=True)
            if (seed - chosen.first) % 10 == 9:
                print(f"{seed - chosen.first + 1} worlds, {wrong} of them wrong: {sums}", flush=True)
    finally:
        machine.close()
        shutil.rmtree(root)
    used = sum(resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{chosen.worlds} worlds in {time.monotonic() - began:.0f} s ({used:.0f} s of processor): {wrong} wrong")
    print(", ".join(f"{count:,} {name}" for name, count in sums.items()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
