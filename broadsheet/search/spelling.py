"""Did you mean: corrections of single words from the words of the papers themselves.

A word is corrected when hardly any paper has it and a similar one is common. Similar is an optimal string
alignment distance of 1, or 2 for words of 6 letters and more: insert, delete, replace, or swap neighbours
(Boytsov, Indexing methods for approximate dictionary searching, 2011). A table of deletions as in SymSpell
(Garbe 2012) answers sooner, but takes some 70 MB at 300,000 words; here the set of letters of each word rules
out most of the vocabulary in one pass, which takes 10 MB and a few milliseconds, and misses nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.function_words import FUNCTION_WORDS
from broadsheet.search.guard import Admitted
from broadsheet.search.scan import Kind, Token, scan
from broadsheet.search.stem import stems

LEAST_COUNT = 3
"""A word in fewer papers is as likely a slip as a word, and is never proposed."""
_SHORTEST, _LONGEST = 4, 24
_SHORTEST_FOR_TWO = 6
_HARDLY_ANY = 10
_TIMES_MORE_COMMON = 200
"""A word in up to `_HARDLY_ANY` papers is doubted only if its neighbour is in this many times as many."""
_LEAST_FOR_HALVES = 50
_MOST_WORDS = 8
"""Words of one search that are looked at."""
_PLAIN_FIELDS = frozenset({None, "title", "abstract", "keyword"})
_RUN = re.compile(r"[A-Za-z]+")
_NO_WORD = re.compile(r"[\d\\$/:@_*]|[^\x00-\x7f]")

_ROW = np.dtype([("word", f"S{_LONGEST}"), ("count", "<u4"), ("letters", "<u4"), ("size", "u1")])


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A search with some words corrected: the new text, and what was changed into what."""

    text: str
    changed: tuple[tuple[str, str], ...]


