"""The papers of an author's name."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.catalog.models import Paper
from broadsheet.core import text
from broadsheet.core.card import Listing
from broadsheet.listings.cards import cards_by_number, offset_of


@dataclass(frozen=True, slots=True)
class AuthorPage:
    key: str
    name: str
    listing: Listing


def author_page(
    key: str, *, page: int = 1, limit: int = 50, last_visit: datetime | None = None
) -> AuthorPage | None:
    """The newest papers first; None if nobody of that name wrote one. The name is as the newest paper writes it."""
    if not key.isprintable():
        return None
    papers = Paper.objects.visible().by_author(key).newest_first()
    newest = papers.values_list("authors", flat=True).first()
    if newest is None:
        return None
    offset = offset_of(page, limit)
    shown = list(papers.values_list("id", flat=True)[offset : offset + limit])
    cards = tuple(cards_by_number(shown, last_visit=last_visit))
    name = next(name for name in newest if text.name_key(name) == key)
    return AuthorPage(key, name, Listing(cards, papers.count(), offset, limit))
