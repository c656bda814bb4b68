"""Texts cut into the tokens of a model by its ``tokenizer.json``. Wants the extra ``onnx`` (or ``transformer``)."""

import os
from pathlib import Path

from broadsheet.search.encoders.recipe import BadModelError
from broadsheet.search.encoders.words import words

# A word has some five letters; whatever comes after this many a token would be cut off in any case but a hostile one.
_LETTERS = 16
_PADDING = ("[PAD]", "<pad>", "<|endoftext|>", "</s>")
_UNKNOWN = ("[UNK]", "<unk>")


class NoTokenizersError(ImportError):
    """The package tokenizers is not installed."""


class Tokens:
    """Cuts texts; threads may share one.

    Attributes:
        file: the ``tokenizer.json``.
        padding: the number of the token that fills rows up.
    """

    def __init__(self, file: Path, most: int, lower_case: bool = False) -> None:
        """``most``: how many tokens a text may have, its marks of beginning and end included.

        Raises:
            NoTokenizersError: if the package is not installed.
            FileNotFoundError: if there is no such file.
            BadModelError: if it cannot be read.
        """
        # It would start a thread a core for the few texts of a batch.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        try:
            from tokenizers import Tokenizer
        except ImportError as missing:
            raise NoTokenizersError(f"{missing}; install it with pip install 'broadsheet[onnx]'") from missing
        if not file.is_file():
            raise FileNotFoundError(f"{file}: not there; a model is read with its tokenizer.json beside it")
        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as wrong:  # the only kind that tokenizers raises
            raise BadModelError(f"{file}: not a tokenizer ({wrong}); fetch it anew") from wrong
        self.file = file
        filled = self._tokenizer.padding
        self.padding: int = filled["pad_id"] if filled else self._number(_PADDING) or 0
        self._unknown = self._number(_UNKNOWN)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(most)
        self._letters = most * _LETTERS
        self._lower_case = lower_case

    def cut(self, text: str) -> list[int]:
        """The numbers of a text's tokens, with the marks that the model wants around them."""
        return self._ids(text, marks=True)

    def shortened(self, text: str) -> str:
        """``text`` without what would be cut off in any case, in the case that the model reads, as whole UTF-8."""
        text = text[: self._letters].encode("utf-8", "replace").decode("utf-8")
        return text.lower() if self._lower_case else text

    def spells(self, text: str) -> float:
        """The share, 0 to 1, of the different words of ``text`` that are spelt without the token for what is unknown."""
        different = set(words(text))
        return sum(self._spells(word) for word in different) / len(different) if different else 0.0

    def is_whole(self, word: str) -> bool:
        """Whether ``word`` is one token: frequent enough in what the model read to have a vector of its own."""
        # Tokenizers of the GPT kind know a word by the space before it.
        return any(len(ids) == 1 and ids[0] != self._unknown for ids in map(self._bare, (word, f" {word}")))

    def _spells(self, word: str) -> bool:
        return self._unknown not in self._bare(word)

    def _bare(self, text: str) -> list[int]:
        return self._ids(text, marks=False)

    def _ids(self, text: str, marks: bool) -> list[int]:
        ids: list[int] = self._tokenizer.encode(self.shortened(text), add_special_tokens=marks).ids
        return ids

    def _number(self, names: tuple[str, ...]) -> int | None:
        return next((number for name in names if (number := self._tokenizer.token_to_id(name)) is not None), None)


def says_something(text: str) -> bool:
    """Whether there is a letter or a digit in it; what has none has no vector."""
    return any(map(str.isalnum, text))
