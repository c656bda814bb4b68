"""What arXiv announced of a paper, from the places that its record has in editions."""

from collections.abc import Iterator, Sequence

from broadsheet.core.record import Record
from broadsheet.sources.arxiv.home import listed_under
from broadsheet.sources.place import Announced, Announcement


def announcements(made: Record, wanted: Sequence[str]) -> Iterator[Announcement]:
    """As what arXiv announced the paper under each of the topics ``wanted``, or of its own if none are."""
    for place in made.placements:
        for topic, first in listed_under(made.topics, wanted):
            kind = Announced.NEW if first else Announced.CROSS
            yield Announcement(made.source_id, place.day, topic, kind, place.certain)
