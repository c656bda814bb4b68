"""A network run by ONNX Runtime: what goes in, what comes out, and what is said of a folder that is not whole."""

import pickle

import numpy as np
import pytest
from onnx import TensorProto, load

from broadsheet.search.encoders import onnx
from broadsheet.search.encoders.onnx import OnnxModel, model_file, pooled
from broadsheet.search.encoders.recipe import BadModelError
from broadsheet.search.encoders.transformer import Transformer
from broadsheet.search.power import Power
from tests.search.encoders.tiny import NUMBER, WORDS, table, write_folder, write_graph


def unit(vector):
    return vector / np.linalg.norm(vector)


def rows_of(*words):
    return table()[[NUMBER[word] for word in words]]


def test_without_a_word_on_pooling_a_text_is_the_mean_of_its_tokens(tmp_path):
    model = OnnxModel(write_folder(tmp_path))

    assert np.allclose(
        model.encode(["Sparse attention"]),
        unit(rows_of("[CLS]", "sparse", "attention", "[SEP]").mean(axis=0)),
        atol=1e-6,
    )


def test_padding_changes_no_vector(tmp_path):
    model = OnnxModel(write_folder(tmp_path))

    alone = model.encode(["graph"])
    beside = model.encode(["sparse attention graph graphs sparse attention", "graph"])

    assert np.allclose(alone[0], beside[1], atol=1e-6)


