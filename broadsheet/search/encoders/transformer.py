"""Any sentence-transformers model in a folder, as an encoder: by ONNX Runtime where it has an ONNX file, else by PyTorch.

Nothing is ever fetched here and no code of a folder is run: weights are read from ONNX or safetensors alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from broadsheet.search.encoders.base import Vectors
from broadsheet.search.encoders.onnx import OnnxModel, has_onnx
from broadsheet.search.encoders.recipe import Recipe
from broadsheet.search.encoders.tokens import Tokens, says_something
from broadsheet.search.power import Power, allowed

PREFIX = "transformer-"
# Names that say where a file lies and not what it is: the folder of a package, of a hub's cache, of an export.
_NAMELESS = re.compile(r"model|models|onnx|int8|fp32|snapshots|[0-9a-f]{40}|.*\.onnx", re.IGNORECASE)
_LONGEST_NAME = 60
_STEP = 64  # the scan reads vectors in words of 64 bits


class Model(Protocol):
    """What runs a network: ``OnnxModel`` or ``TorchModel``."""

    dimension: int
    recipe: Recipe
    tokens: Tokens
    files: tuple[Path, ...]

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class Transformer:
    """Reading the weights takes a second or more; after that threads may share one.

    A word that is not in a sub-word vocabulary is spelt in pieces of it, so such a model knows hardly any word as a whole
    and yet has read them all. ``knows`` therefore counts the words that can be spelt (a script that it never read cannot)
    and ``has_learned`` asks for a token of the word's own: only frequent words have one, and no misspelling.
    """

    def __init__(self, folder: Path, power: Power | None = None) -> None:
        """``folder``: a sentence-transformers folder, or an ``.onnx`` file in one; ``power``: as the options say.

        Raises:
            ImportError: if what runs it is not installed; the message says how to install it.
            FileNotFoundError: if there is no such folder, or no model or tokenizer in it.
            BadModelError: if what is there cannot be run.
        """
        self._made_of = (folder, power or allowed())
        self._model = _opened(*self._made_of)
        self.name = name_of(folder)
        self.licence = self._model.recipe.licence or "unknown"
        self.dimension = -(-self._model.dimension // _STEP) * _STEP
        self.version = _version(self._model)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._model.recipe.text_prompt)

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self._encode([text], self._model.recipe.query_prompt)[0]
        return vector

    def knows(self, text: str) -> float:
        """The share, 0 to 1, of the different words of ``text`` that its tokens can spell; 0 for no words."""
        return self._model.tokens.spells(text)

    def has_learned(self, word: str) -> bool:
        """Whether ``word`` is one token of its vocabulary."""
        return self._model.tokens.is_whole(word)

    def __reduce__(self) -> tuple[type[Transformer], tuple[Path, Power]]:
        # A network cannot be sent to another process: there its folder is opened again.
        return Transformer, self._made_of

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        # A width that is no multiple of 64 is filled up with zeros, which change no cosine.
        out = np.zeros((len(texts), self.dimension), np.float32)
        told = [at for at, text in enumerate(texts) if says_something(text)]
        out[told, : self._model.dimension] = self._model.encode([prompt + texts[at] for at in told])
        return out


def name_of(folder: Path) -> str:
    """The name of the encoder in ``folder``, after the folder: lower-case letters, digits and hyphens.

    >>> name_of(Path("/models/all-MiniLM-L6-v2"))
    'transformer-all-minilm-l6-v2'
    """
    for part in reversed(folder.parts):
        if not _NAMELESS.fullmatch(part) and (slug := _slug(part.rpartition("--")[2])):
            return PREFIX + slug
    return PREFIX + "model"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-")


def _opened(folder: Path, power: Power) -> Model:
    if not folder.exists():
        raise FileNotFoundError(f"{folder}: no such folder; correct it, or fetch the model there")
    if has_onnx(folder):
        return OnnxModel(folder, power)
    from broadsheet.search.encoders.pytorch import TorchModel

    return TorchModel(folder, power)


def _version(model: Model) -> str:
    """A digest of all that decides what the vectors are: the weights, the tokens and the recipe."""
    recipe = model.recipe
    told = (
        recipe.most_tokens,
        recipe.pooling,
        recipe.others,
        recipe.lower_case,
        recipe.query_prompt,
        recipe.text_prompt,
    )
    return digest((*model.files, model.tokens.file), repr(told))


def digest(files: Iterable[Path], told: str) -> str:
    """Twelve letters of the BLAKE2b of ``told`` and of the content of ``files``, in their order."""
    whole = hashlib.blake2b(told.encode(), digest_size=6)
    for path in files:
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, hashlib.blake2b).digest())
    return whole.hexdigest()
