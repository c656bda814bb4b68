"""Import: files into the catalogue, batch by batch, so that it can be stopped anywhere and goes on from there.

``import_paths`` goes through these steps:

1. list the files; a path that does not exist stops it before anything is done;
2. take the lock: one import at a time, so that two never read one file at once;
3. of each file make the name it is known by (its own name, its size, its content); finished: next file;
4. read it in batches from where the last run stopped (``reading.py``);
5. write the rejects of a batch to the rejects file, then store its records and the new cursor in one transaction;
6. mark the file as finished.

Killed between two of these it repeats at most one batch, of which nothing was stored.
"""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from broadsheet.catalog.absorb import Absorbed
from broadsheet.catalog.models import Run
from broadsheet.core.day import edition_day
from broadsheet.jobs import rejects, runs
from broadsheet.jobs.reading import Batch, batches, reject
from broadsheet.jobs.storing import stored
from broadsheet.sources import files

JOB = "import"


class ImportRunning(RuntimeError):
    """Another import of this data folder is at work."""


@dataclass(slots=True)
class ImportTally:
    """What an import did. ``unread`` holds each file of which nothing could be read, and the reason."""

    files: int = 0
    skipped: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    unread: list[tuple[str, str]] = field(default_factory=list)
    rejects_files: list[Path] = field(default_factory=list)

    @property
    def records(self) -> int:
        return self.added + self.changed + self.unchanged

    def count(self, done: Absorbed, rejected: int) -> None:
        self.added += done.added
        self.changed += done.changed
        self.unchanged += done.unchanged
        self.rejected += rejected


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is: bytes of all files as they lie on disk, the file being read, and what was done."""

    bytes_read: int
    bytes_total: int
    file: str
    tally: ImportTally


def import_paths(
    paths: Sequence[Path],
    *,
    progress: Callable[[ImportProgress], None] = lambda _: None,
    today: date | None = None,
    year: int | None = None,
    again: bool = False,
) -> ImportTally:
    """Import files and folders. ``year`` is that of dates printed without one; ``again`` reads finished files too.

    Raises:
        FileNotFoundError: if one of ``paths`` does not exist; nothing has been done then.
        ImportRunning: if another import is at work.
    """
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(2, "no such file or folder", str(path))
    today = today or edition_day(timezone.now())
    listed = list(files.paths_in(paths))
    tally = ImportTally()
    sizes = [path.stat().st_size if path.is_file() else 0 for path in listed]
    done = 0
    with _only_import():
        for path, size in zip(listed, sizes, strict=True):

            def tell(read: int, file: str = str(path), before: int = done) -> None:
                progress(ImportProgress(before + read, sum(sizes), file, tally))

            tell(0)
            _import_file(path, tally, tell, today, year, again=again)
            done += size
            progress(ImportProgress(done, sum(sizes), str(path), tally))
    return tally


@contextmanager
def _only_import() -> Iterator[None]:
    """The lock on imports into this data folder. It goes with the process, however that ends."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with (settings.DATA / "import.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportRunning("another import is at work in this data folder: wait until it ends") from None
        yield


def _import_file(
    path: Path, tally: ImportTally, tell: Callable[[int], None], today: date, year: int | None, *, again: bool
) -> None:
    try:
        target = _target(path)
    except OSError as wrong:
        tally.unread.append((str(path), (wrong.strerror or str(wrong)).lower()))
        return
    run = Run.objects.filter(job=JOB, target=target).order_by("-id").first()
    if run and run.state == Run.State.DONE and not again:
        tally.skipped += 1
        return
    if run is None or run.state == Run.State.DONE:
        run = Run(job=JOB, target=target)
    run.state = Run.State.RUNNING
    run.message = ""
    run.save()
    try:
        read, refused = _absorb_file(path, run, tally, tell, today, year)
    except BaseException as wrong:
        stopped = isinstance(wrong, KeyboardInterrupt)
        _end(run, Run.State.STOPPED if stopped else Run.State.FAILED, "" if stopped else str(wrong))
        raise
    if read or not refused:
        tally.files += 1
        _end(run, Run.State.DONE)
    else:
        # Not finished, so that it is looked at anew the next time: a later release may be able to read it.
        tally.unread.append((str(path), refused))
        _end(run, Run.State.FAILED, refused, cursor={})


def _absorb_file(
    path: Path, run: Run, tally: ImportTally, tell: Callable[[int], None], today: date, year: int | None
) -> tuple[int, str]:
    """``(entries with a line or a record, reason of the last reject of a whole file)``."""
    start = (int(run.cursor.get("member", 0)), int(run.cursor.get("position", 0)))
    read, refused = start[1], ""
    for batch in batches(path, start, today, year):
        _absorb(batch, run, tally)
        read += len(batch.records) + sum(1 for one in batch.rejects if one.line)
        refused = next((one.reason for one in reversed(batch.rejects) if not one.line), refused)
        tell(batch.bytes_read)
    return read, refused


def _absorb(batch: Batch, run: Run, tally: ImportTally) -> None:
    """Store ``batch`` and its cursor, whole or not at all."""
    with transaction.atomic():
        done = stored(batch.records, batch.packed)
        refused = [reject(batch.records[number], *batch.places[number], reason) for number, reason in done.refused]
        refused += batch.rejects
        file = rejects.path_of(settings.DATA, run.pk)
        end = rejects.append(file, refused, int(run.cursor.get("rejects_end", 0)))
        member, position = batch.cursor
        cursor = {"member": member, "position": position, "rejects_end": end}
        held = run.tally
        sums = {
            "added": held.get("added", 0) + done.added,
            "changed": held.get("changed", 0) + done.changed,
            "unchanged": held.get("unchanged", 0) + done.unchanged,
            "rejected": held.get("rejected", 0) + len(refused),
        }
        Run.objects.filter(pk=run.pk).update(cursor=cursor, tally=sums, beat_at=timezone.now())
    run.cursor, run.tally = cursor, sums
    tally.count(done, len(refused))
    if refused and file not in tally.rejects_files:
        tally.rejects_files.append(file)


def _target(path: Path) -> str:
    """The name a file is known by: renamed it is read again, since a name may tell a day; moved it is not."""
    return f"{path.name[-400:]} {path.stat().st_size} {files.fingerprint(path)}"


def _end(run: Run, state: str, message: str = "", **fields: Any) -> None:
    """Mark how ``run`` ended. If that cannot be written either, the cursor alone says where to go on."""
    try:
        runs.end(run, state, message, **fields)
    except Exception:
        if state == Run.State.DONE:
            raise
