"""Export: every record of every paper as a line of our JSON Lines; importing the lines gives the papers again."""

from collections.abc import Iterator

from broadsheet.catalog.models import Paper
from broadsheet.catalog.models import Record as RecordRow
from broadsheet.catalog.payload import unpack
from broadsheet.sources.jsonl.write import from_record, line

_PAPERS = 500


def export_lines() -> Iterator[bytes]:
    """A line for each record, the records of a paper one after the other. Memory does not grow with the catalogue.

    Records, not papers: what is held of a paper is merged from them, and merging them anew gives the same facts.
    """
    for numbers in _paper_numbers():
        for row in RecordRow.objects.filter(paper__in=numbers).order_by("paper", "id"):
            yield line(from_record(unpack(bytes(row.payload))))


def _paper_numbers() -> Iterator[list[int]]:
    last = 0
    while numbers := list(Paper.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:_PAPERS]):
        yield numbers
        last = numbers[-1]