class Speller:
    """The vocabulary of one generation. Reading is safe from several threads."""

    def __init__(self, rows: NDArray[np.void]) -> None:
        self._words, self._counts = rows["word"], rows["count"]
        self._letters = np.ascontiguousarray(rows["letters"])  # these two are read whole at every word
        self._sizes = np.ascontiguousarray(rows["size"])

    @classmethod
    def build(cls, counts: Mapping[str, int]) -> "Speller":
        """From the number of papers of each folded word; of author names too, or they will be 'corrected'."""
        kept = sorted(word for word, count in counts.items() if count >= LEAST_COUNT and _correctable(word))
        rows = np.zeros(len(kept), _ROW)
        rows["word"] = kept
        rows["count"] = np.minimum(np.array([counts[word] for word in kept], np.int64), 2**32 - 1)
        rows["size"] = [len(word) for word in kept]
        rows["letters"] = [_letters(word) for word in kept]
        return cls(rows)

    @classmethod
    def load(cls, path: Path) -> "Speller":
        """Opens what `save` wrote; the words stay on disk until they are looked at.

        Raises:
            ValueError: if the file is no vocabulary or is cut short.
            OSError: if it cannot be read.
        """
        try:
            rows = np.load(path, mmap_mode="r", allow_pickle=False)
        except (ValueError, EOFError) as error:
            raise ValueError(f"{path} is no vocabulary ({error}): rebuild the index") from error
        if getattr(rows, "dtype", None) != _ROW or rows.ndim != 1:
            raise ValueError(f"{path} is no vocabulary of this version: rebuild the index")
        return cls(rows)

    def save(self, path: Path) -> None:
        """Writes one file, 33 bytes a word. The name is taken as it is."""
        rows = np.zeros(len(self._words), _ROW)
        rows["word"], rows["count"] = self._words, self._counts
        rows["letters"], rows["size"] = self._letters, self._sizes
        with path.open("wb") as file:
            np.save(file, rows, allow_pickle=False)

    def __len__(self) -> int:
        return len(self._words)

    def count(self, word: str) -> int:
        """Papers that have the folded ``word``; 0 also where they are fewer than `LEAST_COUNT`."""
        key = word.encode("utf-8", "replace")
        at = int(np.searchsorted(self._words, np.bytes_(key))) if len(key) <= _LONGEST else len(self)
        return int(self._counts[at]) if at < len(self) and self._words[at] == key else 0

    def correction(self, word: str) -> str | None:
        """A better spelling of the folded ``word``, two words where a space is missing, or None."""
        return self._looked_up(word)[0]

    def _looked_up(self, word: str) -> tuple[str | None, bool]:
        """The `correction` of ``word``, and whether no paper has it nor anything near it or in it."""
        if not _correctable(word):
            return None, False
        known = self.count(word)
        if known > _HARDLY_ANY:
            return None, False
        if best := self._nearest(word, 1 if known else _slips(word)):
            found, count = best
            doubtful = not known or count >= known * _TIMES_MORE_COMMON
            return (found if doubtful and stems([found]) != stems([word]) else None), False
        better = None if known else self._halves(word)
        return better, not known and better is None

    def suggest(self, admitted: Admitted, is_learned: Callable[[str], bool] = lambda _: False) -> Suggestion | None:
        """The search with its misspelt words corrected, or None. Quoted words, ids, names in fields, acronyms,
        words with digits and pasted texts are left as they are, and so are words that an encoder has learned
        (``is_learned``): in a small collection most words of the language stand in no paper."""
        if admitted.plain:
            return None
        text, changed, shift, strange = admitted.text, [], 0, 0
        runs = [(token, run) for token in scan(text) if _may_change(token) for run in _RUN.finditer(token.text)]
        for token, run in runs[:_MOST_WORDS]:
            word = run[0].lower()
            if word in FUNCTION_WORDS or is_learned(word):
                continue
            better, like_nothing = self._looked_up(word)
            strange += like_nothing
            if better is not None:
                start = token.start + run.start() + shift
                text = text[:start] + better + text[start + len(run[0]) :]
                shift += len(better) - len(run[0])
                changed.append((run[0], better))
        # Where as many words again are like no word of the papers, the language is another, or they are names.
        return Suggestion(text, tuple(changed)) if len(changed) > strange else None

    def _nearest(self, word: str, most: int) -> tuple[str, int] | None:
        """The nearest other word, its first letter kept if possible, then the most common."""
        near = np.abs(self._sizes.astype(np.int16) - len(word)) <= most
        near &= np.bitwise_count(self._letters ^ np.uint32(_letters(word))) <= 2 * most
        rows = np.flatnonzero(near)
        if not len(rows):
            return None
        shapes = np.frombuffer(self._words[rows].tobytes(), np.uint8).reshape(len(rows), _LONGEST)
        distance = _distances(word.encode(), shapes, self._sizes[rows])
        wanted = (distance <= most) & (distance > 0)
        rows, distance, shapes = rows[wanted], distance[wanted], shapes[wanted]
        if not len(rows):
            return None
        counts = self._counts[rows]
        best = np.lexsort((-counts.astype(np.int64), shapes[:, 0] != ord(word[0]), distance))[0]
        return self._words[rows[best]].decode(), int(counts[best])

    def _halves(self, word: str) -> str | None:
        """``word`` parted into two common words, the rarer of which is as common as can be."""
        parted = [(word[:at], word[at:]) for at in range(3, len(word) - 2)]
        counted = [(min(self.count(left), self.count(right)), f"{left} {right}") for left, right in parted]
        count, both = max(counted, default=(0, ""))
        return both if count >= _LEAST_FOR_HALVES else None


def _correctable(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and word.isascii() and word.isalpha()


def _slips(word: str) -> int:
    """How many slips a word of this length may hold."""
    return 2 if len(word) >= _SHORTEST_FOR_TWO else 1


def _may_change(token: Token) -> bool:
    return (
        token.kind is Kind.WORD
        and token.field in _PLAIN_FIELDS
        and not token.text.isupper()
        and not _NO_WORD.search(token.text)
    )


def _letters(word: str) -> int:
    """The set of letters of ``word``, one bit each: an edit changes at most two of them."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) - ord("a"))
    return bits


def _distances(word: bytes, shapes: NDArray[np.uint8], sizes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The optimal string alignment distance of ``word`` to each row of ``shapes``, whose words have ``sizes``."""
    longest = int(sizes.max())
    columns = np.ascontiguousarray(shapes[:, :longest].T)
    before: list[NDArray[np.uint8]] = []
    row = [np.full(len(shapes), at, np.uint8) for at in range(longest + 1)]
    for at, letter in enumerate(word):
        older, before = before, row
        row = [np.full(len(shapes), at + 1, np.uint8)]
        for column in range(longest):
            same = columns[column] == letter
            cost = np.minimum(before[column] + ~same, np.minimum(before[column + 1], row[column]) + np.uint8(1))
            if at and column:
                swapped = (columns[column] == word[at - 1]) & (columns[column - 1] == letter)
                cost = np.where(swapped, np.minimum(cost, older[column - 1] + np.uint8(1)), cost)
            row.append(cost)
    return np.stack(row)[sizes, np.arange(len(shapes))]
