import numpy as np
import pytest

from broadsheet.search.health import rank_me


def test_vectors_in_every_direction_alike_have_the_full_rank():
    assert rank_me(np.eye(8, dtype=np.float32)) == pytest.approx(8)


def test_vectors_in_one_direction_have_rank_one():
    assert rank_me(np.ones((50, 8), np.float32)) == pytest.approx(1, abs=1e-3)


def test_the_rank_is_the_entropy_of_the_singular_values():
    # Singular values 3 and 1: shares 3/4 and 1/4, exp(0.75 ln(4/3) + 0.25 ln 4).
    vectors = np.array([[3, 0], [0, 1]], np.float32)
    assert rank_me(vectors) == pytest.approx((4 / 3) ** 0.75 * 4**0.25)


def test_it_does_not_depend_on_the_length_of_the_vectors():
    vectors = np.random.default_rng(1).normal(size=(200, 16)).astype(np.float32)
    assert rank_me(vectors) == pytest.approx(rank_me(7 * vectors), rel=1e-4)


def test_no_vectors_and_vectors_without_direction_have_none():
    assert rank_me(np.empty((0, 8), np.float32)) == 0
    assert rank_me(np.zeros((5, 8), np.float32)) == 0
