"""Records into rows: match, merge, store; paper change and outbox row in one transaction.

``absorb_batch`` goes through these steps, each one query or a few for the whole batch:

1. check every record; a bad one is refused with its reason and the rest go on;
2. add each to what its source has said of it before; leave out what says nothing new;
3. gather every record held that shares an id or a title with these, and with those in turn;
4. find which of them speak of one work (``core.sameness``), and the paper that each work is, joining or parting
   papers where the records now tell it so;
5. merge all records of each touched paper into its facts (``core.merge``);
6. write papers, names, authors, versions, places in editions, observations and the outbox.

Papers are a function of the records held: the order in which records and batches arrive makes no difference.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from django.db import transaction
from django.utils import timezone

from broadsheet.catalog import entries, names, rows
from broadsheet.catalog.models import Identifier, Paper
from broadsheet.catalog.models import Record as RecordRow
from broadsheet.catalog.payload import pack, ready, unpack
from broadsheet.catalog.rows import Name
from broadsheet.core import text
from broadsheet.core.merge import merge
from broadsheet.core.record import BadRecord, Record
from broadsheet.core.sameness import COMMON_TITLE, Clue, works
from broadsheet.core.saying import followed, settled

BATCH = 500


@dataclass(slots=True)
class Absorbed:
    """What became of a batch: papers made, papers changed, records that said nothing new.

    ``refused`` holds the number of each bad record in the batch, and the reason.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    def __iadd__(self, other: "Absorbed") -> "Absorbed":
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.refused += other.refused
        return self


@dataclass(slots=True)
class _Said:
    """A record of the works at hand, the paper its row is of, and its packed form if it is to be written."""

    record: Record
    title_key: str
    paper: int | None = None
    payload: bytes | None = None


@dataclass(slots=True)
class _Work:
    """The names of the records that speak of one work, and the paper that it is, if one is held."""

    names: list[Name]
    paper: int | None = None


@transaction.atomic
def absorb_batch(records: Sequence[Record], packed: Sequence[bytes] | None = None) -> Absorbed:
    """Store ``records``; at most about ``BATCH`` of them, so that the transaction stays short.

    ``packed``: what ``payload.ready`` made of each, where that was done elsewhere; ``records`` are then its records.
    """
    done = Absorbed()
    good = _checked(records, done) if packed is None else list(zip(records, packed, strict=True))
    if not good:
        return done
    rows.one_writer_at_a_time()
    said, readings = _news(good, done)
    if said:
        common = _gather(said)
        _store(said, common, done)
    rows.write_observations(readings)
    return done


def _checked(records: Sequence[Record], done: Absorbed) -> list[tuple[Record, bytes]]:
    good = []
    for number, record in enumerate(records):
        try:
            good.append(ready(record))
        except BadRecord as wrong:
            done.refused.append((number, str(wrong)))
    return good


def _news(records: Iterable[tuple[Record, bytes]], done: Absorbed) -> tuple[dict[Name, _Said], list[Record]]:
    """What is new of each record, and the records whose readings of signals may be new."""
    by_name: dict[Name, list[tuple[Record, bytes]]] = defaultdict(list)
    for record, payload in records:
        by_name[record.source, record.source_id].append((record, payload))
    held = _rows_held(by_name)
    said: dict[Name, _Said] = {}
    readings: list[Record] = []
    for name, sayings in by_name.items():
        row = held.get(name)
        before = bytes(row.payload) if row else b""
        now, payload = settled(sayings[0][0]), sayings[0][1]
        # Most often a source repeats itself, which is seen without unpacking what is held.
        if len(sayings) > 1 or (before and payload != before):
            now = reduce(followed, [record for record, _ in sayings], unpack(before) if before else now)
            payload = pack(now)
        if payload == before:
            done.unchanged += 1
        else:
            said[name] = _Said(now, text.title_key(now.title), row.paper_id if row else None, payload)
        held_readings = set(now.observations) if payload == before else set()
        readings += [one for one, _ in sayings if not held_readings.issuperset(one.observations)]
    return said, readings


def _rows_held(wanted: Iterable[Name]) -> dict[Name, RecordRow]:
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, source_id in wanted:
        by_source[source].append(source_id)
    return {
        (row.source, row.source_id): row
        for source, source_ids in by_source.items()
        for row in RecordRow.objects.filter(source=source, source_id__in=source_ids)
    }


