"""Bytes from disk: counted, unpacked and cut into lines, with a limit on everything a hostile file could grow."""

import io
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from broadsheet.sources.base import BadFile, Progress

HEAD = 64 * 1024
MAX_LINE = 8 * 1024 * 1024
MAX_DOCUMENT = 64 * 1024 * 1024

# Text about papers packs about three to one, very repetitive text twenty to one, a bomb a thousand to one.
MAX_RATIO = 200
RATIO_FROM = 64 * 1024 * 1024

_CHUNK = 256 * 1024
_GZIP = b"\x1f\x8b"


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class Counted(io.RawIOBase):
    """``source``, telling ``progress`` how much of it has been read."""

    def __init__(self, source: BinaryIO, progress: Progress) -> None:
        self._source = source
        self._progress = progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # typeshed knows no name for a writable buffer here
        got = self._source.read(len(view))
        view[: len(got)] = got
        self._progress.bytes_read += len(got)
        return len(got)


class Rejoined(io.RawIOBase):
    """``head``, already taken from ``rest`` to look at, and then ``rest``."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # as above
        if self._head:
            got, self._head = self._head[: len(view)], self._head[len(view) :]
        else:
            got = self._rest.read(len(view))
        view[: len(got)] = got
        return len(got)


class Gunzip(io.RawIOBase):
    """Gzip of one or many members, unpacked. Never raises: what stopped it stands in ``trouble``.

    So all that came before the damage is still read, and the damage is reported after it.
    """

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._packed = b""
        self._unzip = zlib.decompressobj(wbits=31)
        self._begun = False
        self._taken = 0
        self._given = 0
        self._over = False
        self.trouble = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # as above
        got = self._next(min(len(view), _CHUNK))
        view[: len(got)] = got
        self._given += len(got)
        if self._given > RATIO_FROM and self._given > MAX_RATIO * self._taken:
            self._stop(f"it unpacks to more than {MAX_RATIO} times its size, as no text about papers does")
        return len(got)

    def _next(self, most: int) -> bytes:
        while not self._over:
            if self._unzip.eof and not self._next_member():
                break
            if not self._packed and not self._refill():
                if self._begun:
                    self._stop("the gzip data ends too early: the file is cut short, get it again")
                self._over = True
                break
            before = len(self._packed)
            try:
                got = self._unzip.decompress(self._packed, most)
            except zlib.error as wrong:
                self._stop(f"the gzip data is damaged after {self._taken} bytes ({wrong}): get the file again")
                break
            self._packed = self._unzip.unused_data if self._unzip.eof else self._unzip.unconsumed_tail
            self._taken += before - len(self._packed)
            self._begun = not self._unzip.eof
            if got:
                return got
        return b""

    def _next_member(self) -> bool:
        """Whether another gzip member follows the one that ended; zeros after the last are padding."""
        while not self._packed.strip(b"\0"):
            self._packed = b""
            if not self._refill():
                self._over = True
                return False
        if len(self._packed) == 1:
            self._packed += self._source.read(_CHUNK)
        if not self._packed.startswith(_GZIP):
            self._stop("after the gzip data come bytes that are no gzip: they are left out")
            return False
        self._unzip = zlib.decompressobj(wbits=31)
        return True

    def _refill(self) -> bool:
        self._packed = self._source.read(_CHUNK)
        return bool(self._packed)

    def _stop(self, reason: str) -> None:
        self.trouble = self.trouble or reason
        self._over = True


def is_gzip(head: bytes) -> bool:
    return head.startswith(_GZIP)


def peeked(source: Readable) -> tuple[bytes, io.BufferedReader]:
    """The first `HEAD` bytes, and a stream that still begins with them."""
    head = b""
    while len(head) < HEAD and (more := source.read(HEAD - len(head))):
        head += more
    return head, io.BufferedReader(Rejoined(head, source), _CHUNK)


def lines(stream: BinaryIO, start: int = 0) -> Iterator[tuple[int, bytes, bool]]:
    """``(number, line, whole)`` of each line after the first ``start``; a line over `MAX_LINE` comes cut, not whole."""
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        whole = line.endswith(b"\n") or len(line) < MAX_LINE
        if not whole:
            rest = stream.readline(MAX_LINE)
            whole = rest in (b"", b"\n")
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(MAX_LINE)
        if number > start:
            yield number, line, whole


def document(stream: BinaryIO) -> bytes:
    """All bytes of a file that must be read as one.

    Raises:
        BadFile: if there are more than `MAX_DOCUMENT`.
    """
    raw = stream.read(MAX_DOCUMENT + 1)
    if len(raw) > MAX_DOCUMENT:
        raise BadFile(
            f"it is one document of more than {MAX_DOCUMENT >> 20} MB: split it, or write one paper a line as JSON Lines"
        )
    return raw


def decoded(raw: bytes) -> str:
    """Text of a file that may be older than UTF-8: UTF-8 or UTF-16 by their marks, else Windows-1252."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def blocks(stream: BinaryIO, begins: re.Pattern[bytes]) -> Iterator[tuple[int, bytes]]:
    """``(line, block)`` of each run of lines whose first matches ``begins``; what stands before the first is left out.

    A block is cut at `MAX_LINE` bytes.
    """
    first, kept, size = 0, list[bytes](), 0
    for number, line, _ in lines(stream):
        if begins.match(line):
            if kept:
                yield first, b"".join(kept)
            first, kept, size = number, [], 0
        elif not kept:
            continue
        size += len(line)
        if size <= MAX_LINE:
            kept.append(line)
    if kept:
        yield first, b"".join(kept)
