"""Author names as sources write them, made names: order, notes of a listing, and what never was a name."""

import re
from collections.abc import Iterable

from broadsheet.core import text
from broadsheet.sources import loose

# "Emi Yoshikawa 等 6 位作者": a Chinese listing's "Emi Yoshikawa and others, 6 authors" as the last name.
_AND_OTHERS = re.compile(r"(.*?)\s*等\s*(\d{1,4})\s*位作者\s*")
# "Masataka Goto (AIST)*": conference lists mark who corresponds and where they work.
_MARKS = re.compile(r"[\s*†‡§¶]+$")
_WORKPLACE = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)$")
_ET_AL = re.compile(r"[\s,]*\b(?:et\s+al\.?|and\s+others)\s*$", re.IGNORECASE)
_NOTED = re.compile(r"[*†‡§¶()等]|\bal\.?$|\bothers$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|v|ph\.?d|m\.?d)\.?", re.IGNORECASE)


def tidied(raw: Iterable[str]) -> tuple[tuple[str, ...], int | None]:
    """``(names, count)``: the names without notes, and the number of authors where a note tells it."""
    names: list[str] = []
    number: int | None = None
    for written in raw:
        name = written
        if _NOTED.search(name):
            if others := _AND_OTHERS.fullmatch(name):
                name, number = others[1], int(others[2])
            name = _MARKS.sub("", name)
            name = _WORKPLACE.sub("", name) or name
            name = _ET_AL.sub("", _MARKS.sub("", name))
        if any(char.isalpha() for char in name):
            names.append(name)
    return tuple(names), number


def from_json(value: object) -> tuple[str, ...]:
    """Names in whatever shape JSON gives them: a list of texts or objects, or one text with all of them."""
    if isinstance(value, str):
        return split(value)
    if not isinstance(value, list):
        return ()
    return tuple(name for one in value if (name := _one(one)))


def _one(value: object) -> str:
    if not isinstance(value, dict):
        return loose.string(value)
    for whole in ("name", "fullname", "full_name", "literal"):
        if name := loose.string(value.get(whole)):
            return name
    parts = [loose.string(value.get(given)) for given in ("first", "given", "forename", "first_name")]
    parts += [loose.string(value.get(family)) for family in ("last", "family", "surname", "last_name")]
    return " ".join(part for part in parts if part)


def split(written: str) -> tuple[str, ...]:
    """The names of ``A and B``, ``Last, First and Last, First``, ``A; B`` or ``A, B and C``."""
    line = text.one_line(written)
    if ";" in line:
        return tuple(turned(part) for part in line.split(";") if part.strip())
    parts = [part.strip() for part in re.split(r",?\s+and\s+", line) if part.strip()]
    if len(parts) > 1 and all(part.count(",") == 1 for part in parts):
        return tuple(turned(part) for part in parts)
    commas = [part.strip() for part in re.split(r",|\s+and\s+", line) if part.strip()]
    # "Lovelace, Ada" is one name turned round; "Ada Lovelace, Alan Turing" is two.
    if "," in line and (len(commas) > 2 or all(" " in part for part in commas)):
        return tuple(commas)
    return tuple(turned(part) for part in parts)


def turned(name: str) -> str:
    """``Last, First`` or ``Last, Jr, First`` in reading order; a name without a comma as it is."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 1 or not all(parts):
        return " ".join(part for part in parts if part)
    if len(parts) == 2 and _SUFFIX.fullmatch(parts[1]):
        return " ".join(parts)
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    return f"{' '.join(parts[2:])} {parts[0]} {parts[1]}"