def _gather(said: dict[Name, _Said]) -> set[str]:
    """Add to ``said`` every record held that could speak of one of its works: a query or two for each step away.

    Returns the titles that so many records have that they tell nothing; records are not gathered by these.
    """
    keys = {one.key for new in said.values() for one in new.record.ids}
    titles = {new.title_key for new in said.values()}
    new_of_title = Counter(new.title_key for new in said.values() if new.paper is None)
    papers = {new.paper for new in said.values() if new.paper is not None}
    papers |= set(Identifier.objects.filter(key__in=keys).values_list("paper_id", flat=True))
    seen: set[int] = set()
    asked: set[str] = set()
    common: set[str] = set()
    while titles or papers - seen:
        alike: dict[str, list[int]] = defaultdict(list)
        for key, paper in RecordRow.objects.filter(title_key__in=titles).values_list("title_key", "paper_id"):
            alike[key].append(paper)
        common |= {key for key in titles if len(alike[key]) + new_of_title[key] > COMMON_TITLE}
        papers |= {paper for key, borne in alike.items() if key not in common for paper in borne}
        asked |= titles
        titles = set()
        for row in RecordRow.objects.filter(paper__in=papers - seen):
            name = (row.source, row.source_id)
            if name not in said:
                said[name] = _Said(unpack(bytes(row.payload)), row.title_key, row.paper_id)
            titles.add(said[name].title_key)
        seen |= papers
        titles -= asked
    return common


def _store(said: Mapping[Name, _Said], common: Container[str], done: Absorbed) -> None:
    now = timezone.now()
    numbers = {one.paper for one in said.values() if one.paper is not None}
    held = Paper.objects.in_bulk(list(numbers)) if numbers else {}
    found, became = _works(said, common, {paper.id: paper.key for paper in held.values()})
    rows_of = Counter(one.paper for one in said.values())
    touched = [work for work in found if _is_touched(work, said, rows_of)]
    rows.move_papers(became)
    before = {work.paper: held[work.paper] for work in touched if work.paper is not None}
    facts = [merge([said[name].record for name in work.names]) for work in touched]
    papers, changed = rows.write_papers(
        [(work.paper, one) for work, one in zip(touched, facts, strict=True)], before, now
    )
    facts_of = dict(zip(papers, facts, strict=True))
    paper_of = {name: paper for paper, work in zip(papers, touched, strict=True) for name in work.names}
    rows.write_records(
        [
            rows.Said(paper_of[name], one.record, one.title_key, one.payload)
            for name, one in said.items()
            if one.payload is not None
        ],
        now,
    )
    rows.move_records(
        {name: paper for name, paper in paper_of.items() if said[name].paper not in (None, paper)},
    )
    changed |= names.write_names(facts_of, before)
    names.write_authors(facts_of, before)
    rows.write_versions(facts_of, before)
    entries.write_entries(
        {paper: [said[name].record for name in work.names] for paper, work in zip(papers, touched, strict=True)},
        held=set(before),
    )
    rows.write_outbox([paper for paper in papers if paper not in before or paper in changed], became)
    done.added += len(papers) - len(before)
    done.changed += len(changed & set(before))


def _works(
    said: Mapping[Name, _Said], common: Container[str], keys: Mapping[int, str]
) -> tuple[list[_Work], dict[int, int]]:
    """The works that the records speak of, and which paper has become which where several turn out to be one.

    A paper (``keys``: its number and key) stays with the work that has its key, else with the first that has
    one of its records.
    """
    ordered = sorted(said)
    clues = [
        Clue(
            one.record.title,
            "" if one.title_key in common else one.title_key,
            one.record.authors,
            one.record.abstract,
            one.record.ids,
        )
        for one in (said[name] for name in ordered)
    ]
    found = [_Work([ordered[number] for number in sorted(members)]) for members in works(clues)]
    owners: dict[int, _Work] = {}
    for work in found:
        own_keys = {one.key for name in work.names for one in said[name].record.ids}
        for paper in {said[name].paper for name in work.names} - {None}:
            if paper is not None and (paper not in owners or keys[paper] in own_keys):
                owners[paper] = work
    became: dict[int, int] = {}
    for paper in sorted(owners):
        work = owners[paper]
        if work.paper is None:
            work.paper = paper
        else:
            became[paper] = work.paper
    return found, became


def _is_touched(work: _Work, said: Mapping[Name, _Said], rows_of: Mapping[int | None, int]) -> bool:
    """Whether a record of ``work`` is new, or it is no longer made of the records of its paper alone."""
    if any(said[name].payload is not None or said[name].paper != work.paper for name in work.names):
        return True
    return len(work.names) != rows_of[work.paper]
