"""Generations: each build of the index is a folder of its own, checked by a manifest and chosen by one pointer.

    index/
      current            the number of the generation in use; replaced by one rename
      lock               held by the one writer
      00000012/          a generation: words/, parts/, state.npy, a centre for each space, manifest.json
      00000011/          the one before, to fall back on
      00000013.building  not yet anything; the next writer removes it

Publishing is these steps, and a process may be killed between any two of them:

1. every new file and folder is fsynced, and the manifest with the size and checksum of each file is written;
2. the folder loses its ``.building`` by a rename: now it is whole, but nobody looks at it;
3. ``current`` is replaced by a rename: now it is the index;
4. generations older than the one before are removed.
"""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from broadsheet.search.manifest import DamagedError, Manifest, Part, Stamp, text_digest

__all__ = [
    "BusyError", "DamagedError", "Generation", "NoIndexError", "Verifier", "begin", "folder", "link",
    "manifest_in", "numbers", "open_current", "pointed", "publish", "sync", "write_durably", "writing",
]  # fmt: skip

MANIFEST = "manifest.json"
VOCABULARY = "vocabulary.npy"
COLUMNS = "columns.npz"
POINTER = "current"
_BUILDING = ".building"
_CHUNK = 1 << 20
_PAUSE = 0.02

Step = Callable[[str], None]
"""Called with the name of each step as it is reached; tests kill the process there."""


def no_step(_: str) -> None:
    """What production does at each step: nothing more."""


class NoIndexError(Exception):
    """No generation can be opened. Search must answer from the database; ``broadsheet index rebuild`` mends it."""


class BusyError(Exception):
    """Another process is writing the index."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A whole and verified build."""

    path: Path
    manifest: Manifest

    @property
    def words(self) -> Path:
        return self.path / "words"

    @property
    def state(self) -> Path:
        return self.path / "state.npy"

    def part(self, part: Part) -> Path:
        return self.path / "parts" / part.name

    @property
    def columns(self) -> list[Path]:
        return [self.part(part) / COLUMNS for part in self.manifest.parts]


class Verifier:
    """Compares files with their manifest; a file found right once (hard links included) is not read again."""

    def __init__(self) -> None:
        self._right: set[tuple[int, int, int, int, str]] = set()

    def open(self, path: Path) -> Generation:
        """The generation in ``path``.

        Raises:
            DamagedError: if a byte differs from what was published, or a file is missing or too many.
        """
        manifest = manifest_in(path)
        for name, stamp in manifest.files.items():
            self._check(path / name, name, stamp)
        if extra := set(_files(path)) - manifest.files.keys():
            raise DamagedError(f"{min(extra)} is not in its manifest")
        return Generation(path, manifest)

    def _check(self, path: Path, name: str, stamp: Stamp) -> None:
        try:
            found = path.stat()
            key = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, stamp.blake2b)
            if key in self._right:
                return
            if found.st_size != stamp.size:
                raise DamagedError(f"{name} has {found.st_size} bytes where {stamp.size} were written")
            if file_digest(path) != stamp.blake2b:
                raise DamagedError(f"{name} does not match its checksum")
        except OSError as error:
            raise DamagedError(f"{name} cannot be read ({error.strerror})") from error
        self._right.add(key)


def manifest_in(path: Path) -> Manifest:
    """The manifest of the generation in ``path``, without a look at the files it names.

    Raises:
        DamagedError: if it cannot be read or is not what was written.
    """
    try:
        return Manifest.load((path / MANIFEST).read_bytes())
    except OSError as error:
        raise DamagedError(f"its manifest cannot be read ({error.strerror})") from error


def pointed(root: Path) -> int | None:
    """The number in ``current``; None where there is none that can be read and matches its own checksum."""
    try:
        number = int((root / POINTER).read_bytes()[:20].split()[0])
        return number if (root / POINTER).read_bytes() == _pointer(number) else None
    except (OSError, ValueError, IndexError):
        return None


def _pointer(number: int) -> bytes:
    name = f"{number:08d}"
    return f"{name} {text_digest(name.encode())[:16]}\n".encode()


def folder(root: Path, number: int) -> Path:
    return root / f"{number:08d}"


def numbers(root: Path) -> list[int]:
    """Generations in ``root``, newest first, whole or not."""
    if not root.is_dir():
        return []
    return sorted((int(one.name) for one in root.iterdir() if one.name.isdigit() and one.is_dir()), reverse=True)


