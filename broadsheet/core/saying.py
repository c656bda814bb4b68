"""What one source has said of one paper over time, made one record.

The words of the latest saying stand; what happened in time (versions, places in editions, readings of signals)
adds up. So the order in which sayings arrive makes no difference: an old one that comes late still tells of the
version or the edition that only it knew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from broadsheet.core.record import Placement, Record, Version
from broadsheet.core.signal import Observation


def moment(record: Record) -> tuple[int, float]:
    """What makes one saying of a source later than another: the paper's version, then the clock."""
    version = max((one.number for one in record.versions), default=0)
    return version, record.seen_at.timestamp() if record.seen_at else 0.0


def settled(record: Record) -> Record:
    """``record`` with one version of each number, one place in each edition, one reading of each signal."""
    if max(len(record.versions), len(record.placements), len(record.observations)) <= 1:
        return record
    return replace(
        record,
        versions=_versions(record.versions),
        placements=_placements(record.placements),
        observations=_observations(record.observations),
    )


def followed(held: Record, said: Record) -> Record:
    """Two sayings of one source and source id as one record; of two from one moment ``said`` has the word."""
    latest = said if moment(said) >= moment(held) else held
    return replace(
        latest,
        versions=_versions((*held.versions, *said.versions)),
        placements=_placements((*held.placements, *said.placements)),
        observations=_observations((*held.observations, *said.observations)),
    )


def filed(records: Iterable[Record]) -> tuple[Placement, ...]:
    """The places that count of the records of one paper, each ``by`` somebody.

    Of one source, a day read in a listing takes the place of all that were concluded; without one the earliest
    that was concluded counts: a source announces a paper once.
    """
    by_source: dict[str, list[Placement]] = {}
    for record in records:
        for place in record.placements:
            named = place if place.by else replace(place, by=record.source)
            by_source.setdefault(record.source, []).append(named)
    return tuple(place for places in by_source.values() for place in _counting(places))


def _counting(held: Sequence[Placement]) -> Sequence[Placement]:
    if all(place.certain for place in held):
        return held
    if any(place.certain and not place.picked for place in held):
        return [place for place in held if place.certain]
    concluded = min((place for place in held if not place.certain), key=lambda place: place.day)
    return [place for place in held if place.certain or place is concluded]


def better_place(one: Placement, other: Placement) -> Placement:
    """Which of two places in one edition counts: where people picked the paper, what was read, what stood higher."""
    return min(one, other, key=lambda place: (not place.picked, not place.certain, place.position, place.by))


def _versions(versions: Iterable[Version]) -> tuple[Version, ...]:
    """By number; of two dates of a version the earlier, since no version appears before it exists."""
    dates: dict[int, date | None] = {}
    for one in versions:
        known = [at for at in (dates.get(one.number), one.at) if at]
        dates[one.number] = min(known, default=None)
    return tuple(Version(number, dates[number]) for number in sorted(dates))


def _placements(placements: Iterable[Placement]) -> tuple[Placement, ...]:
    best: dict[date, Placement] = {}
    for one in placements:
        best[one.day] = better_place(best.get(one.day, one), one)
    return tuple(best[day] for day in sorted(best))


def _observations(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """The last reading of each signal; of two at one moment the larger."""
    last: dict[str, Observation] = {}
    for one in observations:
        held = last.get(one.name)
        if held is None or (one.seen_at, one.value) > (held.seen_at, held.value):
            last[one.name] = one
    return tuple(last[name] for name in sorted(last))
