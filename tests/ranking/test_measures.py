"""Every figure here was worked out by hand."""

from math import log2

import pytest

from broadsheet.ranking import measures

GRADED = {1: 3, 2: 2, 3: 0, 4: 1}


def test_ndcg_discounts_each_grade_by_the_logarithm_of_its_rank():
    found = 2 / log2(2) + 0 / log2(3) + 3 / log2(4)
    ideal = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert measures.ndcg([2, 9, 1], GRADED, 10) == pytest.approx(found / ideal)


def test_ndcg_is_one_for_the_ideal_order_and_zero_where_nothing_is_relevant():
    assert measures.ndcg([1, 2, 4], GRADED) == pytest.approx(1.0)
    assert measures.ndcg([1, 2, 4], {1: 0}) == 0.0


def test_ndcg_looks_no_deeper_than_k():
    assert measures.ndcg([8, 9, 1], {1: 1}, 2) == 0.0


def test_reciprocal_rank_is_one_over_the_first_relevant_place():
    assert measures.reciprocal_rank([3, 9, 4, 1], GRADED) == pytest.approx(1 / 3)


def test_recall_counts_relevant_papers_only():
    assert measures.recall([1, 3, 9], GRADED, 100) == pytest.approx(1 / 3)


def test_success_is_all_or_nothing():
    assert measures.success([3, 1], GRADED, 1) == 0.0
    assert measures.success([3, 1], GRADED, 2) == 1.0


def test_equal_systems_are_not_different():
    assert measures.paired_p([0.5, 0.2, 0.9], [0.5, 0.2, 0.9], 100) == 1.0


def test_a_system_better_on_each_of_twenty_queries_is_different():
    assert measures.paired_p([0.6] * 20, [0.5] * 20, 2_000) < 0.005


def test_three_queries_can_show_no_difference():
    """Of the 8 ways to deal the signs 2 are as extreme: p is a quarter."""
    assert measures.paired_p([0.6, 0.7, 0.8], [0.5, 0.6, 0.7], 4_000) == pytest.approx(0.25, abs=0.03)


def test_systems_on_different_queries_cannot_be_compared():
    with pytest.raises(ValueError):
        measures.paired_p([0.1], [0.1, 0.2])
