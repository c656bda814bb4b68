"""Papers into cards, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from broadsheet.catalog.models import Paper
from broadsheet.core.card import Card

FURTHEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What narrows a list. Empty means no narrowing."""

    topic: str = ""
    source: str = ""
    has_code: bool = False

    def __bool__(self) -> bool:
        return bool(self.topic or self.source or self.has_code)

    def admits(self, topics: Sequence[str], sources: Sequence[str], links: Iterable[str]) -> bool:
        """Whether a paper with these topics, sources and kinds of link is in scope.

        A topic such as ``cs`` admits all of its parts (``cs.CL``).
        """
        if self.topic and not any(one == self.topic or one.startswith(f"{self.topic}.") for one in topics):
            return False
        if self.source and self.source not in sources:
            return False
        return not self.has_code or "code" in links


def card(paper: Paper, *, last_visit: datetime | None = None) -> Card:
    links = paper.links
    return Card(
        paper=paper.id,
        key=paper.key,
        title=paper.title,
        abstract=paper.abstract,
        summary=paper.summary,
        summary_by=paper.summary_by,
        authors=tuple(paper.authors),
        author_count=paper.author_count,
        published=paper.published,
        precision=paper.precision,
        topics=tuple(paper.topics),
        keywords=tuple(paper.keywords),
        venue=paper.venue,
        code_url=links.get("code", ""),
        project_url=links.get("project", ""),
        pdf_url=links.get("pdf", ""),
        thumbnail_url=links.get("thumbnail", ""),
        signals=paper.signals,
        sources=tuple(paper.sources),
        submitted_by=paper.submitted_by,
        organization=paper.organization,
        withdrawn=paper.withdrawn,
        day=paper.listed_on,
        fresh=last_visit is not None and paper.added_at > last_visit,
    )


def cards_by_number(numbers: Sequence[int], *, last_visit: datetime | None = None) -> list[Card]:
    """The cards of the papers ``numbers``, in that order; a paper that is gone is left out. One query."""
    papers = Paper.objects.defer("comment", "journal_ref", "origins").in_bulk(list(numbers))
    return [card(papers[number], last_visit=last_visit) for number in numbers if number in papers]


def offset_of(page: int, limit: int) -> int:
    """How many papers come before ``page`` (from 1); past any end rather than past what a database counts to."""
    return min(max(0, page - 1) * limit, FURTHEST)


def placed(one: Card, *, picked: bool, day: date) -> Card:
    return replace(one, picked=picked, day=day)
