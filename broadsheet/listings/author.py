"""The papers of an author's name."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.catalog.models import Author, Paper
from broadsheet.core.card import Listing
from broadsheet.listings.cards import cards_by_number


@dataclass(frozen=True, slots=True)
class AuthorPage:
    key: str
    name: str
    listing: Listing


def author_page(
    key: str, *, page: int = 1, limit: int = 50, last_visit: datetime | None = None
) -> AuthorPage | None:
    """The newest papers first; None if nobody of that name wrote one."""
    author = Author.objects.filter(key=key).first()
    if author is None:
        return None
    papers = Paper.objects.visible().by_author(key).newest_first()
    offset = max(0, page - 1) * limit
    total = papers.count()
    shown = list(papers.values_list("id", flat=True)[offset : offset + limit])
    cards = tuple(cards_by_number(shown, last_visit=last_visit))
    return AuthorPage(key, author.name, Listing(cards, total, offset, limit))
