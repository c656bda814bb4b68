"""A breaker per source: after failures in a row it is left alone for a while, after a refusal until a person looks.

Kept in a file, so that every process and the next run knows. Losing the file only means trying once more.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from broadsheet.sources.failures import BadReply, FetchFailed, Refused, Unreachable

# Failures in a row after which a source is left alone, and for how long: twice as long each time, up to the most.
FAILURES = 3
REST = 5 * 60.0
MOST_REST = 6 * 60 * 60.0


@dataclass(frozen=True, slots=True)
class Health:
    """How a source has been: failures since its last good reply, until when it rests, why, whether a person is needed.

    Times are seconds since 1970, 0 where there is none.
    """

    failures: int = 0
    until: float = 0.0
    reason: str = ""
    refused: bool = False
    good_at: float = 0.0


class Breaker:
    def __init__(self, folder: Path, name: str) -> None:
        self._file = folder / f"{name}.health.json"

    def health(self) -> Health:
        with suppress(OSError, ValueError, TypeError):
            return Health(**json.loads(self._file.read_bytes()))
        return Health()

    def check(self, wall: float) -> None:
        """Raise if the source is to be left alone at ``wall`` (seconds since 1970).

        Raises:
            Refused: until a person has looked; Unreachable: until its rest is over.
        """
        held = self.health()
        if held.refused:
            raise Refused(f"{held.reason} Left alone until a person has looked.")
        # A rest longer than any that is given means that the clock was wrong when it was written, or is now.
        if 0 < held.until - wall <= MOST_REST:
            raise Unreachable(f"{held.reason} Left alone after {held.failures} failures.", held.until - wall)

    def failed(self, wrong: FetchFailed, wall: float) -> None:
        held = self.health()
        failures = held.failures + 1
        rest = 0.0
        if isinstance(wrong, Unreachable | BadReply) and failures >= FAILURES:
            rest = min(REST * 2 ** min(failures - FAILURES, 20), MOST_REST)
        rest = max(rest, min(getattr(wrong, "after", 0.0), MOST_REST))
        until = wall + rest if rest else 0.0
        self._write(Health(failures, until, str(wrong)[:500], isinstance(wrong, Refused), held.good_at))

    def succeeded(self, wall: float) -> None:
        self._write(Health(good_at=wall))

    def reset(self) -> None:
        """A person has looked."""
        self._write(Health(good_at=self.health().good_at))

    def _write(self, health: Health) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_suffix(f".{os.getpid()}.new")
        beside.write_text(json.dumps(asdict(health)))
        beside.replace(self._file)
