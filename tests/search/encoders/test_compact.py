"""The compact encoder as it serves, with weights of made-up numbers in a folder of the form that training writes."""

import json
import pickle

import numpy as np
import pytest

from broadsheet.search.encoders.compact import Compact
from broadsheet.search.encoders.recipe import BadModelError
from broadsheet.search.encoders.training.compact.export import export
from broadsheet.search.encoders.training.compact.model import first_parameters
from broadsheet.search.encoders.training.compact.papers import lay, learn_tokenizer
from broadsheet.search.encoders.training.compact.shape import Shape
from broadsheet.search.encoders.training.texts import Text

pytest.importorskip("onnxruntime", reason="the compact encoder is run by ONNX Runtime, an optional extra")
TEXTS = [Text("Roses and compost", ("Roses like compost and pruning.", "Tulips like the cold."))] * 5
SHAPE = Shape(vocabulary=120, width=128, layers=1, heads=4, inner=32)


@pytest.fixture
def folder(tmp_path):
    learn_tokenizer(TEXTS, SHAPE, tmp_path / "tokenizer.json")
    tokens = len(lay(TEXTS, tmp_path / "tokenizer.json").frequency)
    table = np.random.default_rng(1).standard_normal((tokens, 128)).astype(np.float32) / 8
    export(first_parameters(SHAPE, table, 1), SHAPE, tmp_path)
    return tmp_path


def test_it_says_what_training_wrote(folder):
    compact = Compact(folder)
    facts = json.loads((folder / "compact.json").read_bytes())
    assert (compact.name, compact.version, compact.licence) == ("compact", facts["version"], "Apache-2.0")
    assert compact.dimension == 128


def test_a_prefix_of_its_numbers_is_a_unit_vector(folder):
    texts = ["roses", "tulips like compost"]
    short, long = Compact(folder, dimension=64).encode(texts), Compact(folder).encode(texts)
    assert np.allclose(np.linalg.norm(short, axis=1), 1, atol=1e-5)
    assert np.allclose(short, long[:, :64] / np.linalg.norm(long[:, :64], axis=1, keepdims=True), atol=1e-5)


def test_other_lengths_are_refused(folder):
    with pytest.raises(ValueError, match="multiples of 64 up to 128"):
        Compact(folder, dimension=100)


def test_a_text_that_says_nothing_is_all_0(folder):
    assert not Compact(folder).encode(["", "?!"]).any()


@pytest.mark.parametrize("text", ["²", "\u0301a", "漢字", "\ud800x", "x" * 10_000])
def test_any_letter_or_digit_has_a_vector(folder, text):
    assert np.linalg.norm(Compact(folder).encode_query(text)) == pytest.approx(1, abs=1e-5)


def test_case_accents_and_punctuation_are_nothing_to_it(folder):
    one, other = Compact(folder).encode(["Rôses, and COMPOST!", "roses and compost"])
    assert np.array_equal(one, other)


def test_it_knows_frequent_words_as_wholes(folder):
    compact = Compact(folder)
    assert compact.has_learned("compost")
    assert not compact.has_learned("tokamak")
    assert compact.knows("roses and 漢字") == pytest.approx(2 / 3)


def test_it_can_be_sent_to_another_process(folder):
    compact = Compact(folder, dimension=64)
    again = pickle.loads(pickle.dumps(compact))
    assert np.array_equal(compact.encode(["roses"]), again.encode(["roses"]))


def test_without_weights_it_says_how_to_train_them(tmp_path):
    with pytest.raises(FileNotFoundError, match="encoder train compact"):
        Compact(tmp_path)


def test_facts_that_are_none_are_an_error(folder):
    (folder / "compact.json").write_text("[]")
    with pytest.raises(BadModelError, match=r"compact\.json"):
        Compact(folder)
