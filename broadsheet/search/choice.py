"""Which spaces are kept beside the base, and which one serves: a small file beside the kept vectors.

    vectors/spaces.json

The file says what is wanted; the manifest of the index says what is. The index follows with its next generation.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import orjson

from broadsheet.search.generation import write_durably
from broadsheet.search.manifest import DamagedError, Manifest, Space, text_digest

FILE = "spaces.json"


@dataclass(frozen=True, slots=True)
class Choice:
    """``serves`` and ``before``, which served until it took over, are names of kept spaces; empty for the base."""

    kept: tuple[Space, ...] = ()
    serves: str = ""
    before: str = ""

    @classmethod
    def load(cls, root: Path) -> "Choice":
        """What was chosen for the vectors under ``root``; nothing but the base where nothing was.

        Raises:
            DamagedError: if the file is not what was written.
        """
        try:
            raw = (root / FILE).read_bytes()
        except FileNotFoundError:
            return cls()
        try:
            outer = orjson.loads(raw)
            held = outer["choice"]
            if outer["check"] != text_digest(orjson.dumps(held, option=orjson.OPT_SORT_KEYS)):
                raise DamagedError(f"{root / FILE} does not match its own checksum")
            return cls(tuple(Space(**one) for one in held["kept"]), held["serves"], held["before"])
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(f"{root / FILE} cannot be read ({error})") from error

    @classmethod
    def of(cls, manifest: Manifest) -> "Choice":
        """What an index was last made to follow."""
        serves = manifest.serves if manifest.serves != manifest.base.name else ""
        return cls(tuple(replace(one, covered=0, centred=0) for one in manifest.spaces[1:]), serves)

    def save(self, root: Path) -> None:
        """Replace the file under ``root`` by one rename."""
        root.mkdir(parents=True, exist_ok=True)
        held = orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)
        beside = root / f"{FILE}.new"
        write_durably(beside, orjson.dumps({"check": text_digest(held), "choice": orjson.Fragment(held)}))
        beside.replace(root / FILE)

    def space(self, name: str) -> Space | None:
        return next((one for one in self.kept if one.name == name), None)

    def keeping(self, space: Space) -> "Choice":
        """With ``space``, in place of one of its name if there is one."""
        others = tuple(one for one in self.kept if one.name != space.name)
        return replace(self, kept=(*others, space))

    def without(self, name: str) -> "Choice":
        before = "" if self.before == name else self.before
        return replace(self, kept=tuple(one for one in self.kept if one.name != name), before=before)
