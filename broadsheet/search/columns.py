"""The facts of every paper that can be filtered, sorted or counted, one array per fact, one place per row.

A row is a place in these arrays, in the vectors and in the ``row`` field of the word index. Rows are only ever
added; a paper that changes gets a new row and its old one is marked gone. What a part says (``PART``) never
changes; what moves every day (``STATE``) is written whole with each generation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.document import Document
from broadsheet.search.filters import NO_FILTERS, Filters
from broadsheet.search.normalise import words

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

STATE = np.dtype(
    [
        ("paper", "<i8"),
        ("text", "<u8"),
        ("gone", "?"),
        ("votes", "<i4"),
        ("citations", "<i4"),
        ("heat", "<f4"),
    ]
)
SORTS = ("newest", "votes", "citations", "heat")
FACETS = ("topics", "years", "sources", "venues", "has_code")
MOST_VALUES = 50
_MOST = 2**31 - 1
# To look up the names of one row costs as much as to go by those of so many.
_FEW = 4


def among(rows: Rows, ascending: Rows) -> Mask:
    """Which of a few ``rows`` are in ``ascending``."""
    if not len(ascending):
        return np.zeros(len(rows), bool)
    at = np.minimum(np.searchsorted(ascending, rows), len(ascending) - 1)
    held: Mask = ascending[at] == rows
    return held


def state_of(documents: Sequence[Document]) -> NDArray[np.void]:
    """One ``STATE`` row per document."""
    return np.array(
        [
            (one.paper, one.text_hash, False, min(one.votes, _MOST), min(one.citations, _MOST), one.heat)
            for one in documents
        ],
        STATE,
    )


@dataclass(slots=True)
class Labels:
    """Names that rows carry, several to a row: ``codes[i]`` is the name of entry i, ``owners[i]`` its row."""

    names: list[str]
    codes: NDArray[np.int32]
    owners: NDArray[np.int32]  # ascending
    _known: NDArray[np.int32] | None = None

    def wanted(self, names: Sequence[str], *, nested: bool = False) -> NDArray[np.bool_]:
        """For every code, whether its name is one of ``names`` (or lies under one, as ``cs.CL`` under ``cs``)."""
        folded = {name.casefold() for name in names}
        under = tuple(f"{name}." for name in folded) if nested else ()
        flags = [
            own in folded or (bool(under) and own.startswith(under))
            for own in (name.casefold() for name in self.names)
        ]
        return np.array(flags, bool)

    def worded(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """For every code, whether all the words of one of ``names`` stand in its name."""
        asked = [set(words(name)) for name in names]
        return np.array([any(one and one <= set(words(own)) for one in asked) for own in self.names], bool)

    def mask(self, wanted: NDArray[np.bool_], size: int) -> Mask:
        """Rows that carry at least one wanted name."""
        mask = np.zeros(size, bool)
        if len(wanted):
            mask[self.owners[wanted[self.codes]]] = True
        return mask

    def counts(self, chosen: Rows | None, size: int) -> dict[str, int]:
        """Chosen rows (ascending, of ``size``) under each of the ``MOST_VALUES`` most frequent names, most first."""
        codes = self.codes if chosen is None else self.codes[self._entries(chosen, size)]
        numbers = np.bincount(codes, minlength=len(self.names))
        order = np.argsort(-numbers, kind="stable")[:MOST_VALUES].tolist()
        return {self.names[at]: int(numbers[at]) for at in order if numbers[at]}

    def _entries(self, rows: Rows, size: int) -> NDArray[Any]:
        """Which entries belong to ``rows``, which ascend."""
        starts = self._starts(size)
        if len(rows) * _FEW > size:
            mask = np.zeros(size, bool)
            mask[rows] = True
            return np.repeat(mask, np.diff(starts))
        first = starts[rows]
        numbers = starts[rows + 1] - first
        return np.repeat(first - (np.cumsum(numbers) - numbers), numbers) + np.arange(int(numbers.sum()))

    def _starts(self, size: int) -> NDArray[np.int32]:
        """Where the entries of each row start, and where the last ones end; found once."""
        if self._known is None:
            numbers = np.bincount(self.owners, minlength=size)
            self._known = np.concatenate([[0], np.cumsum(numbers)]).astype(np.int32)
        return self._known


class LabelsWriter:
    """Collects the labels of a part."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._entries: list[int] = []
        self._owners: list[int] = []

    def add(self, row: int, names: Sequence[str]) -> None:
        for name in dict.fromkeys(names):
            if name:
                self._entries.append(self._codes.setdefault(name, len(self._codes)))
                self._owners.append(row)

    def arrays(self, kind: str) -> dict[str, NDArray[np.generic]]:
        return {
            f"{kind}_names": np.array(list(self._codes), np.str_),
            f"{kind}_codes": np.array(self._entries, np.int32),
            f"{kind}_owners": np.array(self._owners, np.int32),
        }


