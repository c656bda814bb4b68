"""A transformer in a folder, run by ONNX Runtime: ``tokenizer.json``, ``model.onnx`` and the small files of its recipe.

The graph gives either a vector a text (``sentence_embedding``) or a vector a token, which are then pooled as the recipe
says. Wants the extra ``onnx``; nothing of it is imported before a model is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.base import Vectors, unit_rows
from broadsheet.search.encoders.recipe import BadModelError, Recipe, read_modules, read_recipe
from broadsheet.search.encoders.tokens import Tokens, says_something
from broadsheet.search.power import Power, allowed

Ints = NDArray[np.int64]
SENTENCE = "sentence_embedding"
_NO_WEIGHTS = (".onnx", ".json", ".md", ".txt", ".safetensors", ".py")
_WINDOW = 1_024  # texts cut into tokens at once: what is held does not grow with how many are asked for
# Padded tokens a run. On a processor more wants more memory and, past its cache, more time; a GPU wants work for all of it.
_AT_ONCE = {"cpu": 1_024, "gpu": 32_768}


class NoOnnxError(ImportError):
    """ONNX Runtime or the tokenizers are not installed."""


class OnnxModel:
    """Texts to unit vectors. Reading the model takes a second; after that threads may share one.

    Attributes:
        dimension: how many numbers a vector has.
        tokens: cuts texts.
        recipe: what the folder's small files say.
        files: the weights.
    """

    def __init__(self, folder: Path, power: Power | None = None) -> None:
        """``folder``: where ``model.onnx`` (or ``onnx/model.onnx``) lies, or the path of one ``.onnx`` file in it.

        ``power``: as the options say, if not given.

        Raises:
            NoOnnxError: if ONNX Runtime or the tokenizers are not installed.
            FileNotFoundError: if there is no such folder, or no model or tokenizer in it.
            BadModelError: if what is there cannot be run.
        """
        try:
            import onnxruntime
        except ImportError as missing:
            raise NoOnnxError(f"{missing}; install it with pip install 'broadsheet[onnx]'") from missing
        self._made_of = (folder, power or allowed())
        self.file = model_file(folder)
        self.files = (self.file, *_weights_beside(self.file))
        home = self.file.parent if self.file.parent.name != "onnx" else self.file.parent.parent
        self.recipe: Recipe = read_recipe(home)
        self.tokens = Tokens(
            read_modules(home)[0].path / "tokenizer.json", self.recipe.most_tokens, self.recipe.lower_case
        )
        self._session = _session(onnxruntime, self.file, self._made_of[1])
        outputs = {one.name: one.shape for one in self._session.get_outputs()}
        self._output = SENTENCE if SENTENCE in outputs else next(iter(outputs))
        if self._output != SENTENCE and self.recipe.others:
            raise BadModelError(
                f"{home}: after its tokens come {', '.join(self.recipe.others)}, which are not in {self.file.name}; "
                "run `broadsheet encoder export` on the folder with its safetensors"
            )
        self._inputs = {one.name for one in self._session.get_inputs()}
        if unknown := self._inputs - {"input_ids", "attention_mask", "token_type_ids"}:
            raise BadModelError(
                f"{self.file}: it asks for {', '.join(sorted(unknown))}, which texts do not give; "
                "export the encoder of texts alone"
            )
        self.dimension = self._run([""]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """``[len(texts), dimension]``: rows of length 1, or all 0 for a text without a letter or digit."""
        out = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _WINDOW):
            self._encode(texts[start : start + _WINDOW], out[start : start + _WINDOW])
        return out

    def __reduce__(self) -> tuple[type[OnnxModel], tuple[Path, Power]]:
        # A session cannot be sent to another process: there the folder is opened again.
        return OnnxModel, self._made_of

    def _encode(self, texts: Sequence[str], out: Vectors) -> None:
        cut = [(at, self.tokens.cut(text)) for at, text in enumerate(texts) if says_something(text)]
        # Texts of a length together: hardly anything is computed for padding.
        cut.sort(key=lambda one: len(one[1]))
        for batch in _batches([ids for _, ids in cut], _AT_ONCE[self._made_of[1].device]):
            rows = [at for at, _ in cut[batch]]
            out[rows] = unit_rows(self._pooled([ids for _, ids in cut[batch]]))

    def _run(self, texts: Sequence[str]) -> Vectors:
        return self._pooled([self.tokens.cut(text) for text in texts])

    def _pooled(self, cut: Sequence[Sequence[int]]) -> Vectors:
        ids = np.full((len(cut), max(map(len, cut))), self.tokens.padding, np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(cut):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        try:
            (told,) = self._session.run([self._output], {name: given[name] for name in self._inputs})
        except Exception as wrong:  # ONNX Runtime raises its own kinds, which share no other base
            raise BadModelError(f"{self.file}: it does not run ({wrong}); export it anew") from wrong
        values: Vectors = told.astype(np.float32, copy=False)
        if values.ndim == 3 and values.shape[:2] == ids.shape:
            return np.concatenate([pooled(values, mask, mode) for mode in self.recipe.pooling], axis=1)
        if values.ndim == 2 and len(values) == len(ids):
            return values
        raise BadModelError(
            f"{self.file}: {self._output} has the shape {values.shape}, neither a vector a text nor a vector a token"
        )


def has_onnx(folder: Path) -> bool:
    """Whether ``folder`` is, or holds, an ONNX file."""
    return folder.suffix == ".onnx" or any(folder.glob("*.onnx")) or any(folder.glob("onnx/*.onnx"))


def model_file(folder: Path) -> Path:
    """The ONNX file of ``folder``, or ``folder`` itself where it is one.

    Raises:
        FileNotFoundError: if there is none; the message says how to make it.
    """
    if folder.suffix == ".onnx" and folder.is_file():
        return folder
    for path in (folder / "model.onnx", folder / "onnx" / "model.onnx"):
        if path.is_file():
            return path
    others = sorted(folder.glob("*.onnx")) + sorted(folder.glob("onnx/*.onnx"))
    if len(others) == 1:
        return others[0]
    if others:
        raise FileNotFoundError(
            f"{folder}: several ONNX files ({', '.join(one.name for one in others)}); name one of them instead of the folder"
        )
    raise FileNotFoundError(
        f"{folder}: no model.onnx there; make it with `broadsheet encoder export`, or name another folder"
    )


def _weights_beside(file: Path) -> list[Path]:
    """Weights of more than 2 GB lie in files of any name beside their graph: all that could be such."""
    return sorted(
        path
        for path in file.parent.iterdir()
        if path.is_file() and path.suffix not in _NO_WEIGHTS and not path.name.startswith((".", "LICENSE"))
    )


def pooled(tokens: Vectors, mask: Ints, mode: str) -> Vectors:
    """``[n, d]`` from ``[n, length, d]``: the vectors of a text's tokens as one, after sentence-transformers' ``Pooling``.

    ``mask`` is ``[n, length]``, 1 where a token stands and 0 where there is padding, which comes last.
    """
    counts = np.maximum(mask.sum(axis=1), 1)
    if mode == "cls":
        first: Vectors = tokens[:, 0]
        return first
    if mode == "lasttoken":
        last: Vectors = tokens[np.arange(len(tokens)), counts - 1]
        return last
    if mode == "max":
        highest: Vectors = np.where(mask[:, :, None] > 0, tokens, np.float32(-np.inf)).max(axis=1)
        return highest
    weights = mask.astype(np.float32)
    if mode == "weightedmean":
        weights *= np.arange(1, mask.shape[1] + 1, dtype=np.float32)
    divisor = np.sqrt(counts) if mode == "mean_sqrt_len_tokens" else weights.sum(axis=1)
    total: Vectors = np.einsum("nl,nld->nd", weights, tokens)
    total /= np.maximum(divisor, 1)[:, None]
    return total


def _batches(cut: Sequence[Sequence[int]], most: int) -> Iterator[slice]:
    """Slices of ``cut``, which is sorted by length, of at most ``most`` tokens with their padding."""
    start = 0
    for at, one in enumerate(cut):
        if at > start and (at - start + 1) * len(one) > most:
            yield slice(start, at)
            start = at
    if cut:
        yield slice(start, len(cut))


def _session(onnxruntime: Any, file: Path, power: Power) -> Any:
    provider = {"cpu": "CPUExecutionProvider", "gpu": "CUDAExecutionProvider"}[power.device]
    if provider not in onnxruntime.get_available_providers():
        raise BadModelError(
            "this ONNX Runtime has no GPU: install onnxruntime-gpu in the place of onnxruntime, or say cpu"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = power.threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # A thread that waits by spinning takes the core from the requests that are served beside it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # A plan of memory would be kept for every length and number of texts that ever came.
    options.enable_mem_pattern = False
    try:
        return onnxruntime.InferenceSession(file, options, providers=[provider])
    except Exception as wrong:  # ONNX Runtime raises its own kinds, which share no other base
        raise BadModelError(f"{file}: ONNX Runtime cannot read it ({wrong}); fetch or export it anew") from wrong