def open_current(root: Path, verifier: Verifier | None = None) -> Generation:
    """The generation pointed at or, if it is damaged, the newest whole one.

    Raises:
        NoIndexError: if none is whole; the message says what is wrong with each.
    """
    verifier = verifier or Verifier()
    current = pointed(root)
    # Without a readable pointer any whole generation will do; with one, a newer one was never published.
    order = [n for n in numbers(root) if current is None or n <= current]
    wrong = []
    for number in order:
        try:
            return verifier.open(folder(root, number))
        except DamagedError as error:
            wrong.append(f"generation {number}: {error}")
    raise NoIndexError("; ".join(wrong) if wrong else f"there is no index in {root}")


@contextmanager
def writing(root: Path, wait: float = 0, busy: str = "") -> Iterator[None]:
    """Hold the writer's lock; it goes with the process, however that ends. ``busy``: what the error says instead.

    Raises:
        BusyError: if another process still holds it after ``wait`` seconds.
    """
    root.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + wait
    with (root / "lock").open("ab") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= until:
                    said = busy or f"another process is writing the index in {root}; wait for it or stop it"
                    raise BusyError(said) from error
            time.sleep(_PAUSE)
        yield


def begin(root: Path) -> tuple[int, Path]:
    """Remove what an interrupted writer left and make a new, empty building folder: its number and path."""
    current = pointed(root)
    for leftover in root.glob(f"*{_BUILDING}"):
        shutil.rmtree(leftover)
    known = numbers(root)
    if current is not None:
        for number in known:
            if number > current:
                shutil.rmtree(folder(root, number))
    number = 1 + max([0, *known, *([current] if current is not None else [])])
    path = root / f"{number:08d}{_BUILDING}"
    (path / "words").mkdir(parents=True)
    (path / "parts").mkdir()
    return number, path


def link(base: Generation, path: Path, parts: Sequence[Part]) -> None:
    """Give the building folder ``path`` the words and ``parts`` of ``base`` without copying: segments never change.

    The two small files that tantivy replaces are copied, so that ``base`` can never be reached through them.
    """
    for name in _files(base.path):
        source, target = base.path / name, path / name
        if name.startswith("words/"):
            place = shutil.copy2 if name.endswith(".json") else os.link
            place(source, target)
        elif any(name.startswith(f"parts/{part.name}/") for part in parts):
            target.parent.mkdir(exist_ok=True)
            os.link(source, target)


def publish(
    root: Path, path: Path, manifest: Manifest, base: Generation | None, step: Step = no_step
) -> Generation:
    """Turn the building folder into the current generation; see the steps at the top of this file."""
    step("before checksums")
    for lock in (path / "words").glob("*.lock"):
        lock.unlink()
    files = {name: _stamp(path, name, base) for name in _files(path)}
    whole = replace(manifest, files=files)
    step("before manifest")
    write_durably(path / MANIFEST, whole.dump())
    for directory in [path, *(one for one in path.rglob("*") if one.is_dir())]:
        sync(directory)
    step("before naming")
    final = folder(root, manifest.generation)
    path.rename(final)
    sync(root)
    step("before pointing")
    write_durably(root / f"{POINTER}.new", _pointer(manifest.generation))
    step("before swap")
    (root / f"{POINTER}.new").replace(root / POINTER)
    sync(root)
    step("after swap")
    kept = {manifest.generation, base.manifest.generation if base else manifest.generation}
    for number in numbers(root):
        if number not in kept:
            shutil.rmtree(folder(root, number))
            step("while removing")
    return Generation(final, whole)


def _stamp(path: Path, name: str, base: Generation | None) -> Stamp:
    """The stamp of a file; one that ``base`` shares by a hard link keeps the stamp it has there."""
    known = base.manifest.files.get(name) if base else None
    if base and known:
        ours, theirs = (path / name).stat(), (base.path / name).stat()
        if (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino):
            return known
    sync(path / name)
    return Stamp((path / name).stat().st_size, file_digest(path / name))


def _files(path: Path) -> list[str]:
    """Every file of a generation but its manifest, relative."""
    found = (one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file())
    return sorted(name for name in found if name != MANIFEST and not name.endswith(".lock"))


def file_digest(path: Path) -> str:
    sum_ = hashlib.blake2b(digest_size=32)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sum_.update(chunk)
    return sum_.hexdigest()


def write_durably(path: Path, raw: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Wait until ``path``, a file or a folder, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
