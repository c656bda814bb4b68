"""One generation, open for search: what the words find, what the meaning finds, and the facts to narrow and count by.

It finds and measures; the order of a list is made in ``ranking.hybrid``. Everything here is safe to use from several
threads and answers for the same generation for as long as it is held.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.asking import Asked, Asking
from broadsheet.search.columns import Columns, Mask, Rows
from broadsheet.search.encoders.base import Encoder
from broadsheet.search.generation import VOCABULARY, Generation
from broadsheet.search.guard import Admitted
from broadsheet.search.lexical import LexicalReader
from broadsheet.search.manifest import DamagedError
from broadsheet.search.remembered import RememberedRows
from broadsheet.search.spaces import Aim, Spaces
from broadsheet.search.spelling import Speller, Suggestion
from broadsheet.search.syntax import Query

# A word in more papers than this is read from the index once and remembered: 100,000 rows take 40 ms.
_FEW = 4_000
_REMEMBERED = 512
# A sentence that so many papers share says nothing of any of them.
_SET_PHRASE = 20
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows with their scores, best first."""

    rows: Rows
    scores: Floats


NO_HITS = Hits(np.empty(0, np.int64), np.empty(0, np.float32))


class SearchEngine:
    """Opens the files of ``generation``."""

    def __init__(
        self, generation: Generation, encoder: Encoder | None = None, before: "SearchEngine | None" = None
    ) -> None:
        """``encoder``: one to be used for the space of its name; others are those of this installation.
        ``before``: the engine that this one takes over from; what it remembers is used where it still holds.

        Raises:
            DamagedError: where the files do not hold together.
        """
        self.generation = generation
        manifest = generation.manifest
        self.words = LexicalReader(generation.words)
        self.asking = Asking(self.words)
        try:
            self.columns = Columns(generation.columns, np.load(generation.state))
            self.spaces = Spaces(generation, encoder, self.columns.alive)
            self.speller = Speller.load(generation.path / VOCABULARY)
        except (ValueError, KeyError, OSError) as error:
            raise DamagedError(f"generation {manifest.generation} cannot be opened ({error})") from error
        self._frequent: RememberedRows = RememberedRows(
            self.columns.size, _REMEMBERED, before._frequent if before and self._continues(before) else None
        )

    def _continues(self, before: "SearchEngine") -> bool:
        """Whether every row of ``before`` is the same row here."""
        ours, theirs = self.generation.manifest, before.generation.manifest
        return ours.origin == theirs.origin and self.columns.size >= before.columns.size

    def suggest(self, admitted: Admitted) -> Suggestion | None:
        """The search with its misspelt words corrected, or None; no word that the encoder has learned is one."""
        return self.speller.suggest(admitted, self.spaces.has_learned)

    def ask(self, query: Query) -> Asked:
        return self.asking.ask(query.root, query.filters)

    def allowed(self, query: Query, asked: Asked) -> Mask | None:
        """Rows that meet the filters and all that is required, for search by meaning; None where that is all."""
        mask = self.columns.mask(query.filters)
        if asked.requires or query.filters.authors:
            demanded = self._frequent.mask(
                (query.root, query.filters), lambda first: self.words.rows_from(first, asked.demanded)
            )
            mask = demanded if mask is None else mask & demanded
        return mask

    def exact(self, asked: Asked, allowed: Mask | None) -> Mask:
        """Rows of ``allowed`` in which every wanted word stands: the list that totals and facets count."""
        if asked.matching is asked.demanded:
            return np.ones(self.columns.size, bool) if allowed is None else allowed.copy()
        frequency = self.words.frequency("text", asked.stems[0]) if asked.stems else 0
        if frequency <= _FEW:
            found = np.zeros(self.columns.size, bool)
            found[self.words.rows(asked.matching)] = True
            return found
        masks = [np.logical_or.reduce([*map(self._standing, asked.forms(stem))]) for stem in asked.stems]
        everywhere: Mask = np.logical_and.reduce(masks if allowed is None else [allowed, *masks])
        return everywhere

    def _standing(self, stem: str) -> Mask:
        """The rows of a frequent word."""
        return self._frequent.mask(stem, lambda first: self.words.rows_from(first, self.words.stands(stem)))

    def by_words(self, asked: Asked, k: int) -> Hits:
        """The ``k`` best by BM25."""
        return Hits(*self.words.best(asked.scored, k)) if asked.scored is not None else NO_HITS

    def word_scores(self, asked: Asked, rows: Rows) -> Floats:
        """The BM25 scores of these rows, 0 where no wanted word stands."""
        scores = np.zeros(len(rows), np.float32)
        if asked.scored is None or not len(rows):
            return scores
        found = self.words.best_within(asked.scored, rows)
        places = {int(row): at for at, row in enumerate(rows)}
        for row, score in zip(found[0].tolist(), found[1].tolist(), strict=True):
            scores[places[row]] = score
        return scores

    def direction(self, query: Query) -> Aim | None:
        """Where a query points: its text, its seeds, away from the seeds it does not want. None if nowhere."""
        seeds = (
            (self._rows_named([seed.key for seed in query.like]), 1.0),
            (self._rows_named([seed.key for seed in query.unlike]), -0.5),
        )
        return self.spaces.aim(query.meaning, seeds)

    def toward(self, rows: Rows) -> Aim | None:
        """Where the papers in ``rows`` point together; None if nowhere."""
        return self.spaces.aim("", ((rows, 1.0),))

    def familiar(self, query: Query) -> float:
        """The share, 0 to 1, of the query's words that the encoder has learned; 1 for seeds without words."""
        encoder = self.spaces.serving.encoder
        return encoder.knows(query.meaning) if query.meaning and encoder is not None else 1.0

    def named(self, query: Query) -> Rows:
        """Rows of the papers that the query names: by id, DOI or address, else by their exact title."""
        if query.pinned or not query.text:
            return self._rows_named(query.pinned)
        return self.words.by_title(query.text)

    def seeds(self, query: Query) -> Rows:
        """Rows of the papers that ``like:`` and ``-like:`` name."""
        return self._rows_named([seed.key for seed in (*query.like, *query.unlike)])

    def _rows_named(self, keys: Sequence[str]) -> Rows:
        found = [row for key in keys for row in self.words.by_id(key).tolist()]
        return np.array(list(dict.fromkeys(found)), np.int64)

    def verbatim(self, query: Query) -> Rows:
        """Rows of the papers in which the text typed stands word for word, if it is a sentence and in few of them."""
        phrase = self.asking.verbatim(query.text)
        if phrase is None:
            return np.empty(0, np.int64)
        rows = self.words.rows(phrase, _SET_PHRASE)
        return rows if len(rows) < _SET_PHRASE else np.empty(0, np.int64)

    def matched(self, asked: Asked, rows: Rows) -> dict[int, tuple[str, ...]]:
        """For each of a few ``rows``, which of the wanted stems stand in it."""
        held: dict[int, tuple[str, ...]] = {int(row): () for row in rows}
        for stem in asked.stems:
            for row in {row for form in asked.forms(stem) for row in self.words.holding(form, rows).tolist()}:
                held[row] = (*held[row], stem)
        return held
