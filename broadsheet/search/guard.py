"""The door before any parser: what a search may be made of, and how much of it (trust W07).

Longer than `MOST_CHARACTERS` is refused; longer than `MOST_OPERATED` is read as plain text, because that is
what a pasted abstract is. Whatever comes through holds no control character, no lone surrogate and nothing
that UTF-8 cannot carry, so that no engine and no encoder further down can choke on it.
"""

import re
import unicodedata
from dataclasses import dataclass

MOST_CHARACTERS = 8_000
MOST_OPERATED = 256
"""Up to this length quotes, brackets, OR, minus and * are operators."""
MOST_TERMS = 32
"""Words and phrases in a search with operators."""
MOST_PLAIN_WORDS = 300
"""Different words of a plain text: twice those of an abstract."""
MOST_DEPTH = 8
MOST_PAPERS = 32
"""Papers named by `like:`, or by ids and addresses."""
LEAST_PREFIX = 3

# Controls other than white space, bidirectional overrides, zero-width signs, surrogates and non-characters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


class QueryTooLong(ValueError):
    """A search longer than `MOST_CHARACTERS`; the message says what to do."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            f"This search has {length:,} characters; at most {MOST_CHARACTERS:,} can be read. "
            "Shorten it: a title, a question or one abstract is enough."
        )


@dataclass(frozen=True, slots=True)
class Admitted:
    """Text that passed the guard: clean, NFKC, of one line. Only `admit` makes it."""

    text: str

    @property
    def plain(self) -> bool:
        """True when it is too long for operators."""
        return len(self.text) > MOST_OPERATED


def admit(raw: str) -> Admitted:
    """``raw`` made safe to parse.

    Raises:
        QueryTooLong: if it is longer than `MOST_CHARACTERS`, before or after compatibility forms are opened.
    """
    if len(raw) > MOST_CHARACTERS:
        raise QueryTooLong(len(raw))
    text = " ".join(unicodedata.normalize("NFKC", _UNWANTED.sub("", raw)).split())
    if len(text) > MOST_CHARACTERS:
        raise QueryTooLong(len(text))
    return Admitted(text)
