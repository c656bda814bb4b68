from pathlib import Path

import numpy as np
import pytest

from broadsheet.search.vectors import Space, VectorWriter, quantise

D = 128


def unit_rows(count: int, seed: int = 0) -> np.ndarray:
    """Vectors that lean to one side, as real spaces do."""
    rows = np.random.default_rng(seed).normal(0.3, 1.0, (count, D)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def space(folder: Path, *batches: np.ndarray) -> Space:
    """A space with one part for each batch, all centred as the first."""
    parts, centre = [], None
    for number, vectors in enumerate(batches):
        writer = VectorWriter(folder / f"part{number}", D)
        writer.add(vectors)
        centre = writer.mean() if centre is None else centre
        parts.append(writer.finish(centre))
    assert centre is not None
    return Space(parts, D, centre)


def test_a_vector_is_nearest_to_itself(tmp_path):
    vectors = unit_rows(5_000)
    held = space(tmp_path, vectors)
    for row in (0, 17, 4_999):
        rows, cosines = held.nearest(vectors[row], 3)
        assert rows[0] == row
        assert cosines[0] == pytest.approx(1.0, abs=0.01)


def test_the_nearest_agree_with_an_exact_search(tmp_path):
    vectors = unit_rows(6_000)
    held = space(tmp_path, vectors)
    query = unit_rows(1, seed=9)[0]
    exact = np.argsort(-(vectors @ query))[:50]
    rows, _ = held.nearest(query, 50)
    assert len(set(exact.tolist()) & set(rows.tolist())) >= 48


def test_a_mask_never_costs_recall(tmp_path):
    vectors = unit_rows(6_000)
    held = space(tmp_path, vectors)
    query = unit_rows(1, seed=9)[0]
    mask = np.zeros(6_000, bool)
    mask[np.argsort(vectors @ query)[:40]] = True  # the forty farthest of all
    rows, cosines = held.nearest(query, 10, mask)
    exact = [row for row in np.argsort(-(vectors @ query)).tolist() if mask[row]][:10]
    assert set(rows.tolist()) == set(exact)
    assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)


def test_parts_are_one_space(tmp_path):
    vectors = unit_rows(3_000)
    whole = space(tmp_path, vectors)
    (tmp_path / "split").mkdir()
    split = space(tmp_path / "split", vectors[: 3_000 - 7], vectors[-7:])
    query = vectors[2_996]
    assert split.nearest(query, 1)[0].tolist() == whole.nearest(query, 1)[0].tolist() == [2_996]
    assert np.allclose(split.vectors(np.array([2_996, 1])), whole.vectors(np.array([2_996, 1])))


def test_an_empty_space_finds_nothing(tmp_path):
    rows, cosines = space(tmp_path, np.empty((0, D), np.float32)).nearest(unit_rows(1)[0], 5)
    assert len(rows) == len(cosines) == 0


def test_a_text_that_says_nothing_is_stored_as_zero_and_not_as_a_number_that_is_none(tmp_path):
    held = space(tmp_path, np.zeros((2, D), np.float32))
    assert held.nearest(unit_rows(1)[0], 2)[1].tolist() == [0.0, 0.0]


def test_bytes_keep_a_cosine_to_half_a_hundredth():
    vectors = unit_rows(500)
    levels, scales = quantise(vectors)
    query = unit_rows(1, seed=5)[0]
    assert np.abs(levels * scales[:, None] @ query - vectors @ query).max() < 0.005


def test_a_space_whose_bits_do_not_fill_words_is_refused(tmp_path):
    with pytest.raises(ValueError, match="multiple of 64"):
        VectorWriter(tmp_path / "part", 100)
