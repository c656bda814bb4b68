"""Encoding in a second process, while this one does what comes next with the papers.

Encoding is a third of the work of building an index. One batch is always on its way: this process sends a batch,
works on the one before, and takes the vectors when it comes back; the two never both wait to send.
"""

import logging
import multiprocessing
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.document import Document
from broadsheet.search.encoders.base import Encoder

_log = logging.getLogger(__name__)
Batch = Sequence[Document]
Vectors = NDArray[np.float32]


def encoded(batches: Iterable[Batch], encoder: Encoder) -> Iterator[tuple[Batch, Vectors]]:
    """Each batch with its vectors, made here."""
    for batch in batches:
        yield batch, encoder.encode([document.meaning for document in batch])


def encoded_apart(batches: Iterable[Batch], encoder: Encoder) -> Iterator[tuple[Batch, Vectors]]:
    """Each batch with its vectors, made in a process that ends with this one; if it dies they are made here."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    helper = spawn.Process(target=_encode, args=(there, encoder), daemon=True)
    helper.start()
    there.close()
    try:
        waiting: Batch | None = None
        for batch in batches:
            if waiting is not None:
                vectors = _taken(here, waiting, encoder)
                _sent(here, batch)
                yield waiting, vectors
            else:
                _sent(here, batch)
            waiting = batch
        if waiting is not None:
            yield waiting, _taken(here, waiting, encoder)
    finally:
        here.close()
        helper.join(timeout=5)
        if helper.is_alive():
            helper.kill()
            helper.join()
        helper.close()


def _sent(here: Connection, batch: Batch) -> None:
    # If the helper is gone its vectors are made here when they are taken.
    with suppress(OSError):
        here.send([document.meaning for document in batch])


def _taken(here: Connection, batch: Batch, encoder: Encoder) -> Vectors:
    try:
        vectors: Vectors = here.recv()
    except (EOFError, OSError):
        _log.warning("the process that encodes ended early: its batch is encoded here")
        return encoder.encode([document.meaning for document in batch])
    return vectors


def _encode(there: Connection, encoder: Encoder) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            there.send(encoder.encode(there.recv()))
    except (EOFError, OSError):
        return  # the one who asked is done, or gone