_KINDS = ("topics", "sources", "venues", "langs")


class ColumnsWriter:
    """Collects the unchanging columns of one part and writes them to one file."""

    def __init__(self) -> None:
        self._days: list[int] = []
        self._years: list[int] = []
        self._code: list[bool] = []
        self._labels = {kind: LabelsWriter() for kind in _KINDS}

    def add(self, document: Document) -> None:
        row = len(self._days)
        self._days.append(document.published.toordinal() if document.published else 0)
        self._years.append(document.year or (document.published.year if document.published else 0))
        self._code.append(document.has_code)
        carried = (document.topics, document.sources, (document.venue,), (document.lang,))
        for kind, names in zip(_KINDS, carried, strict=True):
            self._labels[kind].add(row, names)

    def write(self, path: Path) -> None:
        arrays: dict[str, NDArray[np.generic]] = {
            "days": np.array(self._days, np.int32),
            "years": np.array(self._years, np.int16),
            "has_code": np.array(self._code, np.bool_),
        }
        for kind, labels in self._labels.items():
            arrays |= labels.arrays(kind)
        _save(path, arrays)


class Columns:
    """The columns of all parts of a generation, joined. About 60 bytes of memory a paper."""

    def __init__(self, parts: Sequence[Path], state: NDArray[np.void]) -> None:
        """Read the part files, in row order, and take ``state`` for what moves.

        Raises:
            ValueError: if the files do not hold together.
        """
        held = [dict(np.load(path)) for path in parts]
        self.size = len(state)
        self.state = state
        self.days: NDArray[np.int32] = _joined(held, "days", np.int32)
        self.years: NDArray[np.int16] = _joined(held, "years", np.int16)
        self.has_code: Mask = _joined(held, "has_code", np.bool_)
        if len(self.days) != self.size:
            raise ValueError(f"columns hold {len(self.days)} rows where the state holds {self.size}")
        self.topics, self.sources, self.venues, self.langs = (_join_labels(held, kind) for kind in _KINDS)
        self.alive: Mask | None = ~state["gone"] if state["gone"].any() else None

    @property
    def papers(self) -> NDArray[np.int64]:
        found: NDArray[np.int64] = self.state["paper"]
        return found

    def rows_of(self, papers: Sequence[int]) -> Rows:
        """The living rows of these papers; those not held are left out."""
        if not papers:
            return np.empty(0, np.int64)
        found = np.isin(self.papers, np.array(papers, np.int64))
        return np.flatnonzero(found if self.alive is None else found & self.alive)

    def narrows(self, filters: Filters) -> bool:
        """Whether ``filters`` narrow anything beside the authors."""
        return replace(filters, authors=()) != NO_FILTERS

    def meeting(self, filters: Filters) -> Mask | None:
        """Rows, of papers gone too, that meet the filters, authors excepted; None where that is every row."""
        masks: list[Mask] = []
        dated = self.days > 0
        if filters.since:
            masks.append(self.days >= filters.since.toordinal())
        if filters.until:
            masks.append(dated & (self.days <= filters.until.toordinal()))
        if filters.first_year is not None:
            masks.append(self.years >= max(1, filters.first_year))
        if filters.last_year is not None:
            masks.append((self.years > 0) & (self.years <= filters.last_year))
        if filters.has_code is not None:
            masks.append(self.has_code == filters.has_code)
        under = partial(self.topics.wanted, nested=True)
        for labels, flags, wanted, unwanted in (
            (self.topics, under, filters.topics, filters.without_topics),
            (self.sources, self.sources.wanted, filters.sources, filters.without_sources),
            (self.venues, self.venues.worded, filters.venues, filters.without_venues),
            (self.langs, self.langs.wanted, filters.lang, ()),
        ):
            if wanted:
                masks.append(labels.mask(flags(wanted), self.size))
            if unwanted:
                masks.append(~labels.mask(flags(unwanted), self.size))
        return np.logical_and.reduce(masks) if masks else None

    def order(self, rows: Rows, sort: str, most: int) -> Rows:
        """The first ``most`` of ``rows`` with the most of ``sort`` first; equals keep the order they came in."""
        values = (self.days if sort == "newest" else self.state[sort])[rows]
        if len(rows) > most > 0:
            kept = values >= np.partition(values, len(values) - most)[len(values) - most]
            rows, values = rows[kept], values[kept]
        return rows[np.argsort(-values.astype(np.float64), kind="stable")][:most]

    def facets(self, chosen: Rows | None) -> dict[str, dict[str, int]]:
        """For each of ``FACETS``, the chosen rows (ascending; None: all) under each value, most first, years newest."""
        years = np.bincount(self.years if chosen is None else self.years[chosen])
        code = int(np.count_nonzero(self.has_code if chosen is None else self.has_code[chosen]))
        return {
            "topics": self.topics.counts(chosen, self.size),
            "years": {str(year): int(years[year]) for year in range(len(years) - 1, 0, -1) if years[year]},
            "sources": self.sources.counts(chosen, self.size),
            "venues": self.venues.counts(chosen, self.size),
            "has_code": {"yes": code} if code else {},
        }

    def published(self, row: int) -> date | None:
        day = int(self.days[row])
        return date.fromordinal(day) if day else None


