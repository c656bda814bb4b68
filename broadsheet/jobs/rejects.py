"""The rejects file of a run: one line for each entry that was left out, with its file, line, reason and beginning."""

from collections.abc import Iterable
from pathlib import Path

import orjson

from broadsheet.sources.base import Reject


def path_of(data: Path, run: int) -> Path:
    return data / "rejects" / f"{run}.jsonl"


def append(path: Path, rejects: Iterable[Reject], at: int) -> int:
    """Write ``rejects`` from byte ``at`` on and return the byte after them.

    What stands beyond ``at`` is of a batch that was never stored, since the import was killed: it comes again.
    """
    lines = b"".join(
        orjson.dumps(
            {"file": one.member, "line": one.line, "reason": one.reason, "raw": one.raw},
            option=orjson.OPT_APPEND_NEWLINE,
        )
        for one in rejects
    )
    if not lines:
        return at
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "wb") as file:
        file.truncate(at)
        file.seek(at)
        file.write(lines)
    return at + len(lines)
