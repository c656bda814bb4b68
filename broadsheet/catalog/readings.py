"""The readings of papers' signals over time, out of the records that told them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from broadsheet.catalog.models import Observation
from broadsheet.core.day import edition_day
from broadsheet.core.signal import Kind, signal_name


def readings_of(numbers: Collection[int], names: Collection[str]) -> dict[int, dict[str, list[tuple[date, int]]]]:
    """For each paper in ``numbers`` that has any: name of the signal -> day and value, the last of each edition day,
    in the order of days. One query, whatever its records."""
    rows = Observation.objects.filter(record__paper__in=numbers, kind__in=list(Kind)).values_list(
        "record__paper_id", "source", "kind", "seen_at", "value"
    )
    last: dict[int, dict[str, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
    # Of two readings at one moment the larger stays, as it does on the paper.
    for paper, source, kind, seen_at, value in sorted(rows, key=lambda row: (row[3], row[4])):
        name = signal_name(source, Kind(kind))
        if name in names:
            last[paper][name][edition_day(seen_at)] = value
    return {paper: {name: list(days.items()) for name, days in signals.items()} for paper, signals in last.items()}
