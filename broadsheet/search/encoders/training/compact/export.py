"""Learned parameters -> the folder that serves: a graph of 8-bit numbers for ONNX Runtime, its tokenizer and its facts.

The graph is written node by node, so that no exporter stands between what was learned and what serves. The table is
stored in eight bits with a scale a row; the maps of the layers in eight bits with a scale a column, and multiplied so.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.compact import FACTS
from broadsheet.search.encoders.onnx import SENTENCE
from broadsheet.search.encoders.training.compact.model import EPSILON
from broadsheet.search.encoders.training.compact.shape import LICENCE, LOUDNESS, Shape

Parameters = dict[str, NDArray[np.float32]]
OPSET = 17


def export(parameters: Parameters, shape: Shape, out: Path) -> str:
    """Write model.onnx and the small files beside tokenizer.json into ``out``.

    Answers the version: a digest of all that changes a vector.
    """
    content = graph(parameters, shape)
    digest = hashlib.sha256(content + (out / "tokenizer.json").read_bytes()).hexdigest()[:12]
    _put(out / "model.onnx", content)
    facts = {"name": "compact", "version": digest, "licence": LICENCE, "dimension": shape.width}
    _put(out / FACTS, json.dumps(facts, indent=1).encode())
    _put(out / "README.md", f"---\nlicense: {LICENCE.lower()}\n---\n".encode())
    _put(out / "sentence_bert_config.json", json.dumps({"max_seq_length": shape.read}).encode())
    return digest


def graph(parameters: Parameters, shape: Shape) -> bytes:
    """Token numbers and mask [texts, length] -> ``sentence_embedding`` [texts, width], not brought to length 1."""
    from onnx import TensorProto, checker, helper

    nodes = _Nodes()
    ids, mask = "input_ids", nodes("Cast", "attention_mask", to=TensorProto.FLOAT)
    x = _looked_up(nodes, ids, parameters["table"] * LOUDNESS)
    counts = _counts(nodes, ids, mask)
    hidden = nodes(
        "Unsqueeze", nodes("Mul", nodes("Sub", mask, _one(nodes)), nodes.held(np.float32(1e4))), nodes.whole([1, 2])
    )
    apart = _apart(nodes, ids, shape.reach)
    for layer in range(shape.layers):
        own = {name.partition(".")[2]: value for name, value in parameters.items() if name.startswith(f"{layer}.")}
        x = _layer(nodes, x, own, shape, apart, hidden)
    loud = nodes("MatMul", _normed(nodes, x), nodes.held(parameters["gate"][:, None]))
    counts = nodes("Mul", nodes("Unsqueeze", counts, nodes.whole([2])), nodes("Exp", loud))
    nodes.named("ReduceSum", SENTENCE, nodes("Mul", x, counts), nodes.whole([1]), keepdims=0)
    made = helper.make_model(
        helper.make_graph(
            nodes.nodes,
            "compact",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "length"])
                for name in (ids, "attention_mask")
            ],
            [helper.make_tensor_value_info(SENTENCE, TensorProto.FLOAT, ["texts", shape.width])],
            nodes.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=8,
        producer_name="broadsheet",
    )
    checker.check_model(made)
    content: bytes = made.SerializeToString()
    return content


class _Nodes:
    """Nodes and constants as they are added; each is known by the name of what it gives."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def __call__(self, kind: str, *given: str, **attributes: Any) -> str:
        return self.named(kind, f"{kind}_{len(self.nodes)}", *given, **attributes)

    def named(self, kind: str, name: str, *given: str, **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, list(given), [name], **attributes))
        return name

    def several(self, kind: str, count: int, *given: str, **attributes: Any) -> list[str]:
        from onnx import helper

        names = [f"{kind}_{len(self.nodes)}_{part}" for part in range(count)]
        self.nodes.append(helper.make_node(kind, list(given), names, **attributes))
        return names

    def held(self, value: Any) -> str:
        from onnx import numpy_helper

        name = f"held_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def whole(self, numbers: list[int]) -> str:
        return self.held(np.array(numbers, np.int64))


def _one(nodes: _Nodes) -> str:
    return nodes.held(np.float32(1))


