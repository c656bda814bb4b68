import numpy as np
import pytest

from broadsheet.ranking.fusion import Trust, add_scores, first, reciprocal_ranks


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_the_best_word_score_is_worth_one_and_a_cosine_of_one_its_weight():
    scores = add_scores(floats(20, 10, 0), floats(0, 0.5, 1), Trust(weight=0.8))
    assert scores.tolist() == pytest.approx([1.0, 0.9, 0.8])


def test_a_cosine_that_unrelated_papers_have_too_counts_nothing():
    scores = add_scores(floats(1, 1), floats(0.2, 0.6), Trust(weight=1.0, unrelated=0.2))
    assert scores.tolist() == pytest.approx([1.0, 1.5])


def test_without_any_word_the_meaning_alone_decides():
    scores = add_scores(floats(0, 0), floats(0.3, 0.9), Trust(weight=1.0))
    assert scores.tolist() == pytest.approx([0.3, 0.9])


def test_ranks_add_as_one_over_sixty_and_the_rank():
    rows, scores = reciprocal_ranks([np.array([7, 8]), np.array([8, 9])])
    assert rows.tolist() == [8, 7, 9]
    assert scores.tolist() == pytest.approx([1 / 62 + 1 / 61, 1 / 61, 1 / 62])


def test_an_encoder_that_knows_half_the_words_is_trusted_a_quarter():
    assert Trust(1.0, 0.2).of(0.5) == Trust(0.25, 0.2)


def test_meaning_is_trusted_for_what_the_words_leave_open():
    assert Trust(2.0).of(1.0, covered=0.25).weight == pytest.approx(1.5)


def test_of_two_papers_with_every_word_the_nearer_is_still_first():
    trust = Trust(2.0).of(1.0, covered=1.0)
    scores = add_scores(floats(5, 5), floats(0.4, 0.6), trust)
    assert scores[1] > scores[0]


def test_nearness_to_the_first_papers_counts_as_much_as_the_encoder_says():
    scores = add_scores(floats(4, 2), floats(0.5, 0.5), Trust(1.0, company=0.5), beside=floats(0, 0.8))
    assert scores.tolist() == pytest.approx([1.5, 1.4])


def test_the_first_papers_are_those_of_the_highest_scores():
    assert first(floats(0.1, 0.9, 0.5, 0.9, 0.7)).tolist() == [1, 3, 4]
