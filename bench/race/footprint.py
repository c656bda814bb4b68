"""What a process tree takes: memory by kind, processor time, disk, and how much of its files the system keeps."""

import ctypes
import mmap
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

MB = 1_000_000
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = mmap.PAGESIZE
_libc = ctypes.CDLL(None, use_errno=True)


def tree(roots: Iterable[int]) -> list[int]:
    """The processes ``roots`` and all that came of them."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = set(roots)
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def memory(roots: Iterable[int]) -> dict[str, float]:
    """Proportional memory in MB: ``anonymous`` is its own, ``mapped`` is file pages that the system may drop."""
    total = {"anonymous": 0.0, "mapped": 0.0}
    for process in tree(roots):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
        total["anonymous"] += (sizes.get("Pss_Anon", 0) + sizes.get("Pss_Shmem", 0)) * 1024 / MB
        total["mapped"] += sizes.get("Pss_File", 0) * 1024 / MB
    return total


def busy(roots: Iterable[int]) -> float:
    """Seconds of processor that living processes of the trees, and children they have waited for, have used."""
    ticks = 0
    for process in tree(roots):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / _TICK


def disk(folder: Path) -> int:
    """Bytes that the files under ``folder`` take, each once however many names it has."""
    held = {(one.st_dev, one.st_ino): one.st_blocks * 512 for one in map(os.stat, _files(folder))}
    return sum(held.values())


def evict(folder: Path) -> None:
    """Ask the system to forget what it keeps of the files under ``folder``, so that the next look is a first one."""
    for path in _files(folder):
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def cached(folder: Path) -> float:
    """MB of the files under ``folder`` that the system keeps in memory, mapped by a process or not."""
    pages = 0
    for path in _files(folder):
        size = path.stat().st_size
        if not size:
            continue
        with (
            path.open("rb") as file,
            mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ, flags=mmap.MAP_PRIVATE) as view,
        ):
            address = _address(view)
            flags = (ctypes.c_ubyte * (-(-size // _PAGE)))()
            if address and _libc.mincore(ctypes.c_void_p(address), ctypes.c_size_t(size), flags) == 0:
                pages += sum(flag & 1 for flag in flags)
    return pages * _PAGE / MB


def _address(view: mmap.mmap) -> int:
    import numpy as np

    return int(np.frombuffer(view, np.uint8).ctypes.data)


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return [one for one in folder.rglob("*") if one.is_file() and not one.is_symlink()]


class Peak:
    """``with Peak(processes) as peak``: looks again and again at the trees while they live.

    ``megabytes`` is the most anonymous memory, ``seconds`` the most processor time; ``processes`` names the roots, which
    may come and go.
    """

    def __init__(self, processes: Callable[[], list[int]], every: float = 0.5) -> None:
        self._processes, self._every = processes, every
        self._done = threading.Event()
        self.megabytes = self.seconds = 0.0

    def __enter__(self) -> "Peak":
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._done.wait(self._every):
            self._look()

    def _look(self) -> None:
        roots = self._processes()
        self.megabytes = max(self.megabytes, sum(map(_anonymous, tree(roots))))
        self.seconds = max(self.seconds, busy(roots))


def _anonymous(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    held = {line.split(":")[0]: line for line in lines}
    return int(held["RssAnon"].split()[1]) * 1024 / MB if "RssAnon" in held else 0.0
