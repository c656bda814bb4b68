"""One generation, open for search: what the words find, what the meaning finds, and the facts to narrow and count by.

It finds and measures; the order of a list is made in ``ranking.hybrid``. Everything here is safe to use from several
threads and answers for the same generation for as long as it is held.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.asking import Asked, Asking
from broadsheet.search.bm25 import Either, Scored, Scorer
from broadsheet.search.columns import Columns, Mask, Rows
from broadsheet.search.encoders.base import Encoder
from broadsheet.search.filters import Filters
from broadsheet.search.generation import VOCABULARY, Generation
from broadsheet.search.guard import Admitted
from broadsheet.search.lexical import LexicalReader
from broadsheet.search.manifest import DamagedError
from broadsheet.search.matching import Matching
from broadsheet.search.postings import Postings
from broadsheet.search.remembered import RememberedRows
from broadsheet.search.spaces import Aim, Spaces
from broadsheet.search.spelling import Speller, Suggestion
from broadsheet.search.syntax import Query

# Sets of rows that took long to read, one bit a row: so many, and no more than so many bytes of them.
_REMEMBERED, _REMEMBERED_BYTES = 512, 64_000_000
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
        try:
            self.postings = Postings([(generation.part(part), part.rows) for part in manifest.parts])
            self.columns = Columns(generation.columns, np.load(generation.state))
            self.spaces = Spaces(generation, encoder, self.columns.alive)
            self.speller = Speller.load(generation.path / VOCABULARY)
        except (ValueError, KeyError, OSError) as error:
            raise DamagedError(f"generation {manifest.generation} cannot be opened ({error})") from error
        self.asking = Asking(self.words, self.postings)
        self._scorer = Scorer(self.postings)
        self._last_scored: tuple[object, list[Scored]] = ((), [])
        size = self.columns.size
        self._remembered: RememberedRows = RememberedRows(
            size,
            min(_REMEMBERED, 1 + 8 * _REMEMBERED_BYTES // (size + 1)),
            before._remembered if before and self._continues(before) else None,
        )
        self.matching = Matching(self.postings, self.words, self.asking, self.columns, self._remembered)

    def _continues(self, before: "SearchEngine") -> bool:
        """Whether every row of ``before`` is the same row here."""
        ours, theirs = self.generation.manifest, before.generation.manifest
        return ours.origin == theirs.origin and self.columns.size >= before.columns.size

    def suggest(self, admitted: Admitted) -> Suggestion | None:
        """The search with its misspelt words corrected, or None; no word that the encoder has learned is one."""
        return self.speller.suggest(admitted, self.spaces.has_learned)

    def ask(self, query: Query) -> Asked:
        return self.asking.ask(query.root)

    def allowed(self, query: Query, asked: Asked) -> Mask | None:
        """The living rows that meet the filters and all that is required; None where that is every row."""
        return self.matching.allowed(query.filters, asked)

    def exact(self, asked: Asked, allowed: Mask | None) -> Rows:
        """Rows of ``allowed``, ascending, in which every wanted word stands: the list that totals and facets count."""
        return self.matching.everywhere(asked, allowed)

    def by_words(self, asked: Asked, k: int, allowed: Mask | None) -> Hits:
        """The ``k`` best rows of ``allowed`` by BM25. Where no word adds to a score, the newest that match, all alike."""
        if asked.scoring:
            return Hits(*self._scorer.best(self._scored(asked), k, allowed))
        rows = self.exact(asked, allowed)[::-1][:k] if asked.finds else np.empty(0, np.int64)
        return Hits(rows, np.ones(len(rows), np.float32))

    def word_scores(self, asked: Asked, rows: Rows) -> Floats:
        """The BM25 scores of these rows, 0 where no wanted word stands."""
        return self._scorer.of(self._scored(asked), rows)

    def most(self, asked: Asked) -> float:
        """What no paper's score can reach: every scoring word without end."""
        return sum(word.limit for word in self._scored(asked))

    def _scored(self, asked: Asked) -> list[Scored]:
        """One search asks for its words several times."""
        held = self._last_scored
        if held[0] != asked.scoring:
            groups = [[self._scorer.scored(form) for form in forms] for forms in asked.scoring]
            held = asked.scoring, [forms[0] if len(forms) == 1 else Either(forms) for forms in groups]
            self._last_scored = held
        return held[1]

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

    def permitted(self, rows: Rows, filters: Filters) -> Rows:
        """Those of ``rows`` that meet the filters, whatever else was required."""
        if not len(rows):
            return rows
        met = self.matching.met(filters)
        return rows if met is None else rows[met[rows]]

    def seeds(self, query: Query) -> Rows:
        """Rows of the papers that ``like:`` and ``-like:`` name."""
        return self._rows_named([seed.key for seed in (*query.like, *query.unlike)])

    def _rows_named(self, keys: Sequence[str]) -> Rows:
        found = [row for key in keys for row in self.words.by_id(key).tolist()]
        return np.array(list(dict.fromkeys(found)), np.int64)

    def verbatim(self, query: Query, exact: Rows) -> Rows:
        """Rows of the papers in which the text typed stands word for word, if it is a sentence and in few of them.

        ``exact``: the rows that hold all its words; where there is none, no phrase need be looked for.
        """
        phrase = self.asking.verbatim(query.text) if len(exact) else None
        if phrase is None:
            return np.empty(0, np.int64)
        rows = self.words.rows(phrase, _SET_PHRASE)
        return rows if len(rows) < _SET_PHRASE else np.empty(0, np.int64)

    def matched(self, asked: Asked, rows: Rows) -> dict[int, tuple[str, ...]]:
        """For each of a few ``rows``, which of the wanted stems stand in it."""
        rows = np.sort(rows)
        held: dict[int, tuple[str, ...]] = {int(row): () for row in rows}
        for stem in asked.stems:
            for row in rows[self.matching.holding(asked.forms(stem), rows)].tolist():
                held[row] = (*held[row], stem)
        return held
