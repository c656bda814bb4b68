"""A sentence-transformers folder with safetensors, written as a folder with ONNX: half to a quarter the time, no PyTorch.

The whole way from tokens to a vector of length 1 goes into the graph. In int8 every column of a matrix has a scale of
its own; with one scale a matrix, as is usual, the vectors of MiniLM lie at a cosine of 0.95 from the right ones instead
of 0.995. Wants the extra ``export``.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.search.encoders.onnx import SENTENCE, OnnxModel
from broadsheet.search.encoders.pytorch import open_network, weights
from broadsheet.search.encoders.recipe import BadModelError, read_modules
from broadsheet.search.encoders.transformer import Transformer

_OPSET = 17
_SMALL = ("*.json", "README.md", "LICENSE*")
# A check of the work, not of quality: lengths and words differ, among them one that no vocabulary holds.
_SAMPLES = (
    "Sparse attention",
    "What do graph networks forget when they learn a second task?",
    "We train a small network to copy the order that a large one gives, and ask how much of it survives on new subjects.",
    "Die Vorhersage von Proteinfaltungen mit tiefen Netzen",
    "The qzxvian estimator converges at rate n^{-1/2} under mild conditions on the design. " * 6,
    "A catalogue of 1,204 lensed quasars, with redshifts and the time delays of forty of them. " * 3,
)


class NoExportError(ImportError):
    """What exports a model is not installed."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: megabytes of the graph, and the least and the mean cosine to what PyTorch gives for samples."""

    name: str
    version: str
    dimension: int
    licence: str
    megabytes: float
    least_cosine: float
    mean_cosine: float


def export(folder: Path, out: Path, precision: str = "int8") -> Exported:
    """Write ``out`` anew with ``model.onnx`` and the small files of ``folder``. It appears when it is whole, or not at all.
    ``precision``: ``int8`` or ``fp32``.

    Raises:
        NoExportError: if the extra is not installed.
        FileExistsError: if ``out`` is there already.
        FileNotFoundError: if ``folder`` lacks safetensors or its tokenizer.
        BadModelError: if it is a model that is not run here, or one that cannot be written as a graph.
    """
    missing = [
        name for name in ("onnx", "onnxruntime", "sentence_transformers", "tokenizers") if not find_spec(name)
    ]
    if missing:
        raise NoExportError(f"{', '.join(missing)} not installed: pip install 'broadsheet[export]'")
    if out.exists():
        raise FileExistsError(f"{out}: is there already; name a folder that is not")
    weights(folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as aside:
        made = Path(aside) / out.name
        made.mkdir()
        _copy_small_files(folder, made)
        network = open_network(folder, "cpu", attn_implementation="eager")
        if precision == "int8":
            _write_graph(network, Path(aside) / "whole.onnx")
            quantise(Path(aside) / "whole.onnx", made / "model.onnx")
        else:
            _write_graph(network, made / "model.onnx")
        encoder = Transformer(made)
        cosines = _cosines(network, OnnxModel(made))
        made.rename(out)
    size = sum(path.stat().st_size for path in out.glob("model.onnx*"))
    return Exported(
        encoder.name,
        encoder.version,
        encoder.dimension,
        encoder.licence,
        round(size / 1e6, 1),
        round(float(cosines.min()), 4),
        round(float(cosines.mean()), 4),
    )


def quantise(whole: Path, out: Path) -> None:
    """The graph in ``whole`` with its matrices in eight bits, a scale a column; sums stay in floats."""
    from onnxruntime.quantization import QuantType, quant_pre_process, quantize_dynamic

    with tempfile.TemporaryDirectory() as aside:
        plain = Path(aside) / "plain.onnx"
        quant_pre_process(whole, plain, skip_symbolic_shape=True)
        quantize_dynamic(plain, out, per_channel=True, weight_type=QuantType.QInt8)


def _write_graph(network: Any, out: Path) -> None:
    torch = import_module("torch")

    class Pipeline(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            told = self.network({"input_ids": input_ids, "attention_mask": attention_mask})
            return torch.nn.functional.normalize(told[SENTENCE], dim=-1)

    ids = torch.ones(2, 7, dtype=torch.int64)
    free = {0: "texts", 1: "tokens"}
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter warns of itself, and of sizes that it takes as fixed: the samples show that they are not.
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                Pipeline().eval(),
                (ids, torch.ones_like(ids)),
                str(out),
                input_names=["input_ids", "attention_mask"],
                output_names=[SENTENCE],
                dynamic_axes={"input_ids": free, "attention_mask": free, SENTENCE: {0: "texts"}},
                opset_version=_OPSET,
                dynamo=False,
            )
        except Exception as wrong:  # the exporter lets through whatever a network raises
            raise BadModelError(f"this network cannot be written as ONNX ({wrong}); run it with PyTorch") from wrong


def _cosines(network: Any, made: OnnxModel) -> Any:
    network.max_seq_length = made.recipe.most_tokens
    right = network.encode(list(_SAMPLES), prompt="", normalize_embeddings=True, show_progress_bar=False)
    return np.sum(np.asarray(right, np.float32) * made.encode(_SAMPLES), axis=1)


def _copy_small_files(folder: Path, out: Path) -> None:
    """Those of the folder and of its modules: the folder stays one that sentence-transformers could read."""
    for place in {folder, *(module.path for module in read_modules(folder))}:
        if place.is_dir():
            to = out / place.relative_to(folder)
            to.mkdir(parents=True, exist_ok=True)
            for pattern in _SMALL:
                for path in place.glob(pattern):
                    shutil.copyfile(path, to / path.name)
