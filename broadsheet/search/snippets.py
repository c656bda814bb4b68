"""Where a paper matches, shown: its title and the telling part of its abstract with the matched words marked."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from string import ascii_letters, digits

from broadsheet.search.function_words import FUNCTION_WORDS
from broadsheet.search.normalise import joined, words
from broadsheet.search.stem import spelt_otherwise, stems
from broadsheet.search.syntax import Node, Phrase, Word, leaves

LOOKED_AT = 20_000
"""Characters of a text that are looked at: no abstract is longer, and nothing hostile is worth more time."""
_MOST_STARTS = 200
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(
    rf"(?:[^\W_{_CJK}]++|[\u0300-\u036f\u00ad\u0900-\u0963\u0966-\u0dff]++"
    r"|\\['\"`^~=.]\{?\\?[A-Za-z]\}?|\\[Hckbdruvt]\{[A-Za-z]\}|\{\\?[A-Za-z]{1,2}\}(?=[^\W_])"
    r"|(?<=[^\W_])['’](?=[^\W_])|(?<=[0-9])\.(?=[0-9]))+(?:(?<=[CcFf])(?:\+\+|\#))?"
    rf"|[{_CJK}]"
    r"|\$\$[^$]+\$\$|\$(?!\s)[^$]+(?<!\s)\$"  # a formula is one token, so nothing is cut or marked inside
    r"|\\\((?:[^\\]|\\(?![()])){1,400}\\\)|\\\[(?:[^\\]|\\(?![\[\]])){1,400}\\\]"
)
_HYPHENATED = re.compile(r"(?<![\w$\\{])[\w$\\{}]++(?:[-\u2010-\u2013\u2212]{1,2}[\w$\\{}]++)+")
_SENTENCE_END = re.compile(r"[.!?]\s+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text, and whether it matched."""

    text: str
    hit: bool = False


Segments = tuple[Segment, ...]


Span = tuple[int, int]


class Highlighter:
    """Marks what one search finds in ``title`` or ``abstract``; made once a search, used for each paper."""

    def __init__(self, root: Node | None, field: str) -> None:
        found = [leaf for leaf in leaves(root) if leaf.field in (None, field, "keyword")]
        plain = [word for leaf in found if isinstance(leaf, Word) and not leaf.prefix for word in words(leaf.text)]
        telling = [word for word in plain if word not in FUNCTION_WORDS] or plain
        whole = [form for leaf in found if isinstance(leaf, Word) for form in joined(leaf.text)]
        spellings = [other for word in telling if (other := spelt_otherwise(word))]
        self._stems = frozenset(stems(telling + whole + spellings))
        self._beginnings = tuple(
            parts[-1] for leaf in found if isinstance(leaf, Word) and leaf.prefix and (parts := words(leaf.text))
        )
        self._phrases = tuple({leaf.words for leaf in found if isinstance(leaf, Phrase) and leaf.words})
        # No folding and no stemming changes the first letter, so most words of a text need neither.
        heads = {form[0] for form in (*self._stems, *self._beginnings)}
        self._passed_over = frozenset(ascii_letters + digits) - heads - {head.upper() for head in heads}
        self._known: dict[str, bool] = {}

    def whole(self, text: str) -> Segments:
        """All of ``text`` in segments, which joined give it back; what lies beyond `LOOKED_AT` is not marked."""
        return _segments(text, self._look(text[:LOOKED_AT])[1], 0, len(text))

    def crop(self, text: str, most: int) -> Segments:
        """The stretch of ``text``, of at most ``most`` characters, that holds the most different matches.

        An ellipsis stands where something was cut off, and counts. Words and formulas are never cut.
        """
        looked_at = text[:LOOKED_AT]
        tokens, hits = self._look(looked_at)
        if len(text) <= most:
            return _segments(text, hits, 0, len(text))
        room = max(0, most - 2)
        start = _best_start(looked_at, tokens, hits, room)
        inside = bisect_right(tokens, start + room, key=itemgetter(1))
        end = max(start, tokens[inside - 1][1]) if inside else start
        segments = _segments(text, hits, start, end)
        before = (Segment("…"),) if start else ()
        after = (Segment("…"),) if text[end:].strip() else ()
        return (*before, *segments, *after)

    def _look(self, text: str) -> tuple[list[Span], list[Span]]:
        """Where the tokens of ``text`` are, and the stretches to mark, in order and none overlapping."""
        found = list(_TOKEN.finditer(text))
        tokens = [match.span() for match in found]
        if not (self._stems or self._beginnings or self._phrases):
            return tokens, []
        idle = self._passed_over
        marked = [match.span() for match in found if (one := match[0])[0] not in idle and self._asked(one)]
        for match in _HYPHENATED.finditer(text):
            if match[0][0] not in idle and any(self._asked(one) for one in joined(match[0])):
                marked.append(match.span())  # asked for as one word
        if self._phrases:
            marked.extend(self._spoken(found))
        return tokens, _merged(marked)

    def _asked(self, token: str) -> bool:
        """Whether every word of ``token`` (a formula may have several) was asked for."""
        known = self._known.get(token)
        if known is None:
            read = _read(token)
            known = bool(read) and all(
                stem in self._stems or (bool(self._beginnings) and word.startswith(self._beginnings))
                for word, stem in read
            )
            self._known[token] = known
        return known

    def _spoken(self, found: list[re.Match[str]]) -> Iterator[Span]:
        """Where one of the phrases stands, from its first word to its last."""
        flat = [(word, match.span()) for match in found for word, _ in _read(match[0])]
        order = [word for word, _ in flat]
        for phrase in self._phrases:
            for at, word in enumerate(order):
                if word == phrase[0] and tuple(order[at : at + len(phrase)]) == phrase:
                    yield flat[at][1][0], flat[at + len(phrase) - 1][1][1]


