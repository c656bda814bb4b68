"""The graph that serves, made from numbers of our own choosing: no PyTorch is needed to write or to run it."""

import numpy as np
import pytest

from broadsheet.search.encoders.training.compact.export import graph
from broadsheet.search.encoders.training.compact.model import first_parameters
from broadsheet.search.encoders.training.compact.shape import LOUDNESS, Shape

onnxruntime = pytest.importorskip("onnxruntime", reason="the graph is run by ONNX Runtime, an optional extra")
SHAPE = Shape(vocabulary=50, width=64, layers=2, heads=4, inner=32)


def parameters(seed=3):
    table = np.random.default_rng(seed).standard_normal((50, 64)).astype(np.float32) / 8
    return first_parameters(SHAPE, table, seed)


def learned(seed=3):
    """As ``parameters``, with the maps that are 0 at the start filled in."""
    rng = np.random.default_rng(seed)
    return {
        name: value if value.any() else rng.standard_normal(value.shape).astype(np.float32) / 8
        for name, value in parameters(seed).items()
    }


def run(made, ids, mask=None):
    session = onnxruntime.InferenceSession(graph(made, SHAPE), providers=["CPUExecutionProvider"])
    ids = np.array(ids, np.int64)
    mask = np.ones_like(ids) if mask is None else np.array(mask, np.int64)
    return session.run(["sentence_embedding"], {"input_ids": ids, "attention_mask": mask})[0]


def cosine(one, other):
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_untrained_layers_leave_the_sum_of_the_token_vectors():
    made = parameters()
    assert cosine(run(made, [[5, 9, 31]])[0], made["table"][[5, 9, 31]].sum(0)) > 0.9999


def test_a_token_seen_three_times_counts_log_four():
    made = parameters()
    wanted = LOUDNESS * (np.log(4) * made["table"][5] + np.log(2) * made["table"][9])
    assert np.allclose(run(made, [[5, 9, 5, 5]])[0], wanted, atol=0.05)


def test_padding_changes_no_vector():
    made = learned()
    alone = run(made, [[5, 9, 31]])[0]
    beside = run(made, [[5, 9, 31, 0, 0, 0], [7, 8, 9, 10, 11, 12]], [[1, 1, 1, 0, 0, 0], [1] * 6])[0]
    assert cosine(alone, beside) > 0.999


def test_learned_layers_read_the_order_of_words():
    made = learned()
    assert cosine(run(made, [[5, 9, 31]])[0], run(made, [[31, 9, 5]])[0]) < 0.999


def test_a_text_longer_than_any_that_was_trained_on_has_a_vector():
    far = run(learned(), [list(range(3, 50)) * 10])
    assert far.shape == (1, 64)
    assert np.isfinite(far).all()
