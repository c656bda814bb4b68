"""Text -> words -> rows of the static encoder's table; quick, and never at a loss for a row.

A tokenizer of its own because the usual sub-word ones cost more than all the rest of the encoder: here a text is
folded and cut in one pass, and each *different* word is added up once. A word that the vocabulary does
not hold is spelt out in character pieces, which share a fixed number of rows (Bojanowski et al. 2017), so
that no word is without a vector and a misspelt or inflected word lands near its relatives.
"""

import re
import unicodedata
import zlib

LONGEST = 40  # characters of a word that are spelt; nothing longer is a word
PIECE_SIZES = (4, 5)

_WORD = re.compile(r"[^\W_]+")
# For each ASCII byte: itself if a digit or small letter, the small letter of a capital, else a space.
_ASCII = bytes(
    code + 32 if 65 <= code <= 90 else code if chr(code).isalnum() else 32 for code in range(128)
) + bytes(128)


def words(text: str) -> list[str]:
    """The words of a text in order: runs of letters and digits of any script, in lower case, accents undone.

    >>> words("Erdős–Rényi graphs, self-supervised")
    ['erdos', 'renyi', 'graphs', 'self', 'supervised']
    """
    if text.isascii():  # nearly every abstract; four times as quick as the regular expression
        return text.encode("ascii").translate(_ASCII).decode("ascii").split()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(mark for mark in plain if not unicodedata.combining(mark)))


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
