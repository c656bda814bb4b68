"""Search as readers meet it: words and meaning in one order, each hit with its reasons, totals that are true.

What is on the list, in this order:

1. papers that the query names, by id, DOI, address or exact title;
2. papers in which the text typed stands word for word, if it is a sentence that few papers share;
3. papers in which all wanted words stand, and papers that have some of the words or the meaning, together by score:
   the BM25 score as a share of the query's best, plus the cosines times the trust in their encoder (``fusion``);
4. after the first ``KEPT``, nothing whose score is below ``TAIL`` of the best, unless all words stand in it.

What is required (quotes, fields, ``-not``) and the filters hold for every paper, however near in meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from broadsheet.ranking.fusion import DEFAULT_TRUST, TRUST, Trust, add_scores, first
from broadsheet.ranking.paging import DEEPEST, page_of
from broadsheet.search.asking import Asked
from broadsheet.search.columns import SORTS, Mask, Rows, among
from broadsheet.search.engine import NO_HITS, Hits, SearchEngine
from broadsheet.search.postings import distinct
from broadsheet.search.syntax import Query

Floats = NDArray[np.float32]

_POOL = 400  # candidates from words, and as many from meaning
_FILLED = 300  # the nearest candidates whose missing word scores are looked up
TAIL = 0.35
KEPT = 120
# Whoever pastes a sentence wants the paper it stands in: more than words and meaning can add up to.
VERBATIM = 10.0


class Mode(StrEnum):
    WORDS = "words"
    MEANING = "meaning"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class Hit:
    """One paper found, and why. ``words`` is its share of the query's best BM25 score, 0 to 1."""

    paper: int
    score: float
    words: float = 0.0
    cosine: float | None = None
    named: bool = False
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. ``total`` counts the whole list; ``exact`` of them hold every word asked for; ``shown`` are the
    papers of this and of the pages before it, in order."""

    hits: tuple[Hit, ...]
    total: int
    exact: int
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    shown: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pool:
    """Candidates, best first, each with its parts."""

    rows: Rows
    scores: Floats
    words: Floats
    cosines: Floats | None


def search(
    engine: SearchEngine,
    query: Query,
    *,
    k: int = 20,
    offset: int = 0,
    sort: str = "best",
    mode: Mode = Mode.HYBRID,
    facets: bool = True,
    trust: Trust | None = None,
    seen: Sequence[int] = (),
) -> Found:
    """Page ``offset`` to ``offset + k`` of what ``query`` finds, after the papers that were ``seen`` (``paging``).

    Raises:
        ValueError: if ``sort`` is neither ``best`` nor one of ``columns.SORTS``.
    """
    if sort != "best" and sort not in SORTS:
        raise ValueError(f"cannot sort by {sort!r}; choose best, {', '.join(SORTS)}")
    k, offset = max(0, min(k, DEEPEST)), max(0, min(offset, DEEPEST))
    asked = engine.ask(query)
    mask = _without_seeds(engine, query, engine.allowed(query, asked))
    if query.empty or not (asked.finds or query.like or query.pinned):
        return _listed(engine, mask, k, offset, "newest" if sort == "best" else sort, facets, seen)
    # A title may hold NOT, a minus or quotes: whoever typed all of it meant the paper, so only the filters count.
    named = engine.permitted(engine.named(query), query.filters)
    exact = engine.exact(asked, mask) if mode is not Mode.MEANING and asked.finds else np.empty(0, np.int64)
    pool = _pool(engine, query, asked, mask, mode, trust or TRUST.get(engine.spaces.serving.name, DEFAULT_TRUST))
    if mode is not Mode.MEANING:
        pool = _raised(pool, _permitted(engine.verbatim(query, exact), mask))
    pool = _cut(pool, exact)
    beside = distinct(np.concatenate([pool.rows, named]))
    beside = beside[~among(beside, exact)]
    total = len(exact) + len(beside)
    # Counted where all words stand, if they do anywhere: what is only near has no edge to count up to.
    counted = exact if len(exact) else beside
    if sort == "best":
        tail = exact[::-1][: DEEPEST + len(pool.rows)]
        order = np.concatenate([named, _without(pool.rows, named), _without(_without(tail, pool.rows), named)])
    else:
        # By date or votes, "has some of the words" would bury what was asked: only where nothing has them all.
        order, total = engine.columns.order(counted[::-1], sort, DEEPEST), len(counted)
    page = page_of(engine.columns, order, total, seen, k, offset)
    return Found(
        hits=_hits(engine, asked, page.rows, pool, named),
        total=page.total,
        exact=len(exact),
        facets=engine.columns.facets(counted) if facets else {},
        shown=page.shown,
    )


def similar(engine: SearchEngine, papers: list[int], k: int = 10) -> tuple[Hit, ...]:
    """The papers nearest in meaning to all of ``papers``, which are left out themselves."""
    seeds = engine.columns.rows_of(papers)
    if not len(seeds):
        return ()
    direction = engine.toward(seeds)
    if direction is None:
        return ()
    found = Hits(*direction.nearest(k + len(seeds), engine.columns.alive))
    papers_of, own = engine.columns.papers, set(seeds.tolist())
    hits = [
        Hit(int(papers_of[row]), float(cosine), cosine=float(cosine))
        for row, cosine in zip(found.rows.tolist(), found.scores.tolist(), strict=True)
        if row not in own
    ]
    return tuple(hits[:k])


def _pool(engine: SearchEngine, query: Query, asked: Asked, mask: Mask | None, mode: Mode, trust: Trust) -> _Pool:
    """Candidates of both engines with both scores each."""
    direction = None if mode is Mode.WORDS else engine.direction(query)
    by_words = NO_HITS if mode is Mode.MEANING else engine.by_words(asked, _POOL, mask)
    if direction is None:
        share = _share(by_words.scores)
        return _Pool(by_words.rows, share, share, None)
    by_meaning = Hits(*direction.nearest(_POOL, mask))
    if mode is Mode.MEANING or not asked.finds:
        nothing = np.zeros(len(by_meaning.rows), np.float32)
        return _Pool(by_meaning.rows, by_meaning.scores, nothing, by_meaning.scores)
    only_near = ~among(by_meaning.rows, np.sort(by_words.rows))
    near = Hits(by_meaning.rows[only_near], by_meaning.scores[only_near])
    filled = np.zeros(len(near.rows), np.float32)
    filled[:_FILLED] = engine.word_scores(asked, near.rows[:_FILLED])
    rows = np.concatenate([by_words.rows, near.rows])
    words = np.concatenate([by_words.scores, filled])
    cosines = np.concatenate([direction.cosines(by_words.rows), near.scores])
    covered = float(words.max(initial=0.0)) / (engine.most(asked) or 1.0)
    trust = trust.of(engine.familiar(query), covered)
    scores = add_scores(words, cosines, trust)
    company = engine.toward(rows[first(scores)]) if trust.company else None
    if company is not None:
        scores = add_scores(words, cosines, trust, company.cosines(rows))
    order = np.lexsort((rows, -scores))
    return _Pool(rows[order], scores[order], _share(words)[order], cosines[order])


def _share(words: Floats) -> Floats:
    most = np.float32(words.max(initial=0.0) or 1.0)
    return (words / most).astype(np.float32)


def _raised(pool: _Pool, verbatim: Rows) -> _Pool:
    """The pool with the papers that hold the very text typed in front, in their own order."""
    if not len(verbatim):
        return pool
    missing = verbatim[~np.isin(verbatim, pool.rows)]
    nothing = np.zeros(len(missing), np.float32)
    rows = np.concatenate([pool.rows, missing])
    scores = np.concatenate([pool.scores, nothing])
    scores[np.isin(rows, verbatim)] += VERBATIM
    order = np.argsort(-scores, kind="stable")
    cosines = np.concatenate([pool.cosines, nothing])[order] if pool.cosines is not None else None
    return _Pool(rows[order], scores[order], np.concatenate([pool.words, nothing])[order], cosines)


def _cut(pool: _Pool, exact: Rows) -> _Pool:
    """The pool without its tail, which is there only because something had to be the thousandth."""
    if not len(pool.rows):
        return pool
    best = pool.scores[0] - (VERBATIM if pool.scores[0] > VERBATIM else 0)
    whole = among(pool.rows, exact)
    keep = (pool.scores >= TAIL * best) | whole | (np.arange(len(pool.rows)) < KEPT)
    keep &= (pool.scores > 0) | whole
    cosines = pool.cosines[keep] if pool.cosines is not None else None
    return replace(pool, rows=pool.rows[keep], scores=pool.scores[keep], words=pool.words[keep], cosines=cosines)


def _listed(
    engine: SearchEngine, mask: Mask | None, k: int, offset: int, sort: str, facets: bool, seen: Sequence[int]
) -> Found:
    """With nothing to search for: every paper that meets the filters."""
    rows = np.arange(engine.columns.size) if mask is None else np.flatnonzero(mask)
    order = engine.columns.order(rows[::-1], sort, DEEPEST)
    page = page_of(engine.columns, order, len(rows), seen, k, offset)
    hits = tuple(Hit(int(paper), 0.0) for paper in engine.columns.papers[page.rows])
    counts = engine.columns.facets(None if mask is None else rows) if facets else {}
    return Found(hits, page.total, len(rows), counts, page.shown)


def _hits(engine: SearchEngine, asked: Asked, page: Rows, pool: _Pool, named: Rows) -> tuple[Hit, ...]:
    matched = engine.matched(asked, page) if len(page) else {}
    places = {row: at for at, row in enumerate(pool.rows.tolist())}
    first = set(named.tolist())
    papers = engine.columns.papers
    hits = []
    for row in page.tolist():
        at = places.get(row)
        hits.append(
            Hit(
                int(papers[row]),
                score=float(pool.scores[at]) if at is not None else 0.0,
                words=float(pool.words[at]) if at is not None else 0.0,
                cosine=float(pool.cosines[at]) if at is not None and pool.cosines is not None else None,
                named=row in first,
                matched=matched.get(row, ()),
            )
        )
    return tuple(hits)


def _without_seeds(engine: SearchEngine, query: Query, mask: Mask | None) -> Mask | None:
    """Papers like these are others than these."""
    seeds = engine.seeds(query)
    if not len(seeds):
        return mask
    others = np.ones(engine.columns.size, bool) if mask is None else mask.copy()
    others[seeds] = False
    return others


def _permitted(rows: Rows, mask: Mask | None) -> Rows:
    return rows if mask is None else rows[mask[rows]]


def _without(rows: Rows, named: Rows) -> Rows:
    return rows[~np.isin(rows, named)] if len(named) else rows
