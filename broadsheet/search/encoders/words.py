"""Text -> words -> rows of the static encoder's table; quick, and never at a loss for a row.

A tokenizer of its own because the usual sub-word ones cost more than all the rest of the encoder: here a text is
folded, cut by one regular expression, and each *different* word is looked up once. A word that the vocabulary does
not hold is spelt out in character pieces, which share a fixed number of rows (Bojanowski et al. 2017), so
that no word is without a vector and a misspelt or inflected word lands near its relatives.
"""

import re
import unicodedata
import zlib

WORD = re.compile(r"[^\W_]+")
LONGEST = 40  # characters of a word that are spelt; nothing longer is a word
PIECE_SIZES = (4, 5)


def fold(text: str) -> str:
    """Lower case, with compatibility forms and accents undone (`Ünïcode ﬁ` -> `unicode fi`)."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def words(text: str) -> list[str]:
    """The words of a text in order: runs of letters and digits of any script, folded."""
    return WORD.findall(fold(text))


def pieces(word: str, buckets: int) -> list[int]:
    """The bucket numbers (0 .. buckets - 1) a word is spelt with: itself, and its runs of 4 and 5 characters.

    >>> len(pieces("tokamak", 8192))  # <tokamak>: the whole, six runs of four, five of five
    12
    """
    bounded = f"<{word[:LONGEST]}>"
    runs = [bounded]
    for size in PIECE_SIZES:
        runs.extend(bounded[start : start + size] for start in range(len(bounded) - size + 1))
    return [zlib.crc32(run.encode("utf-8", "surrogatepass")) % buckets for run in runs]
