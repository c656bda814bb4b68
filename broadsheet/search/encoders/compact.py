"""The quality encoder: a small transformer of our own, in eight bits, run by ONNX Runtime (the extra ``onnx``).

``broadsheet encoder train compact`` makes its folder: ``model.onnx``, ``tokenizer.json`` and ``compact.json``. The first
64 and the first 128 numbers of a vector are good vectors too. How it is trained, and what it gives: ``docs/encoders.md``.
"""

import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from broadsheet.search.encoders.base import Vectors, unit_rows
from broadsheet.search.encoders.onnx import OnnxModel
from broadsheet.search.encoders.recipe import BadModelError
from broadsheet.search.power import Power, allowed

SHIPPED = "compact"
FACTS = "compact.json"
STEP = 64  # every prefix of so many numbers, or twice, or as many times as there are, is a vector


class Compact:
    """Reads its weights when made (some tens of milliseconds); after that it is only read, so threads may share one."""

    name = "compact"

    def __init__(
        self, weights: Path | None = None, dimension: int | None = None, power: Power | None = None
    ) -> None:
        """``weights``: a folder that the training wrote; none means the one in the package. ``dimension``: a multiple of
        64 up to what was trained, which is also what none means. ``power``: as the options say, if not given.

        Raises:
            ImportError: if ONNX Runtime or the tokenizers are not installed.
            FileNotFoundError: if there are no such weights.
            BadModelError: if the folder does not hold what it should.
            ValueError: if there is no such dimension.
        """
        folder = weights or Path(str(resources.files(__package__) / "weights" / SHIPPED))
        if not (folder / FACTS).is_file():
            raise FileNotFoundError(
                f"{folder}: no compact encoder there; train one with `broadsheet encoder train compact` and `broadsheet encoder add` its folder"
            )
        try:
            facts = json.loads((folder / FACTS).read_bytes())
            self.version, self.licence = str(facts["version"]), str(facts["licence"])
        except (ValueError, KeyError, TypeError) as broken:
            raise BadModelError(
                f"{folder / FACTS}: not the facts of an encoder ({broken}); train or fetch it anew"
            ) from broken
        self._model = OnnxModel(folder, power)
        trained = self._model.dimension
        self.dimension = trained if dimension is None else dimension
        if self.dimension not in range(STEP, trained + 1, STEP):
            raise ValueError(
                f"this compact encoder has multiples of {STEP} up to {trained} dimensions, not {self.dimension}"
            )
        self._made_of = folder, self.dimension, power or allowed()

    def encode(self, texts: Sequence[str]) -> Vectors:
        return unit_rows(self._model.encode(texts)[:, : self.dimension])

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self.encode([text])[0]
        return vector

    def knows(self, text: str) -> float:
        """The share, 0 to 1, of the different words of ``text`` that its tokens can spell; 0 for no words."""
        return self._model.tokens.spells(text)

    def has_learned(self, word: str) -> bool:
        """Whether ``word`` is one token of its vocabulary, which holds whole every word that is frequent in papers."""
        return self._model.tokens.is_whole(word)

    def __reduce__(self) -> tuple[type["Compact"], tuple[Path, int, Power]]:
        # A network cannot be sent to another process: there its folder is opened again.
        return Compact, self._made_of
