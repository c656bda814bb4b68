"""Files into batches of checked records, here or in a process of its own.

Reading takes a fifth of the time of an import. In a second process it costs the importing one only what it
takes to unpickle, a third of that.
"""

import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

import orjson

from broadsheet.catalog.payload import ready
from broadsheet.core.record import BadRecord, Record
from broadsheet.sources import files
from broadsheet.sources.base import RAW_KEPT, Progress, Reject
from broadsheet.sources.jsonl.write import from_record

BATCH = 500

# Below this size a file is read sooner than a process is started.
APART_FROM = 8 * 1024 * 1024

Cursor = tuple[int, int]


@dataclass(slots=True)
class Batch:
    """Up to `BATCH` records, the packed form, member and line of each, what was left out, the cursor after them."""

    records: list[Record] = field(default_factory=list)
    packed: list[bytes] = field(default_factory=list)
    places: list[tuple[str, int]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    cursor: Cursor = (0, 0)
    bytes_read: int = 0

    def __len__(self) -> int:
        return len(self.records) + len(self.rejects)


def batches(path: Path, start: Cursor, today: date, year: int | None) -> Iterator[Batch]:
    """The batches of ``path`` after ``start``; for a large file they are made in a process of its own.

    Raises:
        OSError: if the file cannot be opened or the disk fails.
    """
    if path.stat().st_size >= APART_FROM:
        return _apart(path, start, today, year)
    return _read(path, start, today, year)


def _read(path: Path, start: Cursor, today: date, year: int | None) -> Iterator[Batch]:
    progress = Progress()
    batch = Batch(cursor=start)
    for found in files.entries(path, progress, today, year, start):
        cursor = (found.member, found.entry.position)
        if cursor <= start:
            continue
        for record in found.entry.records:
            try:
                kept, packed = ready(record)
                batch.records.append(kept)
                batch.packed.append(packed)
                batch.places.append((progress.member, found.entry.line))
            except BadRecord as wrong:
                batch.rejects.append(reject(record, progress.member, found.entry.line, str(wrong)))
        if found.entry.reject:
            batch.rejects.append(found.entry.reject)
        batch.cursor = cursor
        if len(batch) >= BATCH:
            batch.bytes_read = progress.bytes_read
            yield batch
            batch = Batch(cursor=cursor)
    batch.bytes_read = progress.bytes_read
    yield batch


def reject(record: Record, member: str, line: int, reason: str) -> Reject:
    """That a record which could be read cannot be kept."""
    raw = (
        orjson.dumps(from_record(record), default=str)
        if _writable(record)
        else record.title.encode("utf-8", "replace")
    )
    return Reject(member, line, reason, raw.decode()[:RAW_KEPT])


def _writable(record: Record) -> bool:
    try:
        orjson.dumps(from_record(record))
    except (TypeError, ValueError):
        return False
    return True


def _apart(path: Path, start: Cursor, today: date, year: int | None) -> Iterator[Batch]:
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe(duplex=False)
    reader = spawn.Process(target=_send, args=(there, path, start, today, year), daemon=True)
    reader.start()
    there.close()
    try:
        with closing(here):
            while True:
                try:
                    said = here.recv()
                except EOFError:
                    reader.join()
                    raise OSError(
                        f"the process that reads {path} died ({reader.exitcode}): run the import again"
                    ) from None
                if said is None:
                    return
                if isinstance(said, BaseException):
                    raise said
                yield said
    finally:
        # The pipe is closed by now, so that the reader, if it still runs, ends at its next batch.
        reader.join(timeout=5)
        if reader.is_alive():
            reader.kill()
            reader.join()
        reader.close()


def _send(out: Connection, path: Path, start: Cursor, today: date, year: int | None) -> None:
    """The reading process: ends with the file, or when nobody reads any more because the import was stopped."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(BrokenPipeError), closing(out):
        try:
            for batch in _read(path, start, today, year):
                out.send(batch)
            out.send(None)
        except BrokenPipeError:
            raise
        except Exception as wrong:
            out.send(wrong)