@lru_cache(maxsize=1 << 15)
def _read(token: str) -> tuple[tuple[str, str], ...]:
    """The folded words of a token and their stems. Most tokens of a text stood in others before it."""
    folded = words(token)
    return tuple(zip(folded, stems(folded), strict=True))


def _merged(spans: list[Span]) -> list[Span]:
    joined_up: list[Span] = []
    for start, end in sorted(spans):
        if joined_up and start < joined_up[-1][1]:
            joined_up[-1] = (joined_up[-1][0], max(end, joined_up[-1][1]))
        else:
            joined_up.append((start, end))
    return joined_up


def _best_start(text: str, tokens: list[Span], hits: list[Span], room: int) -> int:
    """Where the crop begins: the beginning, or a little before the hit that opens the richest stretch."""
    shown = [text[start:end].lower() for start, end in hits]
    ends = [end for _, end in hits]
    best, best_score = 0, len(set(shown[: bisect_right(ends, room)]))
    for first in range(min(len(hits), _MOST_STARTS)):
        start = _step_back(text, tokens, hits[first][0], room // 4)
        score = len(set(shown[first : bisect_right(ends, start + room)]))
        if score > best_score:
            best, best_score = start, score
    return best


def _step_back(text: str, tokens: list[Span], at: int, most: int) -> int:
    """The first word of the sentence that ``at`` lies in, or one at most ``most`` characters before it."""
    earliest = max(0, at - most)
    if earliest == 0:
        return 0
    for found in _SENTENCE_END.finditer(text, earliest, at):
        earliest = found.end()
    return tokens[bisect_left(tokens, earliest, key=itemgetter(0))][0]


def _segments(text: str, hits: list[Span], start: int, end: int) -> Segments:
    """``text[start:end]`` parted at the hits that lie wholly inside."""
    found: list[Segment] = []
    at = start
    for first, last in hits:
        if first < at or last > end:
            continue
        if first > at:
            found.append(Segment(text[at:first]))
        found.append(Segment(text[first:last], hit=True))
        at = last
    if at < end:
        found.append(Segment(text[at:end]))
    return tuple(found)
