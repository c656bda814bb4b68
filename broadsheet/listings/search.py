"""What a search finds, as cards with reasons. Every surface that searches comes through here."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from django.conf import settings

from broadsheet.core import card as cards
from broadsheet.core.card import Card, Facet, Listing
from broadsheet.core.topics import topic_name
from broadsheet.listings import cursors
from broadsheet.listings.cards import cards_by_number
from broadsheet.listings.cursors import BadCursor, Cursor
from broadsheet.listings.engine import Engine, NoIndex, current_engine
from broadsheet.listings.sorts import Sort
from broadsheet.listings.turns import TooBusy, turns_in
from broadsheet.listings.why import Why
from broadsheet.listings.without_index import search_titles
from broadsheet.ranking.hybrid import Found, Mode
from broadsheet.ranking.paging import DEEPEST
from broadsheet.search import guard
from broadsheet.search.describe import describe
from broadsheet.search.filters import Filters
from broadsheet.search.guard import QueryTooLong
from broadsheet.search.normalise import words
from broadsheet.search.query import parse
from broadsheet.search.snippets import Highlighter, Segments
from broadsheet.search.syntax import Query

__all__ = ["BadCursor", "Mode", "SearchPage", "SearchRequest", "Sort", "TooBusy", "TooLong", "search_page"]

_WORDS_OF_A_TITLE = 5  # fewer, though they be a title, are as likely a subject
_ABSTRACT_SHOWN = 420  # characters: four lines at a comfortable width
_FACETS = {"topics": "topic", "sources": "source", "years": "year", "venues": "venue", "has_code": "code"}
_MOST_FACETS = 40


class TooLong(ValueError):
    """A query that the guard refuses; the message says how long one may be."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a surface asks. A filter given here takes the place of the same filter written in ``q``.

    ``page`` counts from 1; None goes on behind what ``cursor`` has seen, or begins. With a cursor, the pages that it
    has seen stay as they were.
    """

    q: str
    since: date | None = None
    until: date | None = None
    topic: str = ""
    source: str = ""
    has_code: bool = False
    sort: Sort = Sort.BEST
    mode: Mode = Mode.HYBRID
    page: int | None = None
    limit: int = 50
    cursor: str = ""
    year: int | None = None
    venue: str = ""

    @property
    def search(self) -> str:
        """All that says what is searched, whatever the page: the mark that a cursor carries."""
        narrowed = (self.since, self.until, self.topic, self.source, self.has_code, self.year, self.venue)
        return "\x1f".join(map(str, (" ".join(self.q.split()), self.sort, self.mode, *narrowed)))


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of results.

    ``understood`` tells the query back in words; ``suggestion`` is the same query with its spelling corrected, or
    empty; ``named`` is the key of the paper whose id, address or title was typed, or empty; ``exact`` of the listing's total
    hold every word asked for; ``cursor`` goes on behind this page, and ``more`` says whether anything is there.
    """

    request: SearchRequest
    listing: Listing
    understood: str = ""
    suggestion: str = ""
    named: str = ""
    exact: int = 0
    cursor: str = ""

    @property
    def more(self) -> bool:
        return self.listing.offset + self.listing.limit < min(self.listing.total, DEEPEST)


