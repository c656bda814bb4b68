"""Vectors that were dear to make outlast every crash but that of the batch being written."""

import multiprocessing
import os
import random
import signal
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from broadsheet.search.generation import BusyError
from broadsheet.search.kept import LOG, KeptVectors, folder_of
from broadsheet.search.manifest import Space

SPACE = Space("second", "2", 64)


@cache
def rows(first: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Papers, hashes of their texts, vectors: what a paper gets follows from its number."""
    papers = np.arange(first, first + count, dtype=np.int64)
    vectors = np.stack([np.random.default_rng(int(one)).normal(size=64) for one in papers]).astype(np.float32)
    return papers, papers.astype(np.uint64) + np.uint64(10_000), vectors / np.linalg.norm(vectors, axis=1)[:, None]


def keep(root: Path, *batches: tuple[int, int]) -> KeptVectors:
    kept = KeptVectors(root, SPACE)
    with kept.writing():
        for first, count in batches:
            kept.append(*rows(first, count))
    return kept


def found(kept: KeptVectors, first: int, count: int) -> list[int]:
    """Which of these papers have a vector; each that has one has its own."""
    papers, texts, vectors = rows(first, count)
    slots = kept.find(papers, texts)
    levels, scales = kept.vectors(slots[slots >= 0])
    assert np.allclose(levels * scales[:, None], vectors[slots >= 0], atol=0.01)
    return papers[slots >= 0].tolist()


def test_what_was_kept_is_found_again(tmp_path):
    keep(tmp_path, (1, 5), (6, 3))
    assert found(KeptVectors(tmp_path, SPACE), 1, 10) == list(range(1, 9))


def test_a_changed_text_has_no_vector(tmp_path):
    kept = keep(tmp_path, (1, 5))
    papers, texts, _ = rows(1, 5)
    texts = texts + (papers == 3)
    assert kept.find(papers, texts).tolist() == [0, 1, -1, 3, 4]


def test_of_two_vectors_of_one_text_the_later_counts(tmp_path):
    kept = keep(tmp_path, (1, 2), (1, 2))
    assert kept.find(*rows(1, 2)[:2]).tolist() == [2, 3]


def test_a_log_cut_at_any_byte_of_its_last_batch_has_lost_that_batch_alone_and_goes_on(tmp_path):
    log = keep(tmp_path, (1, 3), (4, 2)).folder / LOG
    whole = log.read_bytes()
    first = 40 + 3 * (20 + 64)
    for cut in range(first, len(whole)):
        log.write_bytes(whole[:cut])
        kept = KeptVectors(tmp_path, SPACE)
        assert found(kept, 1, 9) == [1, 2, 3], cut
        if cut % 20 == 0:
            with kept.writing():
                kept.append(*rows(7, 2))
            assert found(KeptVectors(tmp_path, SPACE), 1, 9) == [1, 2, 3, 7, 8], cut


def test_a_flipped_byte_anywhere_costs_the_batch_it_is_in_and_no_other(tmp_path):
    log = keep(tmp_path, *((first, 4) for first in range(1, 41, 4))).folder / LOG
    whole = log.read_bytes()
    size = len(whole) // 10
    draw = random.Random(3)
    for _ in range(300):
        at = draw.randrange(len(whole))
        log.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << draw.randrange(8)]) + whole[at + 1 :])
        kept = KeptVectors(tmp_path, SPACE)
        lost = range(at // size * 4 + 1, at // size * 4 + 5)
        assert found(kept, 1, 40) == [one for one in range(1, 41) if one not in lost], at
        # A last batch that cannot be read looks like one that was cut off.
        assert kept.damaged == 1 or at >= 9 * size


def test_a_batch_that_was_damaged_is_kept_again_and_compacting_drops_the_damage(tmp_path):
    kept = keep(tmp_path, (1, 4), (5, 4))
    raw = bytearray((kept.folder / LOG).read_bytes())
    raw[100] ^= 4
    (kept.folder / LOG).write_bytes(raw)
    with kept.writing():
        assert found(kept, 1, 8) == [5, 6, 7, 8]
        kept.append(*rows(1, 4))
        kept.compact(*rows(1, 8)[:2])
    again = KeptVectors(tmp_path, SPACE)
    assert (found(again, 1, 8), again.damaged, again.count) == (list(range(1, 9)), 0, 8)


def test_compacting_drops_papers_that_are_gone_and_old_texts(tmp_path):
    kept = keep(tmp_path, (1, 6))
    before = kept.size
    with kept.writing():
        kept.compact(*(one[:2] for one in rows(1, 6)[:2]))
    assert found(KeptVectors(tmp_path, SPACE), 1, 6) == [1, 2]
    assert kept.size < before


def test_the_log_of_another_space_holds_nothing_here(tmp_path):
    log = keep(tmp_path, (1, 4)).folder / LOG
    other = Space("second", "3", 64)
    folder_of(tmp_path, other).mkdir()
    (folder_of(tmp_path, other) / LOG).write_bytes(log.read_bytes())
    assert KeptVectors(tmp_path, other).count == 0


def test_a_second_writer_is_told_to_wait(tmp_path):
    first, second = KeptVectors(tmp_path, SPACE), KeptVectors(tmp_path, SPACE)
    with first.writing(), pytest.raises(BusyError, match="another process is encoding"), second.writing():
        pass


def _write_for_ever(root: Path) -> None:
    kept = KeptVectors(root, SPACE)
    with kept.writing():
        done = kept.count
        while True:
            kept.append(*rows(done + 1, 3))
            done += 3


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_writer_killed_again_and_again_loses_nothing_it_had_kept(tmp_path):
    draw = random.Random(5)
    held = 0
    for _ in range(12):
        child = multiprocessing.get_context("fork").Process(target=_write_for_ever, args=(tmp_path,))
        child.start()
        time.sleep(0.1 + draw.random() / 10)
        assert child.pid
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        kept = KeptVectors(tmp_path, SPACE)
        assert kept.count >= held
        assert kept.count % 3 == 0
        held = kept.count
        assert found(kept, 1, held) == list(range(1, held + 1))
    assert held > 30


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_killed_while_compacting_the_log_is_the_old_or_the_new(tmp_path, monkeypatch):
    def killed(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def compact(where: str) -> None:
        monkeypatch.setattr(where, killed)
        kept = KeptVectors(tmp_path, SPACE)
        with kept.writing():
            kept.compact(*(one[:2] for one in rows(1, 6)[:2]))

    for where in (
        "broadsheet.search.kept.KeptVectors._batch",
        "pathlib.Path.replace",
        "broadsheet.search.kept.sync",
    ):
        kept = keep(tmp_path, (1, 6))
        child = multiprocessing.get_context("fork").Process(target=compact, args=(where,))
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        kept = KeptVectors(tmp_path, SPACE)
        assert found(kept, 1, 6) in ([1, 2, 3, 4, 5, 6], [1, 2])
