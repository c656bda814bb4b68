"""Records into rows: match, merge, store; paper change and outbox row in one transaction.

``absorb_batch`` goes through these steps, each one query or a few for the whole batch:

1. check every record; a bad one is refused with its reason and the rest go on;
2. leave out what a source has already said in the same words;
3. find the paper each record speaks of: the one its source's record had, else by id, else by title and
   ``core.sameness``; records of the batch that speak of one new paper are brought together;
4. join papers that turn out to be one;
5. merge all records of each touched paper into its facts (``core.merge``);
6. write papers, names, authors, versions, places in editions, observations and the outbox.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from broadsheet.catalog import rows
from broadsheet.catalog.models import Identifier, Paper
from broadsheet.catalog.models import Record as RecordRow
from broadsheet.catalog.payload import pack, unpack
from broadsheet.core import ids, text
from broadsheet.core.merge import merge
from broadsheet.core.record import BadRecord, Record, checked
from broadsheet.core.sameness import Clue, same_work

BATCH = 500


@dataclass(slots=True)
class Absorbed:
    """What became of a batch. ``refused`` holds the number of each bad record in it, and the reason."""

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
class _Group:
    """The records that speak of one paper: those of the batch, and the paper already held, if any."""

    paper: int | None
    said: list[tuple[Record, bytes]]
    clue: Clue | None = None


@transaction.atomic
def absorb_batch(records: Sequence[Record]) -> Absorbed:
    """Store ``records``; at most about ``BATCH`` of them, so that the transaction stays short."""
    done = Absorbed()
    good = _checked(records, done)
    fresh = _not_yet_said(good, done)
    if not fresh:
        return done
    groups = _grouped(fresh)
    for group in groups:
        if group.paper is None:
            done.added += 1
        else:
            done.changed += 1
    _store(groups)
    return done


def _checked(records: Sequence[Record], done: Absorbed) -> list[Record]:
    good = []
    for number, record in enumerate(records):
        try:
            good.append(checked(record))
        except BadRecord as wrong:
            done.refused.append((number, str(wrong)))
    return good


def _not_yet_said(records: Iterable[Record], done: Absorbed) -> list[tuple[Record, bytes, int | None]]:
    """``(record, payload, paper of its row or None)`` of each record that is new or says something new."""
    latest: dict[tuple[str, str], Record] = {}
    for record in records:
        name = (record.source, record.source_id)
        if name not in latest or _moment(record) >= _moment(latest[name]):
            latest[name] = record
    rows_held: dict[tuple[str, str], RecordRow] = {}
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, source_id in latest:
        by_source[source].append(source_id)
    for source, source_ids in by_source.items():
        for held in RecordRow.objects.filter(source=source, source_id__in=source_ids):
            rows_held[held.source, held.source_id] = held
    fresh: list[tuple[Record, bytes, int | None]] = []
    for name, record in latest.items():
        payload = pack(record)
        row = rows_held.get(name)
        if row is None:
            fresh.append((record, payload, None))
        elif bytes(row.payload) == payload or _moment(record) < _moment(unpack(bytes(row.payload))):
            done.unchanged += 1
        else:
            fresh.append((record, payload, row.paper_id))
    return fresh


def _moment(record: Record) -> tuple[int, float]:
    """What makes one saying of a source later than another: the paper's version, then the clock."""
    version = max((one.number for one in record.versions), default=0)
    return version, record.seen_at.timestamp() if record.seen_at else 0.0


def _grouped(fresh: list[tuple[Record, bytes, int | None]]) -> list[_Group]:
    by_key = dict(
        Identifier.objects.filter(key__in={one.key for record, _, _ in fresh for one in record.ids}).values_list(
            "key", "paper_id"
        )
    )
    alike = _papers_alike({text.title_key(record.title) for record, _, _ in fresh})
    groups: dict[int, _Group] = {}
    new: dict[str, _Group] = {}
    new_by_title: dict[str, list[_Group]] = defaultdict(list)
    joins: list[tuple[int, int]] = []
    for record, payload, row_paper in fresh:
        title = text.title_key(record.title)
        papers = {by_key[one.key] for one in record.ids if one.key in by_key}
        if row_paper is not None:
            papers.add(row_paper)
        clue = Clue(record.title, record.authors, record.abstract, record.ids)
        if not papers:
            papers = {paper for paper, held in alike.get(title, ()) if same_work(clue, held)}
        if papers:
            first, *others = sorted(papers)
            joins += [(first, other) for other in others]
            groups.setdefault(first, _Group(first, [])).said.append((record, payload))
            continue
        group = next((new[one.key] for one in record.ids if one.key in new), None)
        group = group or next(
            (one for one in new_by_title[title] if one.clue is not None and same_work(clue, one.clue)), None
        )
        if group is None:
            group = _Group(None, [], clue)
            new_by_title[title].append(group)
        elif group.clue is not None:
            group.clue = _wider(group.clue, clue)
        group.said.append((record, payload))
        for one in record.ids:
            new[one.key] = group
    joined = rows.join_papers(joins)
    held: dict[int, _Group] = {}
    for paper, group in groups.items():
        final = joined.get(paper, paper)
        held.setdefault(final, _Group(final, [])).said.extend(group.said)
    made = {id(group): group for group in new.values()}
    return [*held.values(), *made.values()]


def _wider(clue: Clue, other: Clue) -> Clue:
    return Clue(clue.title, clue.authors or other.authors, clue.abstract or other.abstract, (*clue.ids, *other.ids))


def _papers_alike(title_keys: set[str]) -> dict[str, list[tuple[int, Clue]]]:
    papers = Paper.objects.filter(title_key__in=title_keys).prefetch_related("identifiers")
    alike: dict[str, list[tuple[int, Clue]]] = defaultdict(list)
    for paper in papers.only("id", "title", "title_key", "authors", "abstract"):
        names = tuple(
            ids.PaperId(ids.Scheme(one.scheme), one.key.removeprefix(f"{one.scheme}:"))
            for one in paper.identifiers.all()
        )
        alike[paper.title_key].append((paper.id, Clue(paper.title, tuple(paper.authors), paper.abstract, names)))
    return alike


def _store(groups: list[_Group]) -> None:
    now = timezone.now()
    touched = [group.paper for group in groups if group.paper is not None]
    held: dict[int, list[Record]] = defaultdict(list)
    for row in RecordRow.objects.filter(paper__in=touched):
        held[row.paper_id].append(unpack(bytes(row.payload)))
    merged = []
    for group in groups:
        said = {(record.source, record.source_id): record for record in held.get(group.paper or 0, ())}
        said |= {(record.source, record.source_id): record for record, _ in group.said}
        merged.append((group.paper, merge(list(said.values())), tuple(said.values())))
    papers = rows.write_papers([(paper, facts) for paper, facts, _ in merged], now)
    facts_of = {paper: facts for paper, (_, facts, _) in zip(papers, merged, strict=True)}
    fresh = [
        rows.Said(paper, record, payload)
        for paper, group in zip(papers, groups, strict=True)
        for record, payload in group.said
    ]
    rows.write_records(fresh, now)
    rows.write_names(facts_of)
    rows.write_authors(facts_of, changed=set(touched))
    rows.write_versions(facts_of)
    rows.write_entries({paper: said for paper, (_, _, said) in zip(papers, merged, strict=True)})
    rows.write_observations(fresh)
    rows.write_outbox(facts_of)
