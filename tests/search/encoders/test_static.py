"""The weights that ship, and how they are read. Sample texts are made up."""

from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from broadsheet.search import encoders
from broadsheet.search.encoders.static import DIMENSIONS, SHIPPED, BrokenWeightsError, Static

FORGETTING = (
    "When a network learns a second task it loses the first. We call the remedy for catastrophic forgetting"
)
FOLDING = "Protein structures are predicted from amino acid sequences by an alignment of related proteins"
PRICES = "Auctions in which bidders hide their budgets, and the prices that sellers should then ask"
SHORT_OF_MEMORY = "Optimizer states are split over devices so that a model of many parameters fits on small GPUs"


@pytest.fixture(scope="module")
def static():
    return Static()


@pytest.fixture
def shipped():
    return Path(str(resources.files(encoders) / "weights" / SHIPPED))


def near(static, query, *texts):
    """The texts, nearest first, as their places in the call."""
    return np.argsort(-static.encode(texts) @ static.encode_query(query)).tolist()


def test_it_says_what_it_is(static):
    assert static.name == "static"
    assert len(static.version) == 12
    assert static.licence == "Apache-2.0"
    assert static.dimension == 256


def test_vectors_have_length_one(static):
    vectors = static.encode([FORGETTING, "a", "qzxv wkjq", "12345", "学习"])
    assert vectors.dtype == np.float32
    assert vectors.shape == (5, 256)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_that_says_nothing_is_all_zero(static):
    assert not static.encode(["", "  ...", "\x00"]).any()


def test_no_texts_are_no_rows(static):
    assert static.encode([]).shape == (0, 256)


def test_a_query_is_encoded_as_a_text_is(static):
    assert np.array_equal(static.encode_query(FOLDING), static.encode([PRICES, FOLDING])[1])


def test_a_paper_is_near_a_query_that_shares_no_word_with_it(static):
    assert near(static, "continual learning", FOLDING, PRICES, FORGETTING)[0] == 2
    assert near(static, "training huge language models in little memory", PRICES, SHORT_OF_MEMORY, FOLDING)[0] == 1


def test_the_frame_of_a_question_hardly_moves_it(static):
    plain = static.encode_query("graph neural networks for molecules")
    asked = static.encode_query("Could you show me some works on graph neural networks for molecules?")
    assert plain @ asked > 0.9


def test_a_misspelt_word_is_nearer_its_right_spelling_than_another_word_is(static):
    right, misspelt, other = static.encode(["reinforcement", "reinforcemnt", "segmentation"])
    assert right @ misspelt > right @ other


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_prefix_is_an_encoder_too(static, dimension):
    prefix = Static(dimension=dimension)
    cut = static.encode([FORGETTING])[:, :dimension]
    assert np.allclose(prefix.encode([FORGETTING]), cut / np.linalg.norm(cut), atol=1e-5)
    assert near(prefix, "continual learning without forgetting", FOLDING, FORGETTING)[0] == 1


def test_other_dimensions_are_refused():
    with pytest.raises(ValueError, match="64, 128 or 256"):
        Static(dimension=100)


def test_it_tells_how_much_of_a_text_it_knows(static):
    assert static.knows("neural network") == 1
    assert static.knows("neural qzxvwk") == 0.5
    assert static.knows("") == 0


def test_missing_weights_are_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        Static(tmp_path / "none.npz")


def test_weights_with_a_flipped_byte_are_refused(tmp_path, shipped):
    content = bytearray(shipped.read_bytes())
    content[len(content) // 2] ^= 1
    broken = tmp_path / "static.npz"
    broken.write_bytes(content)
    with pytest.raises(BrokenWeightsError, match=r"static\.npz: not a whole weights file"):
        Static(broken)


def test_weights_cut_short_are_refused(tmp_path, shipped):
    broken = tmp_path / "static.npz"
    broken.write_bytes(shipped.read_bytes()[:100_000])
    with pytest.raises(BrokenWeightsError):
        Static(broken)


def test_the_shipped_file_is_small(shipped):
    assert shipped.stat().st_size <= 20_000_000