def search_page(
    request: SearchRequest, *, today: date, last_visit: datetime | None = None, client: str = ""
) -> SearchPage:
    """Page ``request.page`` (from 1) of what ``request.q`` finds. ``client`` is who asks, if it takes turns with others.

    Raises:
        TooBusy: if the client's turn does not come, or the search takes too long (only where there is a client).
        TooLong: if ``q`` is longer than a query may be.
        BadCursor: if ``cursor`` is not one that this search gave out in the last days.
    """
    try:
        admitted = guard.admit(request.q)
    except QueryTooLong as wrong:
        raise TooLong(str(wrong)) from wrong
    before = cursors.read(request.cursor, request.search, today) if request.cursor else Cursor(today, ())
    query = parse(admitted, before.began)
    query = replace(query, filters=_narrowed(query.filters, request))
    limit = max(1, min(request.limit, DEEPEST))
    offset = len(before.seen) if request.page is None else max(0, request.page - 1) * limit
    try:
        engine = current_engine()
    except NoIndex:
        listing, shown = search_titles(query, before.seen, offset=offset, limit=limit, last_visit=last_visit)
        cursor = cursors.written(replace(before, seen=shown), request.search)
        return SearchPage(request, listing, understood=describe(query), cursor=cursor)
    if name := engine.author(query):
        authors = (*query.filters.authors, name)
        query = replace(query, root=None, meaning="", filters=replace(query.filters, authors=authors))
        query = replace(
            query, notes=(*query.notes, f'read as an author\'s name; for the words themselves write "{name}"')
        )
    sort = "heat" if request.sort is Sort.TRENDING else request.sort.value
    reach = max(0, min(limit, DEEPEST - offset))
    look = partial(engine.search, query, k=reach, offset=offset, sort=sort, mode=request.mode, seen=before.seen)
    found = turns_in(settings.DATA / "turns").run(client, look) if client else look()
    listing = Listing(
        cards=_cards(query, found, request.sort, last_visit),
        total=found.total,
        offset=offset,
        limit=limit,
        facets=_facets(found, request),
        notes=_notes(query, engine, request.mode, found, offset, limit),
    )
    corrected = None if query.pinned else engine.suggest(admitted)
    return SearchPage(
        request,
        listing,
        understood=describe(query),
        suggestion=corrected.text if corrected else "",
        named=_named(query, found, listing),
        exact=found.exact,
        cursor=cursors.written(replace(before, seen=found.shown), request.search),
    )


def _named(query: Query, found: Found, listing: Listing) -> str:
    """The key of the one paper that was named: by an id or an address, or by all of its title."""
    named = [hit.paper for hit in found.hits if hit.named]
    if not (named and listing.cards and listing.cards[0].paper == named[0]):
        return ""
    by_title = len(named) == 1 and len(words(query.text)) >= _WORDS_OF_A_TITLE
    return listing.cards[0].key if query.pinned or by_title else ""


def _narrowed(filters: Filters, request: SearchRequest) -> Filters:
    return replace(
        filters,
        since=request.since or filters.since,
        until=request.until or filters.until,
        topics=(request.topic,) if request.topic else filters.topics,
        sources=(request.source,) if request.source else filters.sources,
        has_code=True if request.has_code else filters.has_code,
        first_year=request.year or filters.first_year,
        last_year=request.year or filters.last_year,
        venues=(request.venue,) if request.venue else filters.venues,
    )


def _cards(query: Query, found: Found, sort: Sort, last_visit: datetime | None) -> tuple[Card, ...]:
    hits = {hit.paper: hit for hit in found.hits}
    in_title, in_abstract = Highlighter(query.root, "title"), Highlighter(query.root, "abstract")
    why = Why(query, sort)
    return tuple(
        replace(
            one,
            score=hits[one.paper].score,
            reasons=why.reasons(one, hits[one.paper]),
            title_segments=_segments(in_title.whole(one.title)),
            abstract_segments=_segments(in_abstract.crop(one.abstract or one.summary, _ABSTRACT_SHOWN)),
        )
        for one in cards_by_number(list(hits), last_visit=last_visit)
    )


def _segments(found: Segments) -> tuple[cards.Segment, ...]:
    return tuple(cards.Segment(part.text, part.hit) for part in found)


def _facets(found: Found, request: SearchRequest) -> dict[str, tuple[Facet, ...]]:
    chosen = {
        "topic": request.topic,
        "source": request.source,
        "code": "yes" if request.has_code else "",
        "year": str(request.year or ""),
        "venue": request.venue,
    }
    return {
        ours: tuple(
            Facet(value, topic_name(value) if ours == "topic" else value, count, value == chosen.get(ours))
            for value, count in list(found.facets.get(theirs, {}).items())[:_MOST_FACETS]
        )
        for theirs, ours in _FACETS.items()
    }


def _notes(query: Query, engine: Engine, mode: Mode, found: Found, offset: int, limit: int) -> tuple[str, ...]:
    notes = [*query.notes, *(f"{name} was ignored: no paper here has this id" for name in engine.unknown(query))]
    if mode is not Mode.WORDS and engine.search_engine.spaces.serving.encoder is None:
        notes.append("Search by meaning rests until the index is rebuilt: these papers were found by their words.")
    if found.total > DEEPEST and offset + limit >= DEEPEST:
        notes.append(f"Only the first {DEEPEST:,} can be paged through: narrow the search to see others.")
    return tuple(notes)
