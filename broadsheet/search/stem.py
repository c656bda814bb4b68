"""Stems of folded words: what ``networks`` and ``network`` have in common."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tantivy import TextAnalyzer


def stems(folded: Sequence[str]) -> tuple[str, ...]:
    """The Snowball English stem of each of ``folded`` (words of `normalise.words`), as the index has it."""
    return tuple(_stemmer().analyze(" ".join(folded))) if folded else ()


@cache
def _stemmer() -> "TextAnalyzer":
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer("english")).build()
