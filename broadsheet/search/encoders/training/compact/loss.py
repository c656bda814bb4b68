"""How far a batch of vectors is from what was to be learned, at several nested lengths."""

from typing import Any

from broadsheet.search.encoders.training.compact.shape import NESTED

SHARPNESS = 20.0  # 1 / temperature, of the learner and of the teacher alike
SOFT = 0.5  # of an answer comes from how near the teacher holds the other papers, the rest is the one right paper
BETWEEN_VIEWS = 0.5  # weight of the views' own agreement


def loss(torch: Any, first: Any, second: Any, bank: Any) -> tuple[Any, Any]:
    """What to bring down, and its part that is told: the first views' cross-entropy at the full length, in nats.

    ``first`` and ``second`` are [batch, width]; ``bank`` [bank, width] are the teacher's vectors, of the batch's papers
    first. Each view is to find its paper in the bank, and the two views of a paper each other (van den Oord et al.
    2018).
    """
    normal, entropy = torch.nn.functional.normalize, torch.nn.functional.cross_entropy
    count = len(first)
    right = torch.arange(count, device=first.device)
    with torch.no_grad():
        answers = SOFT * (bank[:count] @ bank.T * SHARPNESS).softmax(1)
        answers[right, right] += 1 - SOFT
    total: Any = 0.0
    told: Any = None
    for length, weight in _lengths(first.shape[1]).items():
        one, other, known = (normal(rows[:, :length], dim=1) for rows in (first, second, bank))
        asked = entropy(one @ known.T * SHARPNESS, answers)
        read = entropy(other @ known.T * SHARPNESS, answers)
        near = one @ other.T * SHARPNESS
        between = (entropy(near, right) + entropy(near.T, right)) / 2
        total = total + weight * (asked + read + BETWEEN_VIEWS * between)
        told = asked if told is None else told
    return total, told.detach()


def _lengths(width: int) -> dict[int, float]:
    fitting = {length: weight for length, weight in NESTED.items() if length < width}
    return {width: 1.0, **fitting}
