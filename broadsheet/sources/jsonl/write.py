"""A Record as a line of our JSON Lines: reading the line gives the record again."""

from datetime import date
from typing import Any

import orjson

from broadsheet.core.merge import Facts
from broadsheet.core.record import Link, Precision, Record, Version
from broadsheet.core.signal import Kind

_LENGTH = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}

# Always written: where they are missing, a reader fills them in from other fields.
_KEPT_EMPTY = ("ids", "placements", "signals", "topics", "versions", "links")


def line(said: dict[str, Any]) -> bytes:
    """``said`` as one line with its end, empty fields left out."""
    kept = {
        name: value for name, value in said.items() if value not in ("", None, [], False) or name in _KEPT_EMPTY
    }
    return orjson.dumps(kept, option=orjson.OPT_APPEND_NEWLINE)


def from_record(record: Record) -> dict[str, Any]:
    """What one source said, whole."""
    return {
        **_work(record),
        "source": record.source,
        "source_id": record.source_id,
        "author_count": record.author_count,
        "placements": [
            {
                "day": one.day.isoformat(),
                "position": one.position,
                "picked": one.picked,
                "by": one.by,
                "certain": one.certain,
            }
            for one in record.placements
        ],
        "signals": [
            {"source": one.source, "kind": one.kind.value, "value": one.value, "seen_at": one.seen_at.isoformat()}
            for one in record.observations
        ],
        "seen_at": record.seen_at.isoformat() if record.seen_at else None,
    }


def from_facts(facts: Facts) -> dict[str, Any]:
    """What is held of one paper, merged; the moments of its signals and its places in editions are not in it."""
    source, *others = facts.sources
    kinds = {kind.value for kind in Kind}
    signals = [(name.rpartition("."), value) for name, value in facts.signals.items()]
    return {
        **_work(facts),
        "source": source,
        "also_in": others,
        "author_count": facts.author_count,
        "signals": [
            {"source": by, "kind": kind, "value": value} for (by, _, kind), value in signals if kind in kinds
        ],
    }


def _work(said: Record | Facts) -> dict[str, Any]:
    return {
        "id": said.ids[0].key if said.ids else "",
        "ids": [one.key for one in said.ids],
        "title": said.title,
        "abstract": said.abstract,
        "summary": said.summary,
        "summary_by": said.summary_by,
        "authors": list(said.authors),
        "date": _date(said.published, said.precision),
        "updated": said.updated.isoformat() if said.updated else None,
        "versions": [_version(one) for one in said.versions],
        "topics": list(said.topics),
        "keywords": list(said.keywords),
        "venue": said.venue,
        "journal_ref": said.journal_ref,
        "comment": said.comment,
        "licence": said.licence,
        "lang": said.language,
        "links": [_link(one) for one in said.links],
        "submitted_by": said.submitted_by,
        "organization": said.organization,
        "withdrawn": said.withdrawn,
    }


def _date(day: date | None, precision: Precision) -> str | None:
    return day.isoformat()[: _LENGTH[precision]] if day else None


def _version(version: Version) -> dict[str, Any]:
    return {"number": version.number, "date": version.at.isoformat() if version.at else None}


def _link(link: Link) -> dict[str, str]:
    return {"kind": link.kind.value, "url": link.url}
