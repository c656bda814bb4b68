"""The rail beside a list: its topics as links, its other filters as a form, and what is narrowed now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from broadsheet.core.card import Facet
from broadsheet.core.topics import topic_name
from broadsheet.web.address import Address
from broadsheet.web.wording import source_name

SHOWN_TOPICS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A link of the rail: ``code`` is its value where that differs from the label."""

    label: str
    link: str
    count: int = 0
    chosen: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Rail:
    """``topics`` are the largest, ``more_topics`` the rest; ``chips`` take away what narrows the list now."""

    topics: tuple[Choice, ...] = ()
    more_topics: tuple[Choice, ...] = ()
    sources: tuple[Facet, ...] = ()
    years: tuple[Facet, ...] = ()
    venues: tuple[Facet, ...] = ()
    with_code: int | None = None
    chips: tuple[Choice, ...] = ()


def rail(address: Address, facets: Mapping[str, Sequence[Facet]]) -> Rail:
    topics = [
        Choice(
            label=one.label,
            code=one.value if one.value != one.label else "",
            link=address.link(topic="" if one.chosen else one.value),
            count=one.count,
            chosen=one.chosen,
        )
        for one in facets.get("topic", ())
    ]
    code = facets.get("code")
    return Rail(
        topics=tuple(topics[:SHOWN_TOPICS]),
        more_topics=tuple(topics[SHOWN_TOPICS:]),
        sources=tuple(facets.get("source", ())),
        years=_with_chosen(facets.get("year", ()), address.get("year")),
        venues=_with_chosen(facets.get("venue", ()), address.get("venue")),
        with_code=None if code is None else sum(one.count for one in code),
        chips=tuple(_chips(address)),
    )


def _with_chosen(facets: Sequence[Facet], chosen: str) -> tuple[Facet, ...]:
    """``facets``, and what is chosen where nothing was counted under just that name (a venue of all years)."""
    known = not chosen or any(one.value == chosen for one in facets)
    return tuple(facets) if known else (Facet(chosen, chosen, 0, chosen=True), *facets)


def _chips(address: Address) -> list[Choice]:
    chips = []
    if topic := address.get("topic"):
        chips.append(Choice(topic_name(topic), address.link(topic="")))
    if source := address.get("source"):
        chips.append(Choice(f"from {source_name(source)}", address.link(source="")))
    if year := address.get("year"):
        chips.append(Choice(f"of {year}", address.link(year="")))
    if venue := address.get("venue"):
        chips.append(Choice(f"at {venue}", address.link(venue="")))
    if address.get("code"):
        chips.append(Choice("with code", address.link(code="")))
    if since := address.get("since"):
        chips.append(Choice(f"since {since}", address.link(since="")))
    if until := address.get("until"):
        chips.append(Choice(f"until {until}", address.link(until="")))
    return chips
