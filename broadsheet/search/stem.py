"""Stems of folded words: what ``networks`` and ``network`` have in common."""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tantivy import TextAnalyzer


def stems(folded: Sequence[str]) -> tuple[str, ...]:
    """The Snowball English stem of each of ``folded`` (words of `normalise.words`), as the index has it."""
    return tuple(_stemmer().analyze(" ".join(folded))) if folded else ()


_IS_IZ = re.compile(r"(?<=[a-z]{3})(is|iz|ys|yz)(?=(?:e[dsr]?|ers|ing|ations?|able)$)")
_OUR_OR = re.compile(r"(?<=[a-z]{2})(our|or)(?=(?:s|e[dr]|ing|al|hoods?|able|ites?)?$)")
_OTHER = {"is": "iz", "iz": "is", "ys": "yz", "yz": "ys", "our": "or", "or": "our"}


def spelt_otherwise(word: str) -> str:
    """The folded ``word`` as the other side of the Atlantic spells it, or empty: ``generalise`` and ``generalize``,
    ``colours`` and ``colors``. Whether there is such a word only the index knows."""
    for rule in (_IS_IZ, _OUR_OR):
        other = rule.sub(lambda found: _OTHER[found[1]], word)
        if other != word:
            return other
    return ""


@cache
def _stemmer() -> "TextAnalyzer":
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer("english")).build()
