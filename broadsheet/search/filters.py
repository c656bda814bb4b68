"""What a search is narrowed to: conditions that a paper meets or does not meet, never a matter of degree."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions joined by *and*; the values of one tuple are joined by *or*, an exclusion rules out each.

    ``since`` and ``until`` are inclusive days, ``first_year`` and ``last_year`` inclusive years. Topics and
    sources are compared whole, without regard to case; a topic also covers what is under it (``cs`` covers
    ``cs.CL``). A venue is met when all its words stand in the paper's (``iclr`` is every year's). ``authors`` are names
    of people who must all be among the paper's authors; given name first or last, a middle name may be left out.
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
