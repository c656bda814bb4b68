"""The manifest of a generation: what it holds, and the size and checksum of its every file."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import orjson

from broadsheet.search.encoders.base import Encoder

SCHEMA = 3
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")


class DamagedError(Exception):
    """A generation is not what its manifest says."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size in bytes and BLAKE2b of one file."""

    size: int
    blake2b: str


@dataclass(frozen=True, slots=True)
class Space:
    """The vectors of one encoder. ``covered`` living rows have one; ``centred`` rows had one when its centre was found.

    The name is also that of its files, so it is made of lower-case letters, digits and hyphens. ``home`` is the folder
    of an encoder that does not come with Broadsheet.
    """

    name: str
    version: str
    dimension: int
    licence: str = ""
    covered: int = 0
    centred: int = 0
    home: str = ""

    def made_by(self, maker: "Space | Encoder") -> bool:
        """Whether vectors of ``maker`` may be compared with these."""
        return (self.name, self.version, self.dimension) == (maker.name, maker.version, maker.dimension)

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.dimension})"


def space_of(encoder: Encoder, home: str = "") -> Space:
    """The space that ``encoder``, which may have its ``home`` in a folder, fills; still empty.

    Raises:
        ValueError: if its name cannot be that of a file.
    """
    if not _NAME.fullmatch(encoder.name):
        raise ValueError(f"{encoder.name!r} is no name for a space: use lower-case letters, digits and hyphens")
    return Space(encoder.name, encoder.version, encoder.dimension, encoder.licence, home=home)


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive rows written together; ``name`` is the folder under ``parts/``."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds.

    ``seq`` is the last outbox row that it has taken in, ``origin`` the generation that was last built anew: from there
    on rows have only been added. The first of ``spaces`` is the base, which holds a vector of every row; ``serves``
    names the one whose encoder reads queries.
    """

    generation: int
    origin: int
    seq: int
    documents: int
    spaces: tuple[Space, ...]
    serves: str
    parts: tuple[Part, ...]
    files: Mapping[str, Stamp] = field(default_factory=dict)
    schema: int = SCHEMA

    @property
    def base(self) -> Space:
        return self.spaces[0]

    @property
    def serving(self) -> Space:
        """The space that serves; the base where that one is not among them."""
        return self.space(self.serves) or self.base

    def space(self, name: str) -> Space | None:
        return next((space for space in self.spaces if space.name == name), None)

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
            held["spaces"] = tuple(Space(**space) for space in held["spaces"])
            held["parts"] = tuple(Part(**part) for part in held["parts"])
            held["files"] = {name: Stamp(**stamp) for name, stamp in held["files"].items()}
            return cls(**held)
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"its manifest cannot be read ({error})") from error


def text_digest(raw: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=32).hexdigest()
