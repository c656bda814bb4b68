"""The routes to Daily Papers, the one that files papers by day first."""

from collections.abc import Mapping
from datetime import timedelta

from broadsheet.sources.huggingface.asked import BASE
from broadsheet.sources.huggingface.daily import DailyPapersByDay, DailyPapersOver
from broadsheet.sources.huggingface.paper import DailyPapersByName
from broadsheet.sources.place import Source

# How long a list of many days is left alone after it was read.
_RESTS = {"trending": timedelta(hours=1), "week": timedelta(hours=3), "month": timedelta(hours=12)}


def routes(bases: Mapping[str, str]) -> tuple[Source, ...]:
    """``bases``: other addresses of some routes, by their names, for a mirror or a test."""
    return (
        DailyPapersByDay(bases.get("daily") or BASE),
        *(DailyPapersOver(bases.get(name) or BASE, name, rest) for name, rest in _RESTS.items()),
        DailyPapersByName(bases.get("paper") or BASE),
    )
