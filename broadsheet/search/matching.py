"""Which papers meet what a search demands: exact, for any tree of words, phrases and fields.

Plain words, and words of titles, are read from the postings, topics, sources and venues from the columns; only what
needs the order of words, the beginnings of words or the names of people is asked of tantivy, and remembered.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from broadsheet.search import normalise
from broadsheet.search.asking import Asked, Asking
from broadsheet.search.columns import Columns, Mask, Rows
from broadsheet.search.filters import Filters
from broadsheet.search.lexical import LexicalReader
from broadsheet.search.postings import Entries, Postings, distinct
from broadsheet.search.remembered import RememberedRows
from broadsheet.search.stem import spelt_otherwise, stems_of
from broadsheet.search.syntax import And, Node, Not, Or, Phrase, Word

# A row looked up in the entries of a stem costs as much as so many entries marked one after the other.
_LOOK_UP = 16
# To mark and to look at every row costs as much as to put together one in so many.
_MANY = 8


class Matching:
    """Finds rows in one generation. Safe to use from several threads."""

    def __init__(
        self, postings: Postings, words: LexicalReader, asking: Asking, columns: Columns, remembered: RememberedRows
    ) -> None:
        self._postings, self._words, self._asking, self._columns = postings, words, asking, columns
        self._remembered = remembered

    def allowed(self, filters: Filters, asked: Asked) -> Mask | None:
        """The living rows that meet the filters and all that is required; None where that is every row."""
        met = self.met(filters)
        masks = [] if met is None else [met]
        masks += [self.mask(part) for part in asked.required]
        masks += [~self.mask(part) for part in asked.excluded]
        return reduce(np.logical_and, masks) if masks else None

    def met(self, filters: Filters) -> Mask | None:
        """The living rows that meet the filters; None where that is every row. Not to be changed."""
        masks = [] if self._columns.alive is None else [self._columns.alive]
        if self._columns.narrows(filters):
            facts = replace(filters, authors=())
            masks.append(self._remembered.mask(facts, lambda first: _from(first, self._columns.meeting(facts))))
        masks += [self._leaf(Word(name, field="author")) for name in filters.authors]
        return reduce(np.logical_and, masks) if masks else None

    def everywhere(self, asked: Asked, allowed: Mask | None) -> Rows:
        """The rows of ``allowed``, ascending, in which every wanted word stands."""
        if asked.bare is not None:
            bare = self.mask(asked.bare)
            return np.flatnonzero(bare if allowed is None else bare & allowed)
        if not asked.stems:
            return np.arange(self._columns.size) if allowed is None else np.flatnonzero(allowed)
        wanted = [[self._postings.entries("text", form) for form in asked.forms(stem)] for stem in asked.stems]
        first, *others = sorted(wanted, key=_count)
        rows = (
            np.flatnonzero(self._standing(first)) if _MANY * _count(first) > self._columns.size else _listed(first)
        )
        if allowed is not None:
            rows = rows[allowed[rows]]
        for forms in others:
            rows = rows[self._holds(forms, rows)]
        return rows

    def holding(self, forms: Sequence[str], rows: Rows) -> Mask:
        """In which of a few ``rows``, ascending, any of the stems ``forms`` stands."""
        return self._holds([self._postings.entries("text", form) for form in forms], rows)

    def mask(self, node: Node) -> Mask:
        """The rows that match ``node``, of papers gone too. The caller may change what it gets."""
        match node:
            case Word():
                return self._word(node)
            case Phrase(words, field):
                return self._word(Word(" ".join(words), field=field)) if field in _LISTED else self._leaf(node)
            case Not(child):
                return ~self.mask(child)
            case Or(children):
                return reduce(np.logical_or, map(self.mask, children))
            case And(children):
                return reduce(np.logical_and, map(self.mask, children))

    def _word(self, word: Word) -> Mask:
        if word.field in _LISTED:
            return _LISTED[word.field](self._columns, word.text)
        if not word.prefix and word.field in (None, "title"):
            field = "title" if word.field else "text"
            parts = [forms for one in normalise.words(word.text) if (forms := self._forms(one))]
            if parts:
                parted = reduce(np.logical_and, (self._stands(field, *forms) for forms in parts))
                whole = stems_of(" ".join(normalise.joined(word.text)))
                return reduce(np.logical_or, (self._stands(field, stem) for stem in whole), parted)
        return self._leaf(word)

    def _leaf(self, leaf: Word | Phrase) -> Mask:
        return self._remembered.mask(leaf, lambda first: self._words.rows_from(first, self._asking.leaf(leaf)))

    def _forms(self, word: str) -> list[str]:
        """The stem of ``word`` and that of its other spelling; none of a function word."""
        return stems_of(f"{word} {spelt_otherwise(word)}")

    def _stands(self, field: str, *forms: str) -> Mask:
        return self._standing([self._postings.entries(field, form) for form in forms])

    def _standing(self, forms: Sequence[Sequence[Entries]]) -> Mask:
        """The rows in which any of the ``forms`` stands."""
        mask = np.zeros(self._columns.size, bool)
        for one in (one for entries in forms for one in entries):
            here = mask[one.first : one.first + one.size]
            if one.rows is None:
                here |= one.shares != 0
            else:
                here[one.rows] = True
        return mask

    def _holds(self, forms: Sequence[Sequence[Entries]], rows: Rows) -> Mask:
        """In which of ``rows``, ascending, any of the ``forms`` stands."""
        if len(rows) * _LOOK_UP > _count(forms) and any(one.rows is not None for one in forms[0]):
            return self._standing(forms)[rows]
        found = np.zeros(len(rows), bool)
        for one in (one for entries in forms for one in entries):
            low, high = np.searchsorted(rows, (one.first, one.first + one.size)).tolist()
            if low < high:
                found[low:high] |= one.within(rows[low:high]) != 0
        return found


def _topic(columns: Columns, name: str) -> Mask:
    return columns.topics.mask(columns.topics.wanted([name], nested=True), columns.size)


def _source(columns: Columns, name: str) -> Mask:
    return columns.sources.mask(columns.sources.wanted([name]), columns.size)


def _venue(columns: Columns, name: str) -> Mask:
    return columns.venues.mask(columns.venues.worded([name]), columns.size)


_LISTED: dict[str | None, Callable[[Columns, str], Mask]] = {"topic": _topic, "source": _source, "venue": _venue}


def _count(forms: Sequence[Sequence[Entries]]) -> int:
    return sum(one.count for entries in forms for one in entries)


def _listed(forms: Sequence[Sequence[Entries]]) -> Rows:
    rows = [one.places() + one.first for entries in forms for one in entries]
    if not rows:
        return np.empty(0, np.int64)
    return np.concatenate(rows) if len(forms) == 1 else distinct(np.concatenate(rows))


def _from(first: int, mask: Mask | None) -> Rows:
    return np.empty(0, np.int64) if mask is None else np.flatnonzero(mask[first:]) + first
