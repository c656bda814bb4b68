"""Two views of one text that ought to be near each other: what the encoder learns from.

Queries are short, cut, and often wrapped in a question; documents are long. So the first view is a title, a sentence,
a few words, or half the sentences, sometimes in a question's frame, and the second is what is left of the text.
What is in the first view is taken out of the second, so that the same words are not the only bridge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders.training.texts import Corpus

Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]

TITLE, SENTENCE, WORDS, HALF = range(4)
SHARES = (0.25, 0.30, 0.30, 0.15)  # of the kinds of first view
FRAMED = 0.3  # share of first views put as a question, so that its function words come to weigh nothing
SEEN_OF_FIRST = 0.95  # words kept in a first view, and in a second: never the whole, so none is leaned on
SEEN_OF_SECOND = 0.5
FEWEST_WORDS, MOST_WORDS = 2, 8
EMPTY_WORDS = 150  # the most frequent words are never drawn as query words
FRAMES = (
    "which papers", "what are some works that", "could you give me studies on", "are there any papers about",
    "what research has been done on", "who proposed", "is there work on", "list papers that study",
    "i am looking for papers on", "how do people", "what is known about", "find articles describing",
    "give me references for", "recent work on", "what methods exist for", "name the paper that introduced",
    "can you suggest studies which", "show me", "any work showing that", "which study proposes", "in what ways has",
)  # fmt: skip


@dataclass(frozen=True)
class Bags:
    """One bag of rows a view, end to end: bag i starts at ``starts[i]``; a row is added ``weights`` times."""

    rows: Ints
    weights: NDArray[np.float32]
    starts: Ints
    sizes: Ints


class Sampler:
    """Draws views of chosen texts; all chance comes from ``rng``."""

    def __init__(self, corpus: Corpus, rng: np.random.Generator) -> None:
        self._corpus = corpus
        self._rng = rng
        self._sentence_of = np.repeat(
            np.arange(len(corpus.sentences) - 1, dtype=np.int32), np.diff(corpus.sentences)
        )
        self._sentence_count = np.diff(corpus.texts)
        row = {word: at for at, word in enumerate(corpus.vocabulary)}
        framed = [[row[word] for word in frame.split() if word in row] for frame in FRAMES]
        self._frames = [np.array(frame, np.int64) for frame in framed]
        self._drawn = self._chances()

    def usable(self) -> Ints:
        """The texts with a title and at least two sentences."""
        return np.flatnonzero(self._sentence_count >= 3)

    def pair(self, texts: Ints) -> tuple[Bags, Bags]:
        """First and second views of ``texts``, in their order. A bag may be empty where a text is very short."""
        at, owner = self._lay_out(texts)
        sentence = self._sentence_of[at] - self._corpus.texts[texts][owner]
        kind = self._rng.choice(4, len(texts), p=SHARES)
        first, second = self._split(texts, at, owner, sentence, kind)
        chance = self._rng.random(len(at), dtype=np.float32)
        first &= chance < np.where(kind == HALF, SEEN_OF_SECOND, SEEN_OF_FIRST)[owner]
        second &= self._rng.random(len(at), dtype=np.float32) < SEEN_OF_SECOND
        framed = np.flatnonzero((self._rng.random(len(texts)) < FRAMED) & (kind != HALF))
        return (
            self._bags(at[first], owner[first], len(texts), framed),
            self._bags(at[second], owner[second], len(texts), framed[:0]),
        )

    def whole(self, texts: Ints) -> Bags:
        """Everything of ``texts``, as the encoder will see them."""
        at, owner = self._lay_out(texts)
        return self._bags(at, owner, len(texts), texts[:0])

    def _chances(self) -> NDArray[np.float64]:
        """How likely each row is drawn as a query's word: the rarer the likelier, pieces a little."""
        known = len(self._corpus.vocabulary)
        rarity = np.log((len(self._corpus) + 1) / (self._corpus.frequency + 1.0))
        chances = np.minimum(rarity, 7.0)
        chances[known:] = 0.5
        chances[: min(EMPTY_WORDS, known // 10)] = 0.0
        return chances

    def _lay_out(self, texts: Ints) -> tuple[Ints, Ints]:
        """Where every row of ``texts`` is in the corpus, and which of ``texts`` it belongs to."""
        begins = self._corpus.sentences[self._corpus.texts[texts]]
        sizes = self._corpus.sentences[self._corpus.texts[texts + 1]] - begins
        ends = np.cumsum(sizes)
        at = np.repeat(begins - (ends - sizes), sizes) + np.arange(ends[-1])
        return at, np.repeat(np.arange(len(texts)), sizes)

    def _split(self, texts: Ints, at: Ints, owner: Ints, sentence: Ints, kind: Ints) -> tuple[Marks, Marks]:
        count = len(texts)
        sentences = self._sentence_count[texts]
        chosen = 1 + (self._rng.random(count) * (sentences - 1)).astype(np.int64)
        titled = self._rng.random(count) < 0.5  # the rest of a text has its title or not: both occur
        heads = self._rng.random((count, int(sentences.max()))) < 0.5
        kinds = kind[owner]
        is_title, is_chosen, is_head = sentence == 0, sentence == chosen[owner], heads[owner, sentence]
        drawn = self._draw_words(at, owner, np.flatnonzero(kinds == WORDS), count)
        rest = ~is_chosen & (~is_title | titled[owner])
        first = np.select(
            [kinds == TITLE, kinds == SENTENCE, kinds == WORDS], [is_title, is_chosen, drawn], is_head
        )
        second = np.select([kinds == TITLE, kinds == SENTENCE, kinds == WORDS], [~is_title, rest, ~drawn], ~is_head)
        return first, second

    def _draw_words(self, at: Ints, owner: Ints, among: Ints, count: int) -> Marks:
        """Marks 2 to 8 rows of each text, without replacement and by their chances (Gumbel top-k)."""
        drawn = np.zeros(len(at), bool)
        chances = self._drawn[self._corpus.rows[at[among]]]
        luck = self._rng.gumbel(size=len(among)) + np.log(np.maximum(chances, 1e-9))
        order = np.lexsort((-luck, owner[among]))
        owners = owner[among][order]
        place = np.arange(len(owners)) - np.searchsorted(owners, owners)
        wanted = self._rng.integers(FEWEST_WORDS, MOST_WORDS + 1, count)
        drawn[among[order]] = place < wanted[owners]
        return drawn

    def _bags(self, at: Ints, owner: Ints, count: int, framed: Ints) -> Bags:
        """Merge equal rows of a bag; a row seen n times weighs log(1 + n), as ``Static`` has it."""
        rows = self._corpus.rows[at].astype(np.int64)
        weights = self._corpus.weights[at]
        if len(framed):
            frames = [self._frames[choice] for choice in self._rng.integers(0, len(FRAMES), len(framed))]
            rows = np.concatenate([rows, *frames])
            owner = np.concatenate([owner, np.repeat(framed, [len(frame) for frame in frames])])
            weights = np.concatenate([weights, np.ones(len(rows) - len(weights), np.float32)])
        keys, place = np.unique(owner * len(self._corpus.frequency) + rows, return_inverse=True)
        times = np.bincount(place, weights=weights, minlength=len(keys))
        owner, rows = np.divmod(keys, len(self._corpus.frequency))
        sizes = np.bincount(owner, minlength=count)
        return Bags(rows, np.log1p(times).astype(np.float32), np.cumsum(sizes) - sizes, sizes)
