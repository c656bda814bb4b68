"""What a search is narrowed to: conditions that a paper meets or does not meet, never a matter of degree."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions joined by *and*; the values of one tuple are joined by *or*, an exclusion rules out each.

    ``since`` and ``until`` are inclusive days, ``first_year`` and ``last_year`` inclusive years. Topics, sources
    and venues are compared whole, without regard to case; a topic also covers what is under it (``cs`` covers
    ``cs.CL``). ``authors`` are names that must all be in the paper's author list, word by word.
    """

    since: date | None = None
    until: date | None = None
    first_year: int | None = None
    last_year: int | None = None
    topics: tuple[str, ...] = ()
    without_topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    without_sources: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    without_venues: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    has_code: bool | None = None
    lang: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """True when nothing is narrowed."""
        return self == NO_FILTERS


NO_FILTERS = Filters()
