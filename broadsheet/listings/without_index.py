"""Search while there is no index: plain words in titles, from the database, newest first. Slow, short and honest."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from broadsheet.catalog.models import Paper
from broadsheet.core.card import Listing
from broadsheet.listings.cards import cards_by_number
from broadsheet.search.function_words import FUNCTION_WORDS
from broadsheet.search.normalise import words
from broadsheet.search.syntax import Query, leaves

NOTE = (
    "The search index is not there or is being built: these are the newest papers with your words in the title, "
    "without filters by topic and without search by meaning."
)
_MOST_WORDS = 6
_MOST_FOUND = 200


def search_titles(
    query: Query, seen: Sequence[int] = (), *, offset: int, limit: int, last_visit: datetime | None = None
) -> tuple[Listing, tuple[int, ...]]:
    """The papers named by an id, then those whose title holds every plain word; at most ``_MOST_FOUND``. They stand
    behind the papers ``seen``; the second value is what has been shown with this page."""
    plain = [part for leaf in leaves(query.root) for part in words(getattr(leaf, "text", ""))]
    wanted = [word for word in plain if word not in FUNCTION_WORDS][:_MOST_WORDS]
    papers = Paper.objects.visible()
    numbers = (
        list(papers.filter(identifiers__key__in=query.pinned).values_list("id", flat=True)) if query.pinned else []
    )
    if wanted or query.filters.since or query.filters.until:
        standing = Q()
        for word in wanted:
            standing &= Q(title__icontains=word)
        if query.filters.since:
            standing &= Q(published__gte=query.filters.since)
        if query.filters.until:
            standing &= Q(published__lte=query.filters.until)
        found = papers.filter(standing).newest_first().values_list("id", flat=True)[:_MOST_FOUND]
        numbers += [number for number in found if number not in numbers]
    numbers = [*seen, *(number for number in numbers if number not in seen)]
    listing = Listing(
        cards=tuple(cards_by_number(numbers[offset : offset + limit], last_visit=last_visit)),
        total=len(numbers),
        offset=offset,
        limit=limit,
        notes=(*query.notes, NOTE),
    )
    return listing, tuple(numbers[: max(offset + limit, len(seen))])
