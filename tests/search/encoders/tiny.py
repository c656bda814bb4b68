"""A folder as sentence-transformers would write it, with a network small enough to be worked out by hand.

Its vector of a token is a row of a table, and that is all it computes: what a text's vector must be can be written down.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "sparse", "attention", "query", ":", "graph", "s", "##s", "##n", "##x")
NUMBER = {word: number for number, word in enumerate(WORDS)}
WIDTH = 64


def table(seed: int = 0, width: int = WIDTH) -> np.ndarray:
    """``[len(WORDS), width]``: the vector of each token."""
    return np.random.default_rng(seed).standard_normal((len(WORDS), width)).astype(np.float32)


def write_folder(
    folder: Path,
    *,
    pooling: Any = None,
    most: int = 16,
    width: int = WIDTH,
    seed: int = 0,
    sentence: bool = False,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask", "token_type_ids"),
    **small: Any,
) -> Path:
    """``small``: more JSON files, by their names without the ending. ``sentence``: the graph ends in one vector a text."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer().save(str(folder / "tokenizer.json"))
    write_graph(folder / "model.onnx", table(seed, width), inputs, sentence)
    write(folder / "sentence_bert_config.json", {"max_seq_length": most})
    if pooling is not None:
        types = {"": "Transformer", "1_Pooling": "Pooling"}
        write(
            folder / "modules.json",
            [{"path": path, "type": f"sentence_transformers.models.{kind}"} for path, kind in types.items()],
        )
        write(folder / "1_Pooling" / "config.json", pooling)
    for name, content in small.items():
        write(folder / f"{name}.json", content)
    return folder


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordPiece(NUMBER, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", NUMBER["[CLS]"]), ("[SEP]", NUMBER["[SEP]"])]
    )
    made.enable_padding(
        pad_id=NUMBER["[PAD]"], length=12
    )  # as many that are published have it; it must not be used
    return made


def write_graph(path: Path, rows: np.ndarray, inputs: tuple[str, ...], sentence: bool) -> None:
    shape = ["texts", "tokens"]
    nodes = [helper.make_node("Gather", ["rows", "input_ids"], ["last_hidden_state"])]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*shape, rows.shape[1]])
    if sentence:
        nodes.append(
            helper.make_node("ReduceMax", ["last_hidden_state"], ["sentence_embedding"], axes=[1], keepdims=0)
        )
        output = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["texts", rows.shape[1]])
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in inputs],
        [output],
        [numpy_helper.from_array(rows, "rows")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), path)
