"""How merged facts become rows. Each function writes one table for a whole batch, in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, models

from broadsheet.catalog.models import (
    Author,
    Authorship,
    Edition,
    Entry,
    Identifier,
    Observation,
    Outbox,
    Paper,
    Version,
)
from broadsheet.catalog.models import Record as RecordRow
from broadsheet.core import text
from broadsheet.core.merge import Facts
from broadsheet.core.record import Placement, Record

_FACTS = tuple(
    field.name for field in Paper._meta.concrete_fields if field.name not in ("id", "points", "heat", "added_at")
)


@dataclass(frozen=True, slots=True)
class Said:
    """A record, its packed form, and the number of the paper it speaks of."""

    paper: int
    record: Record
    payload: bytes


def insert(
    model: type[models.Model],
    columns: Sequence[str],
    values: Iterable[Sequence[Any]],
    replace_on: Sequence[str] = (),
) -> None:
    """Insert rows of plain values. A row that is already there (by any constraint) stays as it is, or, if
    ``replace_on`` names the columns of the constraint, takes the new values.

    Three times as fast as ``bulk_create`` for narrow tables, of which a harvest writes ten rows a paper.
    """
    quote = connection.ops.quote_name
    marks = ", ".join(["%s"] * len(columns))
    names = ", ".join(map(quote, columns))
    conflict = "DO NOTHING"
    if replace_on:
        fresh = ", ".join(f"{quote(one)} = EXCLUDED.{quote(one)}" for one in columns if one not in replace_on)
        conflict = f"({', '.join(map(quote, replace_on))}) DO UPDATE SET {fresh}"
    table = quote(model._meta.db_table)
    rows = list(values)
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT {conflict}", rows)  # noqa: S608 (names from models)


def write_papers(facts: Sequence[tuple[int | None, Facts]], now: datetime) -> list[int]:
    """The number of the paper of each, in order; those with a number are updated, the others made."""
    changed = [_paper(number, one, now) for number, one in facts if number is not None]
    Paper.objects.bulk_update(changed, _FACTS, batch_size=100)
    made = [one for number, one in facts if number is None]
    fields = [field for field in Paper._meta.concrete_fields if field.name != "id"]
    insert(
        Paper,
        [field.attname for field in fields],
        [
            [_plain(field, getattr(paper, field.attname)) for field in fields]
            for paper in (_paper(None, one, now) for one in made)
        ],
    )
    numbers = dict(Paper.objects.filter(key__in=[one.key for one in made]).values_list("key", "id"))
    return [numbers[one.key] if number is None else number for number, one in facts]


def _plain(field: "models.Field[Any, Any]", value: Any) -> Any:
    """``value`` as this database's driver takes it."""
    if isinstance(field, models.JSONField):
        return orjson.dumps(value).decode()
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value(value)
    return value


def _paper(number: int | None, facts: Facts, now: datetime) -> Paper:
    return Paper(
        id=number,
        key=facts.key,
        title=facts.title,
        title_key=text.title_key(facts.title),
        abstract=facts.abstract,
        summary=facts.summary,
        summary_by=facts.summary_by,
        authors=list(facts.authors),
        author_count=facts.author_count,
        published=facts.published,
        precision=facts.precision.value,
        updated=facts.updated,
        topics=list(facts.topics),
        keywords=list(facts.keywords),
        venue=facts.venue,
        journal_ref=facts.journal_ref,
        comment=facts.comment,
        licence=facts.licence,
        language=facts.language,
        links={link.kind.value: link.url for link in facts.links},
        submitted_by=facts.submitted_by,
        organization=facts.organization,
        sources=list(facts.sources),
        signals=facts.signals,
        origins=facts.origins,
        withdrawn=facts.withdrawn,
        listed_on=facts.listed_on,
        added_at=now,
        changed_at=now,
    )


def write_records(said: Sequence[Said], now: datetime) -> None:
    insert(
        RecordRow,
        ("source", "source_id", "paper_id", "payload", "version", "seen_at", "stored_at"),
        [
            (
                one.record.source,
                one.record.source_id,
                one.paper,
                one.payload,
                max((version.number for version in one.record.versions), default=0),
                connection.ops.adapt_datetimefield_value(one.record.seen_at),
                connection.ops.adapt_datetimefield_value(now),
            )
            for one in said
        ],
        replace_on=("source", "source_id"),
    )


def write_names(facts: Mapping[int, Facts]) -> None:
    insert(
        Identifier,
        ("key", "scheme", "paper_id"),
        [(one.key, one.scheme.value, paper) for paper, said in facts.items() for one in said.ids],
    )