def _looked_up(nodes: _Nodes, ids: str, table: NDArray[np.float32]) -> str:
    eight, scale = _eight_bits(table, axis=1)
    rows = nodes("Cast", nodes("Gather", nodes.held(eight), ids), to=1)
    return nodes("Mul", rows, nodes("Gather", nodes.held(scale), ids))


def _counts(nodes: _Nodes, ids: str, mask: str) -> str:
    """log(1 + n) / n for a token that is there n times; 0 for padding."""
    both = nodes("Equal", nodes("Unsqueeze", ids, nodes.whole([2])), nodes("Unsqueeze", ids, nodes.whole([1])))
    same = nodes("ReduceSum", nodes("Cast", both, to=1), nodes.whole([2]), keepdims=0)
    often = nodes("Div", nodes("Log", nodes("Add", same, _one(nodes))), same)
    return nodes("Mul", often, mask)


def _apart(nodes: _Nodes, ids: str, reach: int) -> str:
    """[length, length]: which learned number stands for the distance of two places."""
    length = nodes("Gather", nodes("Shape", ids), nodes.held(np.int64(1)))
    places = nodes("Range", nodes.held(np.int64(0)), length, nodes.held(np.int64(1)))
    apart = nodes("Sub", nodes("Unsqueeze", places, nodes.whole([0])), nodes("Unsqueeze", places, nodes.whole([1])))
    clipped = nodes("Clip", apart, nodes.held(np.int64(-reach)), nodes.held(np.int64(reach)))
    return nodes("Add", clipped, nodes.held(np.int64(reach)))


def _layer(nodes: _Nodes, x: str, own: Parameters, shape: Shape, apart: str, hidden: str) -> str:
    each = shape.width // shape.heads
    looked = _times(nodes, _normed(nodes, x), own["look"], own["look_from"])
    parts = nodes("Reshape", looked, nodes.whole([0, 0, 3, shape.heads, each]))
    turned = nodes("Transpose", parts, perm=[2, 0, 3, 1, 4])
    query, key, value = (
        nodes("Squeeze", part, nodes.whole([0])) for part in nodes.several("Split", 3, turned, axis=0)
    )
    near = nodes("MatMul", query, nodes("Transpose", key, perm=[0, 1, 3, 2]))
    bias = nodes("Gather", nodes.held(own["apart"]), apart, axis=1)
    near = nodes("Add", nodes("Mul", near, nodes.held(np.float32(each**-0.5))), bias)
    seen = nodes("MatMul", nodes("Softmax", nodes("Add", near, hidden), axis=-1), value)
    joined = nodes("Reshape", nodes("Transpose", seen, perm=[0, 2, 1, 3]), nodes.whole([0, 0, shape.width]))
    x = nodes("Add", x, _times(nodes, joined, own["tell"]))
    opened = nodes("Relu", _times(nodes, _normed(nodes, x), own["open"], own["open_from"]))
    return nodes("Add", x, _times(nodes, opened, own["close"]))


def _normed(nodes: _Nodes, x: str) -> str:
    mean = nodes("ReduceMean", nodes("Mul", x, x), axes=[-1])
    return nodes("Div", x, nodes("Sqrt", nodes("Add", mean, nodes.held(np.float32(EPSILON)))))


def _times(nodes: _Nodes, x: str, weights: NDArray[np.float32], start: NDArray[np.float32] | None = None) -> str:
    """x @ weights + start, multiplied in eight bits."""
    eight, scale = _eight_bits(weights, axis=0)
    small, size, zero = nodes.several("DynamicQuantizeLinear", 3, x)
    product = nodes("MatMulInteger", small, nodes.held(eight), zero, nodes.held(np.int8(0)))
    told = nodes("Mul", nodes("Cast", product, to=1), nodes("Mul", size, nodes.held(scale[0])))
    return told if start is None else nodes("Add", told, nodes.held(start))


def _eight_bits(values: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Values as eight-bit numbers and their scale, one for what lies along ``axis``."""
    peak = np.abs(values).max(axis=axis, keepdims=True)
    scale = np.where(peak > 0, peak / 127, 1).astype(np.float32)
    return np.rint(values / scale).astype(np.int8), scale


def _put(file: Path, content: bytes) -> None:
    aside = file.with_name(f"{file.name}.part")
    aside.write_bytes(content)
    aside.replace(file)
