"""The orders in which papers found can be listed."""

from enum import StrEnum


class Sort(StrEnum):
    BEST = "best"
    NEWEST = "newest"
    VOTES = "votes"
    CITATIONS = "citations"
    TRENDING = "trending"