def write_authors(facts: Mapping[int, Facts], *, changed: set[int]) -> None:
    """Authors and who wrote what; of papers in ``changed`` the old authorships are replaced."""
    if changed:
        Authorship.objects.filter(paper__in=changed).delete()
    names: dict[str, str] = {}
    written: list[tuple[int, str, int]] = []
    for paper, said in facts.items():
        for position, name in enumerate(said.authors):
            if key := text.name_key(name):
                names.setdefault(key, name)
                written.append((paper, key, position))
    numbers = _author_numbers(names)
    missing = [(key, name) for key, name in names.items() if key not in numbers]
    if missing:
        insert(Author, ("key", "name"), missing)
        numbers |= _author_numbers([key for key, _ in missing])
    insert(
        Authorship,
        ("paper_id", "author_id", "position"),
        [(paper, numbers[key], position) for paper, key, position in written],
    )


def _author_numbers(keys: Iterable[str]) -> dict[str, int]:
    wanted = list(keys)
    numbers: dict[str, int] = {}
    for start in range(0, len(wanted), 5_000):
        numbers |= dict(Author.objects.filter(key__in=wanted[start : start + 5_000]).values_list("key", "id"))
    return numbers


def write_versions(facts: Mapping[int, Facts]) -> None:
    insert(
        Version,
        ("paper_id", "number", "at"),
        [
            (paper, one.number, connection.ops.adapt_datefield_value(one.at))
            for paper, said in facts.items()
            for one in said.versions
        ],
        replace_on=("paper_id", "number"),
    )


def write_entries(said: Mapping[int, Sequence[Record]]) -> None:
    """The papers' places in editions. An edition that gets a new place is open again until it is next closed."""
    wanted: dict[tuple[int, Any], tuple[Placement, str]] = {}
    for paper, records in said.items():
        for record in sorted(records, key=lambda one: (one.source, one.source_id)):
            for place in record.placements:
                held = wanted.get((paper, place.day))
                if held is None or (place.picked, -place.position) > (held[0].picked, -held[0].position):
                    wanted[paper, place.day] = (place, place.by or record.source)
    if not wanted:
        return
    days = {day for _, day in wanted}
    insert(
        Edition,
        ("day", "papers", "picked", "facets", "note"),
        [(connection.ops.adapt_datefield_value(day), 0, 0, "{}", "") for day in sorted(days)],
    )
    editions = dict(Edition.objects.filter(day__in=days).values_list("day", "id"))
    held_rows = {
        (entry.paper_id, entry.edition_id): entry
        for entry in Entry.objects.filter(paper__in={paper for paper, _ in wanted}, edition__in=editions.values())
    }
    new: list[tuple[int, int, bool, int, int, str]] = []
    moved: list[Entry] = []
    for (paper, day), (place, by) in wanted.items():
        entry = held_rows.get((paper, editions[day]))
        if entry is None:
            new.append((editions[day], paper, place.picked, place.position, place.position, by))
        elif (entry.picked, entry.placed, entry.by) != (place.picked, place.position, by):
            entry.picked, entry.placed, entry.by = place.picked, place.position, by
            moved.append(entry)
    insert(Entry, ("edition_id", "paper_id", "picked", "placed", "position", "by"), new)
    Entry.objects.bulk_update(moved, ["picked", "placed", "by"])
    Edition.objects.filter(id__in={row[0] for row in new} | {entry.edition_id for entry in moved}).update(
        closed_at=None
    )


def write_observations(said: Sequence[Said]) -> None:
    insert(
        Observation,
        ("paper_id", "source", "kind", "value", "seen_at"),
        [
            (
                one.paper,
                reading.source,
                reading.kind.value,
                reading.value,
                connection.ops.adapt_datetimefield_value(reading.seen_at),
            )
            for one in said
            for reading in one.record.observations
        ],
    )


def write_outbox(papers: Iterable[int]) -> None:
    insert(Outbox, ("paper", "verb"), [(paper, Outbox.Verb.PUT.value) for paper in papers])


def join_papers(pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Make one paper of each pair (kept, given up). Returns given-up number -> the number it became.

    Rows that would double one of the kept paper's are dropped; what is left of the given-up paper is deleted
    from the index too.
    """
    became: dict[int, int] = {}

    def final(number: int) -> int:
        while number in became:
            number = became[number]
        return number

    for kept, given_up in pairs:
        kept, given_up = sorted((final(kept), final(given_up)))
        if kept == given_up:
            continue
        RecordRow.objects.filter(paper=given_up).update(paper=kept)
        Identifier.objects.filter(paper=given_up).update(paper=kept)
        Entry.objects.filter(paper=given_up).exclude(
            edition__in=Entry.objects.filter(paper=kept).values("edition")
        ).update(paper=kept)
        for observation in Observation.objects.filter(paper=given_up):
            insert(
                Observation,
                ("paper_id", "source", "kind", "value", "seen_at"),
                [
                    (
                        kept,
                        observation.source,
                        observation.kind,
                        observation.value,
                        connection.ops.adapt_datetimefield_value(observation.seen_at),
                    )
                ],
            )
        Paper.objects.filter(id=given_up).delete()
        insert(Outbox, ("paper", "verb"), [(given_up, Outbox.Verb.DELETE.value)])
        became[given_up] = kept
    return {number: final(number) for number in became}
