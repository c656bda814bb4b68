"""Card, Reason, Listing: what a list shows, ready to render as HTML, JSON, a feed or a mail."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from broadsheet.core.signal import Kind, signal_name


class ReasonKind(StrEnum):
    WORDS = "words"
    MEANING = "meaning"
    EXACT = "exact"
    SIGNAL = "signal"
    PLACE = "place"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a paper is in a list: a sentence for people, a kind and a weight (0 to 1) for programs."""

    kind: ReasonKind
    sentence: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text; ``hit`` if it matches what was searched."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One paper as a list shows it.

    ``signals`` maps the name of a signal (``huggingface.votes``) to its last reading. ``title_segments`` and
    ``abstract_segments`` are set where words are to be marked. ``fresh`` means not seen at the last visit.
    """

    paper: int
    key: str
    title: str
    abstract: str
    summary: str
    summary_by: str
    authors: tuple[str, ...]
    author_count: int
    published: date | None
    precision: str
    topics: tuple[str, ...]
    keywords: tuple[str, ...]
    venue: str
    code_url: str
    project_url: str
    pdf_url: str
    thumbnail_url: str
    signals: dict[str, int]
    sources: tuple[str, ...]
    submitted_by: str
    organization: str
    withdrawn: bool = False
    picked: bool = False
    day: date | None = None
    fresh: bool = False
    score: float | None = None
    reasons: tuple[Reason, ...] = ()
    title_segments: tuple[Segment, ...] = ()
    abstract_segments: tuple[Segment, ...] = ()

    def count(self, kind: Kind, source: str) -> int | None:
        return self.signals.get(signal_name(source, kind))

    @property
    def votes(self) -> int:
        """Votes given here."""
        return self.signals.get("broadsheet.votes", 0)

    @property
    def their_votes(self) -> int:
        """Votes given on Hugging Face's Daily Papers, shown as theirs."""
        return self.signals.get("huggingface.votes", 0)

    @property
    def comments(self) -> int:
        return self.signals.get("broadsheet.comments", 0)

    @property
    def their_comments(self) -> int:
        return self.signals.get("huggingface.comments", 0)

    @property
    def stars(self) -> int:
        return self.signals.get("github.stars", 0)

    @property
    def citations(self) -> int:
        return max((count for name, count in self.signals.items() if name.endswith(".citations")), default=0)


@dataclass(frozen=True, slots=True)
class Facet:
    """How many papers of a listing have ``value`` (``cs.CL``); ``label`` is for people."""

    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of cards: ``cards`` are numbers ``offset`` to ``offset + len(cards)`` of ``total``.

    ``notes`` tell the reader what they should know of it ("the index is being built: words only").
    """

    cards: tuple[Card, ...]
    total: int
    offset: int = 0
    limit: int = 50
    facets: dict[str, tuple[Facet, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def page(self) -> int:
        """Counted from 1."""
        return self.offset // self.limit + 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.limit))
