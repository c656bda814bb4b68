"""Days, weeks and months as headlines and links say them."""

from datetime import date

from broadsheet.core.day import Period, PeriodKind

_SOURCES = {
    "arxiv": "arXiv",
    "huggingface": "Daily Papers",
    "acl": "ACL Anthology",
    "openreview": "OpenReview",
    "starter": "Starter edition",
    "bibtex": "BibTeX file",
    "ris": "RIS file",
    "jsonl": "JSON Lines file",
    "page": "Saved page",
}

_SCHEMES = {"arxiv": "arXiv", "doi": "DOI", "openreview": "OpenReview", "acl": "ACL Anthology", "local": "Local"}


def headline(period: Period) -> str:
    """``Tuesday, February 10, 2026``; ``February 9 to 15, 2026``; ``February 2026``."""
    first, last = period.first, period.last
    match period.kind:
        case PeriodKind.DAY:
            return f"{first:%A, %B} {first.day}, {first.year}"
        case PeriodKind.WEEK:
            if first.year != last.year:
                return f"{first:%B} {first.day}, {first.year} to {last:%B} {last.day}, {last.year}"
            end = f"{last.day}" if first.month == last.month else f"{last:%B} {last.day}"
            return f"{first:%B} {first.day} to {end}, {last.year}"
        case _:
            return f"{first:%B %Y}"


def kicker(period: Period) -> str:
    """What stands above the headline of a period."""
    match period.kind:
        case PeriodKind.DAY:
            return "Daily edition"
        case PeriodKind.WEEK:
            return f"Week {period.first.isocalendar().week}"
        case _:
            return "Month"


def short(period: Period, today: date) -> str:
    """A period as a link names it: ``Mon, Feb 9``, ``Week 6``, ``January``; with the year if not this one."""
    first = period.first
    match period.kind:
        case PeriodKind.DAY:
            name, year = f"{first:%a, %b} {first.day}", first.year
        case PeriodKind.WEEK:
            year, week, _ = first.isocalendar()
            name = f"Week {week}"
        case _:
            name, year = f"{first:%B}", first.year
    return name if year == today.year else f"{name}, {year}"


def counted(count: int, one: str, many: str) -> str:
    """``1 paper``, ``2,412 papers``."""
    return f"{count:,} {one if count == 1 else many}"


def source_name(source: str) -> str:
    """A source as people call it."""
    return _SOURCES.get(source, source)


def scheme_name(scheme: str) -> str:
    """A kind of id as people call it."""
    return _SCHEMES.get(scheme, scheme)
