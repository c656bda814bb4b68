"""Tar archives, read as a stream: every member is looked at where it passes, none is ever written to disk."""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Self

from broadsheet.sources.base import BadFile
from broadsheet.sources.streams import Readable

# The headers that hold long names are read whole by tarfile; an honest one has a few hundred bytes.
MAX_HEADER = 1024 * 1024

_PIECE = 16 * 1024

_WHOLE_HEADERS = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME,
                  tarfile.GNUTYPE_LONGLINK)  # fmt: skip
_SPECIAL = {
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.LNKTYPE: "a hard link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
}


@dataclass(frozen=True, slots=True)
class Packed:
    """A member of an archive: ``stream`` is None where it is refused, and ``refused`` says why."""

    number: int
    name: str
    stream: Readable | None
    refused: str = ""


class _Content:
    """The bytes of a member, in pieces so small that little is lost where the archive breaks off.

    It ends there without an error: `members` raises it, when it looks for the next one.
    """

    def __init__(self, member: IO[bytes]) -> None:
        self._member = member

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._member.read(_PIECE if size < 0 else min(size, _PIECE))
        except tarfile.TarError:
            return b""


class _Header(tarfile.TarInfo):
    """A header that tells of damage, with a bound on those that tarfile would read into memory whole."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            made = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as wrong:
            # tarfile takes a damaged header for the end of the archive and says nothing; only zeros are the end.
            if bytes(buf).strip(b"\0"):
                raise tarfile.ReadError(str(wrong)) from None
            raise
        if made.type in _WHOLE_HEADERS and made.size > MAX_HEADER:
            raise tarfile.ReadError(f"a header of {made.size} bytes is no header")
        return made


def is_tar(head: bytes) -> bool:
    if len(head) < tarfile.BLOCKSIZE:
        return False
    try:
        tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def members(source: Readable) -> Iterator[Packed]:
    """The files of the archive in their order, numbered from 1; folders are passed over.

    Raises:
        BadFile: where the archive is damaged or ends too early; all members before that have been given.
    """
    seen: set[int] = set()
    number = 0
    try:
        with tarfile.open(fileobj=source, mode="r|", tarinfo=_Header) as archive:  # type: ignore[call-overload] # typeshed knows no tarinfo beside a stream
            for info in archive:
                # tarfile keeps every header it has read; an archive of a million files would fill the memory.
                archive.members.clear()
                if info.isdir():
                    continue
                number += 1
                name = info.name.encode("utf-8", "replace").decode()
                refused = _refusal(info, seen)
                content = None if refused else archive.extractfile(info)
                yield Packed(number, name, _Content(content) if content else None, refused)
    except (tarfile.TarError, OSError, EOFError, ValueError) as wrong:
        raise BadFile(f"the tar archive is damaged after its file {number} ({wrong}): get it again") from None


def _refusal(info: tarfile.TarInfo, seen: set[int]) -> str:
    """Why a member is not read; empty if it is. ``seen`` holds the hash of each name so far."""
    parts = info.name.replace("\\", "/").split("/")
    if info.name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        return "its name points outside the archive"
    if not info.isreg() or info.issparse():
        return f"it is {_SPECIAL.get(info.type, 'not a plain file')}"
    name = hash("/".join(part for part in parts if part not in ("", ".")))
    if name in seen:
        return "the archive holds an earlier file of the same name"
    seen.add(name)
    return ""