def test_the_pooling_of_the_folder_is_used(tmp_path):
    model = OnnxModel(
        write_folder(tmp_path, pooling={"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
    )

    assert np.allclose(model.encode(["graph"]), unit(rows_of("[CLS]")[0]), atol=1e-6)


def test_several_poolings_stand_side_by_side(tmp_path):
    model = OnnxModel(write_folder(tmp_path, pooling={"pooling_mode": ["cls", "max"]}))

    both = np.concatenate([rows_of("[CLS]")[0], rows_of("[CLS]", "graph", "[SEP]").max(axis=0)])
    assert model.dimension == 128
    assert np.allclose(model.encode(["graph"]), unit(both), atol=1e-6)


def test_a_graph_that_ends_in_a_vector_a_text_is_not_pooled(tmp_path):
    model = OnnxModel(write_folder(tmp_path, sentence=True, pooling={"pooling_mode": "cls"}))

    assert np.allclose(model.encode(["graph"]), unit(rows_of("[CLS]", "graph", "[SEP]").max(axis=0)), atol=1e-6)


@pytest.mark.parametrize(
    ("mode", "right"),
    [
        ("cls", [1, 0]),
        ("max", [3, 4]),
        ("mean", [2, 2]),
        ("mean_sqrt_len_tokens", [4 / 2**0.5, 4 / 2**0.5]),
        ("weightedmean", [(1 + 2 * 3) / 3, 2 * 4 / 3]),
        ("lasttoken", [3, 4]),
    ],
)
def test_each_pooling_leaves_padding_out(mode, right):
    tokens = np.array([[[1, 0], [3, 4], [99, 99]]], np.float32)

    assert np.allclose(pooled(tokens, np.array([[1, 1, 0]]), mode), [right])


def test_vectors_come_in_the_order_of_the_texts_however_many_there_are(tmp_path, monkeypatch):
    monkeypatch.setattr(onnx, "_WINDOW", 5)
    monkeypatch.setitem(onnx._AT_ONCE, "cpu", 12)
    model = OnnxModel(write_folder(tmp_path))
    texts = ["graph " * length + "sparse" for length in (3, 1, 9, 2, 30, 0, 4, 7, 1, 5, 11)]

    assert np.allclose(model.encode(texts), np.concatenate([model.encode([text]) for text in texts]), atol=1e-6)


def test_no_texts_are_no_rows(tmp_path):
    assert OnnxModel(write_folder(tmp_path)).encode([]).shape == (0, 64)


def test_a_text_without_letter_or_digit_is_all_zero(tmp_path):
    told = OnnxModel(write_folder(tmp_path)).encode(["", " ... ", "graph", "\x00"])

    assert np.linalg.norm(told, axis=1).round(5).tolist() == [0, 0, 1, 0]


def test_a_text_is_cut_where_the_folder_says(tmp_path):
    model = OnnxModel(write_folder(tmp_path, most=4))

    assert np.allclose(*model.encode(["sparse attention", "sparse attention graph graph graph"]), atol=1e-6)


@pytest.mark.parametrize(
    "text", ["x" * 3_000_000, "graph " * 500_000, "\ud800 half a letter", "\x00a\x1b[2J", "𝔤𝔯𝔞𝔭𝔥"]
)
def test_any_text_has_a_vector(tmp_path, text):
    assert np.allclose(np.linalg.norm(OnnxModel(write_folder(tmp_path)).encode([text])), 1, atol=1e-5)


def test_a_graph_may_do_without_types_of_tokens(tmp_path):
    few = OnnxModel(write_folder(tmp_path / "few", inputs=("input_ids", "attention_mask")))
    all_ = OnnxModel(write_folder(tmp_path / "all"))

    assert np.array_equal(few.encode(["graph"]), all_.encode(["graph"]))


def test_it_is_opened_again_where_it_is_sent(tmp_path):
    model = OnnxModel(write_folder(tmp_path), Power(threads=1))

    sent = pickle.loads(pickle.dumps(model))

    assert np.array_equal(sent.encode(["sparse graph"]), model.encode(["sparse graph"]))


def test_the_form_of_the_hub_is_found_in_its_folder(tmp_path):
    write_folder(tmp_path)
    (tmp_path / "onnx").mkdir()
    (tmp_path / "model.onnx").rename(tmp_path / "onnx" / "model.onnx")

    assert OnnxModel(tmp_path).dimension == 64


def test_one_file_of_several_may_be_named(tmp_path):
    write_folder(tmp_path, seed=1)
    (tmp_path / "onnx").mkdir()
    write_graph(tmp_path / "onnx" / "model_int8.onnx", table(2), ("input_ids",), sentence=False)

    named = OnnxModel(tmp_path / "onnx" / "model_int8.onnx")

    assert not np.allclose(named.encode(["graph"]), OnnxModel(tmp_path).encode(["graph"]))


def test_where_several_files_may_be_meant_they_are_told(tmp_path):
    (tmp_path / "a.onnx").touch()
    (tmp_path / "b.onnx").touch()

    with pytest.raises(FileNotFoundError, match=r"several ONNX files \(a\.onnx, b\.onnx\); name one"):
        model_file(tmp_path)


def test_a_folder_without_a_model_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(FileNotFoundError, match="broadsheet encoder export"):
        OnnxModel(tmp_path)


def test_a_folder_without_a_tokenizer_is_told(tmp_path):
    write_folder(tmp_path)
    (tmp_path / "tokenizer.json").unlink()

    with pytest.raises(FileNotFoundError, match=r"tokenizer\.json: not there"):
        OnnxModel(tmp_path)


def test_a_damaged_tokenizer_is_told(tmp_path):
    write_folder(tmp_path)
    (tmp_path / "tokenizer.json").write_text('{"version": "1.0", "model": {"type": "Magic"}}')

    with pytest.raises(BadModelError, match=r"tokenizer\.json: not a tokenizer"):
        OnnxModel(tmp_path)


def test_a_cut_model_is_told(tmp_path):
    file = write_folder(tmp_path) / "model.onnx"
    file.write_bytes(file.read_bytes()[:-100])

    with pytest.raises(BadModelError, match=r"model\.onnx: ONNX Runtime cannot read it"):
        OnnxModel(tmp_path)


def test_a_graph_that_wants_more_than_texts_give_is_refused(tmp_path):
    write_folder(tmp_path, inputs=("input_ids", "pixel_values"))

    with pytest.raises(BadModelError, match="asks for pixel_values"):
        OnnxModel(tmp_path)


def test_a_token_beyond_the_table_is_told_and_not_made_up(tmp_path):
    write_folder(tmp_path)
    write_graph(tmp_path / "model.onnx", table()[: len(WORDS) - 2], ("input_ids",), sentence=False)
    model = OnnxModel(tmp_path)

    with pytest.raises(BadModelError, match=r"model\.onnx: it does not run"):
        model.encode(["graphn"])


def test_what_comes_after_the_tokens_must_be_in_the_graph(tmp_path):
    write_folder(
        tmp_path,
        modules=[
            {"path": "", "type": "sentence_transformers.models.Transformer"},
            {"path": "2_Dense", "type": "sentence_transformers.models.Dense"},
        ],
    )

    with pytest.raises(
        BadModelError, match=r"come Dense, which are not in model\.onnx; run `broadsheet encoder export`"
    ):
        OnnxModel(tmp_path)


def test_a_gpu_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadModelError, match="install onnxruntime-gpu"):
        OnnxModel(write_folder(tmp_path), Power(device="gpu"))


@pytest.mark.parametrize("elsewhere", ["../secret", "/etc/passwd", "link"])
def test_weights_outside_the_folder_are_not_read(tmp_path, elsewhere):
    folder = write_folder(tmp_path / "model")
    (tmp_path / "secret").write_bytes(table().tobytes())
    (folder / "link").symlink_to(tmp_path / "secret")
    put_weights_beside(folder, elsewhere)

    with pytest.raises(BadModelError, match="cannot read it"):
        OnnxModel(folder)


def test_weights_beside_the_graph_are_read_and_belong_to_the_version(tmp_path):
    folder = write_folder(tmp_path / "model")
    (folder / "rows.bin").write_bytes(table().tobytes())
    put_weights_beside(folder, "rows.bin")
    before = Transformer(folder)
    told = before.encode(["graph"])

    (folder / "rows.bin").write_bytes(table(seed=5).tobytes())
    after = Transformer(folder)

    assert not np.allclose(told, after.encode(["graph"]))
    assert before.version != after.version


def put_weights_beside(folder, place):
    """The table of the graph, taken out of it and looked for in the file ``place``."""
    model = load(folder / "model.onnx")
    (rows,) = model.graph.initializer
    rows.ClearField("raw_data")
    rows.data_location = TensorProto.EXTERNAL
    rows.external_data.add(key="location", value=place)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
