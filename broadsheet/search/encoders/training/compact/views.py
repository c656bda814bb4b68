"""Two views of each paper of a batch, as padded rows of token numbers: what a person might ask, and part of the text.

The first is a title, a sentence or two to eight of the rarer words, sometimes in a question's frame; the second is a
run of the abstract's sentences, with the title before it in half of the cases.
"""

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.training.compact.papers import Laid
from broadsheet.search.encoders.training.compact.shape import PADDING, START, Shape
from broadsheet.search.encoders.training.views import FEWEST_WORDS, FRAMED, MOST_WORDS

Ints = NDArray[np.int64]

TITLE, SENTENCE, WORDS = range(3)
SHARES = (0.3, 0.4, 0.3)
KEPT = 0.9  # of the tokens of a view: never all, so that none is leaned on
RAREST = 7.0  # a token of one text in a thousand or fewer is as likely to be asked for as any rarer one


class Views:
    """Draws views; all chance comes from the generator that is handed in."""

    def __init__(self, laid: Laid, frames: list[list[int]], shape: Shape) -> None:
        self._laid, self._frames, self._shape = laid, frames, shape
        rarity = np.log((len(laid) + 1) / (laid.frequency + 1.0))
        self._asked_for = np.minimum(rarity, RAREST)

    def pair(self, texts: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """First and second views of ``texts``: [len(texts), the longest of them]."""
        kinds = rng.choice(len(SHARES), len(texts), p=SHARES)
        firsts = [self._first(text, kind, rng) for text, kind in zip(texts, kinds, strict=True)]
        seconds = [self._second(text, rng) for text in texts]
        return padded(firsts, self._shape.query), padded(seconds, self._shape.text)

    def _first(self, text: int, kind: int, rng: np.random.Generator) -> Ints:
        own = self._laid.texts[text], self._laid.texts[text + 1]
        sentence = own[0] if kind == TITLE else own[0] + 1 + rng.integers(max(1, own[1] - own[0] - 1))
        if kind == WORDS:
            drawn = self._some_words(self._run(own[0], own[1]), rng)
        else:
            drawn = _thinned(self._run(sentence, sentence + 1)[: self._shape.query], rng)
        if rng.random() < FRAMED:
            drawn = np.concatenate([self._frames[rng.integers(len(self._frames))], drawn])
        return drawn

    def _second(self, text: int, rng: np.random.Generator) -> Ints:
        first, last = self._laid.texts[text], self._laid.texts[text + 1]
        begin = first + 1 + rng.integers(max(1, last - first - 1)) if rng.random() < 0.5 else first + 1
        title = self._run(first, first + 1) if rng.random() < 0.5 else self._run(first, first)
        room = int(self._shape.text / KEPT)
        return _thinned(np.concatenate([title, self._run(begin, last)[:room]])[:room], rng)

    def _run(self, first: int, last: int) -> Ints:
        """The tokens of sentences ``first`` up to ``last``."""
        return self._laid.tokens[self._laid.sentences[first] : self._laid.sentences[last]].astype(np.int64)

    def _some_words(self, tokens: Ints, rng: np.random.Generator) -> Ints:
        """Two to eight different tokens, the rarer the likelier (Gumbel top-k), in the order of the text."""
        if not len(tokens):
            return tokens
        _, places = np.unique(tokens, return_index=True)
        luck = rng.gumbel(size=len(places)) + np.log(np.maximum(self._asked_for[tokens[places]], 1e-9))
        chosen = places[np.argsort(-luck)[: rng.integers(FEWEST_WORDS, MOST_WORDS + 1)]]
        return tokens[np.sort(chosen)]


def padded(rows: list[Ints], longest: int) -> Ints:
    """Rows of tokens with the mark of a start, cut at ``longest``: [rows, the longest of them]."""
    width = min(longest, 1 + max(len(row) for row in rows))
    out = np.full((len(rows), width), PADDING, np.int64)
    out[:, 0] = START
    for at, row in enumerate(rows):
        kept = row[: width - 1]
        out[at, 1 : 1 + len(kept)] = kept
    return out


def _thinned(tokens: Ints, rng: np.random.Generator) -> Ints:
    return tokens[rng.random(len(tokens)) < KEPT]