def merge_columns(parts: Sequence[Path], target: Path) -> None:
    """Write the columns of several parts, in row order, as those of one."""
    held = [dict(np.load(path)) for path in parts]
    arrays: dict[str, NDArray[np.generic]] = {
        "days": _joined(held, "days", np.int32),
        "years": _joined(held, "years", np.int16),
        "has_code": _joined(held, "has_code", np.bool_),
    }
    for kind in _KINDS:
        labels = _join_labels(held, kind)
        arrays[f"{kind}_names"] = np.array(labels.names, np.str_)
        arrays[f"{kind}_codes"], arrays[f"{kind}_owners"] = labels.codes, labels.owners
    _save(target, arrays)


def _save(path: Path, arrays: dict[str, NDArray[np.generic]]) -> None:
    with path.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type] # the stubs take any name for the flag allow_pickle


def _joined(held: Sequence[dict[str, NDArray[Any]]], name: str, kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *(part[name] for part in held)]).astype(kind, copy=False)


def _join_labels(held: Sequence[dict[str, NDArray[Any]]], kind: str) -> Labels:
    """The labels of all parts under one set of codes."""
    known: dict[str, int] = {}
    codes, owners, base = [np.empty(0, np.int32)], [np.empty(0, np.int32)], 0
    for part in held:
        names = [str(name) for name in part[f"{kind}_names"]]
        joint = np.array([known.setdefault(name, len(known)) for name in names], np.int32)
        codes.append(joint[part[f"{kind}_codes"].astype(np.int64)] if names else codes[0])
        owners.append(part[f"{kind}_owners"].astype(np.int32) + np.int32(base))
        base += len(part["days"])
    return Labels(list(known), np.concatenate(codes), np.concatenate(owners))
