"""Vectors that were dear to make, kept outside the index, so that building it anew never makes them again.

    vectors/compact-9f3a1c-256/
      log     batches, one behind the other
      lock    held by the one who writes

A batch is a head (a mark, how many, a checksum of the body, a checksum of the head) and a body: the numbers of the
papers, the hashes of their texts, and their vectors as the index stores them. A batch is fsynced before it counts. One
that was cut off by a kill is dropped at the next writing; one in which a bit has turned is passed over, and its papers
are encoded again. Checksums are keyed by encoder, version and dimension: the log of another space holds nothing here.

What was written later counts. What no paper needs any more goes when the log is compacted, which writes it anew beside
and replaces it by one rename.
"""

import hashlib
import os
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from broadsheet.search import generation
from broadsheet.search.generation import sync
from broadsheet.search.manifest import Space
from broadsheet.search.vectors import quantise

Floats = NDArray[np.float32]
Levels = NDArray[np.int8]
Numbers = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_MARK = b"\x93vectors"
_HEAD = struct.Struct("<8sII16s8s")  # mark, how many, spare, checksum of the body, checksum of what stands before
_CHECKED = _HEAD.size - 8
_ABOUT = 20  # bytes beside the levels: paper, hash, scale
_REWRITTEN = 1_024
_CHUNK = 1 << 20
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
LOG = "log"


def folder_of(root: Path, space: Space) -> Path:
    """Where the vectors of ``space`` are kept under ``root``."""
    version = re.sub(r"[^A-Za-z0-9.]+", "_", space.version)[:40]
    return root / f"{space.name}-{version}-{space.dimension}"


def key_of(papers: Numbers, texts: Hashes) -> Hashes:
    """One number for a paper with a text."""
    keys: Hashes = papers.astype(np.uint64) * _SPREAD ^ texts.astype(np.uint64)
    return keys


