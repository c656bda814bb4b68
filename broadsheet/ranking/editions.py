"""The order of an edition: what people picked, by votes; then everything else of the day."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A paper's claim to a place. ``placed`` is the position that its source gave it, 0 at the top."""

    entry: int
    picked: bool
    points: float
    placed: int
    key: str


def in_order(places: Iterable[Place]) -> list[Place]:
    """``places`` as an edition prints them.

    Picked papers lead, most noticed first and, among equals, as the source placed them: people chose them to
    be read. The rest of the day follows in the same way and then by id, which for arXiv is the order of
    arrival: completeness matters more there than any guess of ours at worth.
    """
    return sorted(places, key=lambda one: (not one.picked, -one.points, one.placed, one.key))
