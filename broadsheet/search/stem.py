"""Stems of folded words: what ``networks`` and ``network`` have in common, and which words are indexed by them."""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from broadsheet.search.function_words import FUNCTION_WORDS
from broadsheet.search.normalise import words

if TYPE_CHECKING:
    from tantivy import TextAnalyzer


LONGEST = 60
"""Bytes: what has as many or more is no word."""


def is_indexed(word: str) -> bool:
    """Whether the folded ``word`` is indexed by its stem."""
    return word not in FUNCTION_WORDS and len(word.encode()) < LONGEST


def stems_of(text: str) -> list[str]:
    """The distinct stems of ``text`` as the index holds them, in order, without function words."""
    return list(dict.fromkeys(stems([word for word in words(text) if is_indexed(word)])))


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
