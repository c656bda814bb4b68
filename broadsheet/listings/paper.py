"""One paper, with everything that is known of it and where each fact came from."""

from dataclasses import dataclass
from datetime import date, datetime

from broadsheet.catalog.models import Paper
from broadsheet.core import ids
from broadsheet.core.card import Card
from broadsheet.core.ids import PaperId
from broadsheet.core.record import Version
from broadsheet.listings.cards import card
from broadsheet.listings.citations import bibtex, ris
from broadsheet.listings.similar import similar_cards


@dataclass(frozen=True, slots=True)
class PaperPage:
    """``key`` is the paper's own name: if it is not the one asked for, that was another name of it.

    ``origins`` maps a fact ("abstract") to its source; ``records`` tells which source said something, and when
    that was stored; ``editions`` are the days it was printed.
    """

    key: str
    card: Card
    ids: tuple[PaperId, ...]
    versions: tuple[Version, ...]
    comment: str
    journal_ref: str
    licence: str
    updated: date | None
    links: dict[str, str]
    origins: dict[str, str]
    records: tuple[tuple[str, datetime], ...]
    editions: tuple[date, ...]
    similar: tuple[Card, ...]
    bibtex: str
    ris: str


def find_paper(name: str) -> Paper | None:
    """The paper that ``name`` (a key, an id with or without version, a DOI, an address) names."""
    if not name.isprintable():
        return None
    exact = Paper.objects.with_key(name).first()
    if exact:
        return exact
    parsed = ids.parse(name)
    return Paper.objects.with_key(parsed.key).first() if parsed and parsed.key != name else None


def paper_page(name: str, *, last_visit: datetime | None = None) -> PaperPage | None:
    """The page of the paper that ``name`` names; None if no paper held has that name. Eight queries."""
    paper = find_paper(name)
    if paper is None:
        return None
    names = tuple(
        sorted(
            (ids.from_key(one.scheme, one.key) for one in paper.identifiers.all()),
            key=lambda one: (ids.KEY_ORDER.index(one.scheme), one.value),
        )
    )
    shown = card(paper, last_visit=last_visit)
    return PaperPage(
        key=paper.key,
        card=shown,
        ids=names,
        versions=tuple(Version(one.number, one.at) for one in paper.versions.order_by("number")),
        comment=paper.comment,
        journal_ref=paper.journal_ref,
        licence=paper.licence,
        updated=paper.updated,
        links=dict(paper.links),
        origins=dict(paper.origins),
        records=tuple(paper.records.order_by("stored_at", "id").values_list("source", "stored_at")),
        editions=tuple(paper.entries.order_by("edition__day").values_list("edition__day", flat=True)),
        similar=similar_cards(paper.id),
        bibtex=bibtex(shown, names),
        ris=ris(shown, names),
    )
