"""The manifest of a generation: what it holds, and the size and checksum of its every file."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import orjson

SCHEMA = 1


class DamagedError(Exception):
    """A generation is not what its manifest says."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size in bytes and BLAKE2b of one file."""

    size: int
    blake2b: str


@dataclass(frozen=True, slots=True)
class Space:
    """Which encoder made the vectors."""

    name: str
    version: str
    dimension: int
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive rows written together; ``name`` is the folder under ``parts/``."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds.

    ``seq`` is the last outbox row that it has taken in, ``origin`` the generation that was last built anew: from there
    on rows have only been added.
    """

    generation: int
    origin: int
    seq: int
    documents: int
    space: Space
    parts: tuple[Part, ...]
    files: Mapping[str, Stamp] = field(default_factory=dict)
    schema: int = SCHEMA

    def dump(self) -> bytes:
        body = orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)
        return orjson.dumps({"check": text_digest(body), "manifest": orjson.Fragment(body)})

    @classmethod
    def load(cls, raw: bytes) -> "Manifest":
        """Raises ``DamagedError`` for anything but an intact manifest of this schema."""
        try:
            _, _, body = raw.partition(b'"manifest":')
            outer = orjson.loads(raw)
            if outer["check"] != text_digest(body[:-1]):
                raise DamagedError("its manifest does not match its own checksum")
            held = outer["manifest"]
            if held["schema"] != SCHEMA:
                raise DamagedError(f"it has form {held['schema']}, this version reads form {SCHEMA}")
            held["space"] = Space(**held["space"])
            held["parts"] = tuple(Part(**part) for part in held["parts"])
            held["files"] = {name: Stamp(**stamp) for name, stamp in held["files"].items()}
            return cls(**held)
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"its manifest cannot be read ({error})") from error


def text_digest(raw: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=32).hexdigest()
