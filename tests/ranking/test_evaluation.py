import pytest

from broadsheet.ranking.evaluation import CHIEF, Loss, compare

GAINS = {"q1": {1: 1}, "q2": {2: 1}, "q3": {3: 1}}
SURE = {"q1": [1, 9], "q2": [2, 9], "q3": [3, 9]}
LATE = {"q1": [9, 1], "q2": [2, 9], "q3": [8, 9]}


def test_means_are_over_the_queries():
    means = compare({"sure": SURE, "late": LATE}, GAINS).means
    assert means["sure"][CHIEF] == pytest.approx(1.0)
    assert means["late"]["MRR"] == pytest.approx((1 / 2 + 1 + 0) / 3)
    assert means["late"]["R@10"] == pytest.approx(2 / 3)
    assert means["late"]["success@1"] == pytest.approx(1 / 3)


def test_losses_are_the_queries_that_one_run_does_worse_the_worst_first():
    found = compare({"sure": SURE, "late": LATE}, GAINS)
    lost = found.losses("late", "sure", 5)
    assert [one.query for one in lost] == ["q3", "q1"]
    assert lost[0] == Loss("q3", 0.0, 1.0)
    assert found.losses("sure", "late", 5) == []


def test_no_more_losses_are_told_than_asked_for():
    assert len(compare({"sure": SURE, "late": LATE}, GAINS).losses("late", "sure", 1)) == 1


def test_p_is_the_same_from_either_side_and_not_told_of_a_run_and_itself():
    p = compare({"sure": SURE, "late": LATE}, GAINS).p
    assert p["sure"]["late"] == p["late"]["sure"]
    assert "sure" not in p["sure"]


def test_two_queries_that_differ_prove_nothing():
    assert compare({"sure": SURE, "late": LATE}, GAINS).p["sure"]["late"] == pytest.approx(0.5, abs=0.03)


def test_thirty_queries_all_won_are_no_chance():
    gains = {f"q{n}": {n: 1} for n in range(30)}
    won, lost = {q: [*known] for q, known in gains.items()}, {q: [99] for q in gains}
    assert compare({"won": won, "lost": lost}, gains).p["won"]["lost"] < 0.001
