"""A record packed for its row: JSON, deflated. A paper's facts can always be merged anew from these.

Knows no Django, so that a process that only reads files can pack what it reads.
"""

import zlib
from datetime import date, datetime
from typing import Any

import orjson

from broadsheet.core.ids import PaperId, Scheme
from broadsheet.core.record import Link, LinkKind, Placement, Precision, Record, Version, checked
from broadsheet.core.saying import settled
from broadsheet.core.signal import Kind, Observation

_ABSENT: tuple[Any, ...] = ("", None, (), [], False)


def pack(record: Record) -> bytes:
    """``record`` in a form that is equal for equal records."""
    said = orjson.loads(orjson.dumps(record))
    kept = {name: value for name, value in said.items() if value not in _ABSENT}
    return zlib.compress(orjson.dumps(kept), level=1)


def ready(record: Record) -> tuple[Record, bytes]:
    """``record`` checked, and the packed form of what of it is kept.

    Raises:
        BadRecord: if it cannot be kept.
    """
    good = checked(record)
    return good, pack(settled(good))


def unpack(payload: bytes) -> Record:
    said: dict[str, Any] = orjson.loads(zlib.decompress(payload))
    said["ids"] = tuple(PaperId(Scheme(one["scheme"]), one["value"]) for one in said.get("ids", ()))
    said["versions"] = tuple(Version(one["number"], _date(one["at"])) for one in said.get("versions", ()))
    said["links"] = tuple(Link(LinkKind(one["kind"]), one["url"]) for one in said.get("links", ()))
    said["placements"] = tuple(
        Placement(
            date.fromisoformat(one["day"]), one["position"], one["picked"], one["by"], one.get("certain", True)
        )
        for one in said.get("placements", ())
    )
    said["observations"] = tuple(
        Observation(Kind(one["kind"]), one["source"], one["value"], datetime.fromisoformat(one["seen_at"]))
        for one in said.get("observations", ())
    )
    for name in ("authors", "topics", "keywords"):
        said[name] = tuple(said.get(name, ()))
    for name in ("published", "updated"):
        said[name] = _date(said.get(name))
    said["precision"] = Precision(said.get("precision", Precision.DAY))
    if "seen_at" in said:
        said["seen_at"] = datetime.fromisoformat(said["seen_at"])
    return Record(**said)


def _date(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
