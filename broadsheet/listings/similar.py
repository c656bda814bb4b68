"""Papers like a paper, computed here: they exist on the day the paper arrives."""

from dataclasses import replace

from broadsheet.core.card import Card, Reason, ReasonKind
from broadsheet.listings.cards import cards_by_number
from broadsheet.listings.engine import NoIndex, current_engine

SIMILAR = 8


def similar_cards(paper: int, limit: int = SIMILAR) -> tuple[Card, ...]:
    """Nearest by meaning first, the paper itself left out; none while there is no index."""
    try:
        hits = current_engine().similar([paper], limit)
    except NoIndex:
        return ()
    near = {hit.paper: hit.score for hit in hits if hit.paper != paper}
    return tuple(
        replace(
            one,
            score=near[one.paper],
            reasons=(Reason(ReasonKind.MEANING, f"{near[one.paper]:.0%} alike in meaning", near[one.paper]),),
        )
        for one in cards_by_number(list(near)[:limit])
    )
