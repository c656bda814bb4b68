"""A transformer in a folder, run by sentence-transformers on PyTorch: for folders without an ONNX file.

Wants the extra ``transformer``. Weights are read from safetensors alone, whatever else lies there, and the folder may
name no code: neither its own nor a class outside sentence-transformers.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.search.encoders.base import Vectors
from broadsheet.search.encoders.recipe import BadModelError, Module, read_modules, read_object, read_recipe
from broadsheet.search.encoders.tokens import Tokens
from broadsheet.search.power import Power

_BATCH = {"cpu": 16, "gpu": 256}
# Modules with weights of their own; each must have them as safetensors.
_WEIGHED = ("Transformer", "Dense", "LayerNorm")
_PLAIN = ("Pooling", "Normalize", "Dropout")


class NoTorchModelError(ImportError):
    """Neither an ONNX file nor sentence-transformers is there."""


class TorchModel:
    """Texts to unit vectors.

    Attributes:
        dimension: how many numbers a vector has.
        tokens: cuts texts, to tell what is known; the network cuts them by itself.
        recipe: what the folder's small files say.
        files: the weights.
    """

    def __init__(self, folder: Path, power: Power) -> None:
        """Reads ``folder``; the number of threads is the process's own from then on.

        Raises:
            NoTorchModelError: if sentence-transformers is not installed.
            FileNotFoundError: if the folder lacks its tokenizer or its weights as safetensors.
            BadModelError: if it wants what is not run here.
        """
        self.files = weights(folder)
        self.recipe = read_recipe(folder)
        network = open_network(folder, "cuda" if power.device == "gpu" else "cpu")
        import_module("torch").set_num_threads(power.threads)
        network.max_seq_length = self.recipe.most_tokens
        home = read_modules(folder)[0].path
        self.tokens = Tokens(home / "tokenizer.json", self.recipe.most_tokens, self.recipe.lower_case)
        self._network, self._batch = network, _BATCH[power.device]
        self.dimension: int = self.encode(["a"]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """``[len(texts), dimension]``: rows of length 1."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        short = [self.tokens.shortened(text) for text in texts]
        # Prompts are in the texts already: the empty one keeps the network from adding its own.
        told = self._network.encode(
            short, batch_size=self._batch, prompt="", normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(told, np.float32)


def weights(folder: Path) -> tuple[Path, ...]:
    """The safetensors of every module of ``folder``, in order; the modules are ones that may be run.

    Raises:
        FileNotFoundError: if a module lacks them.
        BadModelError: if a module is of a kind that is not run here.
    """
    found: list[Path] = []
    for module in read_modules(folder):
        if module.kind in _WEIGHED:
            here = sorted(module.path.glob("*.safetensors"))
            if not here:
                raise FileNotFoundError(
                    f"{module.path}: neither an ONNX file nor safetensors there; other forms of weights can hold code and "
                    "are not read: choose a model that has them, or export it elsewhere"
                )
            found.extend(here)
        elif module.kind not in _PLAIN:
            raise BadModelError(
                f"{folder}: its module {module.type!r} is not run here; choose a model of {', '.join(_WEIGHED + _PLAIN)}"
            )
        _refuse_code(module)
    return tuple(found)


def open_network(folder: Path, device: str, **more: Any) -> Any:
    """The ``SentenceTransformer`` of ``folder``, whose ``weights`` have been looked at; ``more`` is for its network.

    Raises:
        NoTorchModelError: if sentence-transformers is not installed.
        BadModelError: if it cannot be read, or there is no such device.
    """
    if find_spec("sentence_transformers") is None:
        raise NoTorchModelError(
            f"{folder} has no ONNX file, and sentence-transformers, which would run it, is not installed: "
            "pip install 'broadsheet[transformer]', or give a folder with model.onnx"
        )
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(
            str(folder),
            device=device,
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True, **more},
        )
    except Exception as wrong:  # whatever the library and PyTorch make of a folder that is not whole
        raise BadModelError(f"{folder}: sentence-transformers cannot read it ({wrong}); fetch it anew") from wrong


def _refuse_code(module: Module) -> None:
    if not module.type.startswith("sentence_transformers."):
        raise BadModelError(
            f"{module.path}: it names the code {module.type!r}; only modules of sentence-transformers are run"
        )
    config = read_object(module.path / "config.json")
    if config.get("auto_map"):
        raise BadModelError(
            f"{module.path}: it brings code of its own (auto_map), which is never run; choose another model"
        )
    activation = str(config.get("activation_function", "torch.nn."))
    if module.kind == "Dense" and not activation.startswith("torch.nn."):
        raise BadModelError(f"{module.path}: its activation {activation!r} is not one of PyTorch's; do not use it")
