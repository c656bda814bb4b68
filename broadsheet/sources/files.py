"""Files as they lie on disk into entries: folders, gzip, tar and gzip within tar, whatever format is inside."""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from broadsheet.sources import archives, registry, streams
from broadsheet.sources.base import About, BadFile, Entry, Progress, reject

_OTHER_PACKING = {
    b"PK\x03\x04": "a zip archive",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ\x00": "packed with xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"7z\xbc\xaf": "a 7z archive",
    b"%PDF": "a PDF",
    b"SQLite format 3\x00": "a database",
    b"PAR1": "a Parquet file",
}


@dataclass(frozen=True, slots=True)
class Found:
    """An entry, and the number of the file it is in: 0 for a plain file, from 1 in an archive."""

    member: int
    entry: Entry


def paths_in(paths: Iterable[Path]) -> Iterator[Path]:
    """``paths``, each folder replaced by the files in and below it, sorted; hidden ones are passed over."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, below, names in os.walk(path):
            below[:] = sorted(name for name in below if not name.startswith("."))
            yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))


def fingerprint(path: Path) -> str:
    """32 hex digits that are equal for files of equal content."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()


def entries(
    path: Path, progress: Progress, today: date, year: int | None = None, start: tuple[int, int] = (0, 0)
) -> Iterator[Found]:
    """The entries of the file ``path``, after ``start``: the number of a member, and a position in it.

    Never raises for what is in the file: what cannot be read is an entry with its reject, after all that could.

    Raises:
        OSError: if the file cannot be opened or the disk fails.
    """
    about = About(str(path), today, year)
    with path.open("rb", buffering=0) as file:
        progress.bytes_total = os.fstat(file.fileno()).st_size
        progress.bytes_read = 0
        yield from _unpacked(streams.Counted(file, progress), about, progress, start)


def _unpacked(
    source: streams.Readable, about: About, progress: Progress, start: tuple[int, int]
) -> Iterator[Found]:
    head, stream = streams.peeked(source)
    if streams.is_gzip(head):
        gunzip = streams.Gunzip(stream)
        position = 0
        head, stream = streams.peeked(gunzip)
        for found in _maybe_archive(head, stream, about, progress, start, damaged=bool(gunzip.trouble)):
            position = max(position, found.entry.position)
            yield found
        if gunzip.trouble:
            yield Found(0, reject(about, position + 1, 0, gunzip.trouble))
    else:
        yield from _maybe_archive(head, stream, about, progress, start)


def _maybe_archive(
    head: bytes,
    stream: io.BufferedReader,
    about: About,
    progress: Progress,
    start: tuple[int, int],
    *,
    damaged: bool = False,
) -> Iterator[Found]:
    if not archives.is_tar(head):
        if head or not damaged:
            yield from (Found(0, entry) for entry in _entries(head, stream, about, progress, start[1]))
        return
    number = 0
    try:
        for member in archives.members(stream):
            number = member.number
            if number < start[0]:
                continue
            inside = About(f"{about.name}/{member.name}", about.today, about.year)
            after = start[1] if number == start[0] else 0
            if member.stream is None:
                if not after:
                    yield Found(number, reject(inside, 1, 0, member.refused))
                continue
            yield from (Found(number, entry) for entry in _member(member.stream, inside, progress, after))
    except BadFile as wrong:
        yield Found(number + 1, reject(about, 1, 0, str(wrong)))


def _member(source: streams.Readable, about: About, progress: Progress, start: int) -> Iterator[Entry]:
    """The entries of one file of an archive, which may itself be packed with gzip."""
    head, stream = streams.peeked(source)
    if not streams.is_gzip(head):
        yield from _entries(head, stream, about, progress, start)
        return
    gunzip = streams.Gunzip(stream)
    head, stream = streams.peeked(gunzip)
    position = 0
    if head or not gunzip.trouble:
        for entry in _entries(head, stream, about, progress, start):
            position = max(position, entry.position)
            yield entry
    if gunzip.trouble:
        yield reject(about, position + 1, 0, gunzip.trouble)


def _entries(head: bytes, stream: BinaryIO, about: About, progress: Progress, start: int) -> Iterator[Entry]:
    progress.member = about.name
    position = start
    try:
        format_ = registry.detect(head) if head.strip() else None
        if format_ is None:
            raise BadFile(_unknown(head))
        for entry in format_.read(stream, about, start):
            position = entry.position
            yield entry
    except BadFile as wrong:
        yield reject(about, position + 1, 0, str(wrong), head)


def _unknown(head: bytes) -> str:
    if not head.strip():
        return "the file is empty"
    taken = f"what can be imported: {registry.titles()}; each also gzipped, in a tar archive or in a folder"
    for mark, packing in _OTHER_PACKING.items():
        if head.startswith(mark):
            return f"it is {packing}, which is not read: unpack it first; {taken}"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"it is UTF-16 text: save it as UTF-8; {taken}"
    if streams.is_gzip(head) or archives.is_tar(head):
        return f"it is packed more than once: unpack it first; {taken}"
    return f"it is in none of the known formats; {taken}"