class KeptVectors:
    """The log of one space. Reading needs no lock; ``append`` and ``compact`` are called within ``writing``."""

    def __init__(self, root: Path, space: Space) -> None:
        self.space = space
        self.folder = folder_of(root, space)
        self._identity = hashlib.blake2b(f"{space.name}\x1f{space.version}\x1f{space.dimension}".encode()).digest()
        self._row = _ABOUT + space.dimension
        self.load()

    def load(self) -> None:
        """Read the log and check all of it."""
        self._keys: list[Hashes] = []
        self._places: list[Numbers] = []
        self._scales: list[Floats] = []
        self._sorted: tuple[Hashes, Numbers] | None = None
        self.size = 0
        """Bytes on disk that hold whole batches or what is damaged between them."""
        self.damaged = 0
        """Batches that are not what was written."""
        try:
            with (self.folder / LOG).open("rb") as file:
                for start, count, body in self._batches(file):
                    self._take(start, count, body)
        except FileNotFoundError:
            pass
        self._raw = self._mapped()

    @property
    def count(self) -> int:
        """Vectors in the log, those no longer needed included."""
        return sum(map(len, self._keys))

    def find(self, papers: Numbers, texts: Hashes) -> Numbers:
        """For each paper with its text the slot of its vector, or -1."""
        if self._sorted is None:
            keys = np.concatenate([np.empty(0, np.uint64), *self._keys])
            order = np.argsort(keys, kind="stable")
            self._sorted = keys[order], order
            self._places = [np.concatenate([np.empty(0, np.int64), *self._places])]
            self._scales = [np.concatenate([np.empty(0, np.float32), *self._scales])]
            self._keys = [keys]
        known, order = self._sorted
        wanted = key_of(papers, texts)
        if not len(known):
            return np.full(len(wanted), -1, np.int64)
        at = np.searchsorted(known, wanted, side="right") - 1  # the last written of equals
        slots: Numbers = np.where((at >= 0) & (known[at] == wanted), order[at], -1)
        return slots

    def vectors(self, slots: Numbers) -> tuple[Levels, Floats]:
        """The vectors in some slots that ``find`` gave: ``[n, d]`` levels and ``[n]`` scales."""
        places, scales, wide = self._places[0][slots], self._scales[0][slots], self.space.dimension
        levels = np.empty((len(slots), wide), np.int8)
        for at, place in enumerate(places.tolist()):
            levels[at] = self._raw[place : place + wide]
        return levels, scales

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock; it goes with the process, however that ends. The log is read again.

        Raises:
            BusyError: if another process holds it.
        """
        busy = f"another process is encoding for the space {self.space.name}"
        with generation.writing(self.folder, busy=busy):
            self.load()
            yield

    def append(self, papers: Numbers, texts: Hashes, vectors: Floats) -> None:
        """Keep ``[n, d]`` vectors; when this returns they outlast a crash."""
        if not len(papers):
            return
        levels, scales = quantise(vectors)
        path = self.folder / LOG
        is_new = not path.exists()
        with path.open("w+b" if is_new else "r+b") as file:
            file.truncate(self.size)  # what a kill cut off
            file.seek(self.size)
            batch = self._batch(papers, texts, scales, levels)
            file.write(batch)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync(self.folder)
            sync(self.folder.parent)
        self._take(self.size + _HEAD.size, len(papers), batch[_HEAD.size :])
        self.size += len(batch)
        self._raw = self._mapped()

    def compact(self, papers: Numbers, texts: Hashes) -> None:
        """Keep the vectors of these papers with these texts alone, and nothing that is damaged."""
        slots = self.find(papers, texts)
        held = np.flatnonzero(slots >= 0)
        held = held[np.argsort(self._places[0][slots[held]], kind="stable")]
        beside = self.folder / f"{LOG}.new"
        with beside.open("wb") as file:
            for start in range(0, len(held), _REWRITTEN):
                some = held[start : start + _REWRITTEN]
                levels, scales = self.vectors(slots[some])
                file.write(self._batch(papers[some], texts[some], scales, levels))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.folder / LOG)
        sync(self.folder)
        self.load()

    def _batch(self, papers: Numbers, texts: Hashes, scales: Floats, levels: Levels) -> bytes:
        body = b"".join(
            (
                papers.astype("<i8").tobytes(),
                texts.astype("<u8").tobytes(),
                scales.astype("<f4").tobytes(),
                levels.tobytes(),
            )
        )
        head = _HEAD.pack(_MARK, len(papers), 0, self._sum(body, 16), b"")[:_CHECKED]
        return head + self._sum(head, 8) + body

    def _sum(self, raw: bytes, size: int) -> bytes:
        return hashlib.blake2b(raw, digest_size=size, key=self._identity).digest()

    def _take(self, start: int, count: int, body: bytes) -> None:
        """Remember what a batch holds whose body begins at byte ``start`` of the log."""
        papers = np.frombuffer(body, "<i8", count).astype(np.int64)
        texts = np.frombuffer(body, "<u8", count, 8 * count).astype(np.uint64)
        self._keys.append(key_of(papers, texts))
        self._scales.append(np.frombuffer(body, "<f4", count, 16 * count).astype(np.float32))
        first = start + _ABOUT * count
        self._places.append(first + np.arange(count, dtype=np.int64) * self.space.dimension)
        self._sorted = None

    def _mapped(self) -> NDArray[np.int8]:
        """The log as far as it is whole: that much of it never changes."""
        if not self.size:
            return np.empty(0, np.int8)
        return np.memmap(self.folder / LOG, np.int8, "r", shape=(self.size,))

    def _batches(self, file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
        """Of each whole batch where its body begins, how many vectors it holds, and the body."""
        at = 0
        while at >= 0:
            file.seek(at)
            head = file.read(_HEAD.size)
            if len(head) < _HEAD.size:
                return
            if self._sum(head[:_CHECKED], 8) != head[_CHECKED:]:
                at = _next_mark(file, at + 1)
                continue
            _, count, _, body_sum, _ = _HEAD.unpack(head)
            body = file.read(count * self._row)
            if len(body) < count * self._row:
                return  # cut off
            self.damaged += at > self.size
            if self._sum(body, 16) == body_sum:
                yield at + _HEAD.size, count, body
            else:
                self.damaged += 1
            at = self.size = at + _HEAD.size + len(body)


def _next_mark(file: BinaryIO, at: int) -> int:
    """Where the next mark begins at or after byte ``at``; -1 if there is none."""
    while True:
        file.seek(at)
        raw = file.read(_CHUNK)
        if (found := raw.find(_MARK)) >= 0:
            return at + found
        if len(raw) < _CHUNK:
            return -1
        at += len(raw) - len(_MARK) + 1
