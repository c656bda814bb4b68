"""Blocks of a BibTeX file into fields: macros filled in, enclosing marks taken off, TeX made plain."""

import logging
import re
from collections.abc import Mapping

from broadsheet.core import tex
from broadsheet.sources import streams
from broadsheet.sources.base import BadEntry

_MATH = re.compile(r"(\$\$?[^$]+\$\$?)")
_MACRO = re.compile(r"[A-Za-z][\w:.+/-]*")
_IGNORED = ("comment", "preamble")
_KIND = re.compile(r"\s*@\s*(\w+)")

MONTHS = {
    name: str(number)
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def fields(block: bytes, macros: dict[str, str]) -> Mapping[str, str] | None:
    """The fields of the entry in ``block``, names in lower case; None if it is a comment, a preamble or a macro.

    A macro (``@string``) is put into ``macros``. Of a field that is given twice the first is kept.

    Raises:
        BadEntry: if it breaks the rules of BibTeX.
    """
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String

    written = streams.decoded(block)
    kind = _KIND.match(written)
    if kind and kind[1].lower() in _IGNORED:
        return None
    # What it warns of becomes the reject of the entry; said twice it would only break the progress bar.
    logging.getLogger("bibtexparser.splitter").setLevel(logging.CRITICAL)
    for found in parse_string(written, parse_stack=[]).blocks:
        entry = found.ignore_error_block if isinstance(found, DuplicateFieldKeyBlock) else found
        if isinstance(entry, String):
            macros[entry.key.lower()] = value(str(entry.value), macros)
            return None
        if isinstance(entry, Entry):
            said: dict[str, str] = {}
            for one in entry.fields:
                said.setdefault(one.key.lower(), value(str(one.value), macros))
            return said
        if isinstance(entry, ParsingFailedBlock):
            reason = getattr(entry.error, "abort_reason", "") or str(entry.error)
            raise BadEntry(f"not valid BibTeX: {' '.join(reason.split())[:200]}")
    raise BadEntry("not valid BibTeX: the entry has no closing brace")


def value(written: str, macros: Mapping[str, str]) -> str:
    """``{text}``, ``"text"``, ``macro``, ``2017`` or several of them joined by ``#``."""
    return "".join(_part(part.strip(), macros) for part in _joined(written))


def _joined(written: str) -> list[str]:
    parts, depth, quoted, begin = [], 0, False, 0
    for at, char in enumerate(written):
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == '"' and depth == 0:
            quoted = not quoted
        elif char == "#" and depth == 0 and not quoted:
            parts.append(written[begin:at])
            begin = at + 1
    return [*parts, written[begin:]]


def _part(part: str, macros: Mapping[str, str]) -> str:
    if len(part) > 1 and (part[0], part[-1]) in (("{", "}"), ('"', '"')):
        return part[1:-1]
    if _MACRO.fullmatch(part):
        return macros.get(part.lower(), part)
    return part


def plain(written: str) -> str:
    """TeX as text: accents and signs as characters, protecting braces gone, formulas untouched."""
    parts = _MATH.split(written)
    for at in range(0, len(parts), 2):
        tidy = tex.tidy(parts[at]).replace("{", "").replace("}", "")
        parts[at] = tidy.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”")
    return "".join(parts)


def authors(written: str) -> tuple[str, ...]:
    """Names in reading order, of ``Last, First and First Last and {A Group}``."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

    names = []
    for one in split_multiple_persons_names(written):
        if one.strip().lower() == "others":
            continue
        try:
            parts = parse_single_name_into_parts(one, strict=False)
            name = " ".join((*parts.first, *parts.von, *parts.last, *parts.jr))
        except ValueError:
            name = one
        names.append(" ".join(plain(name).split()))
    return tuple(name for name in names if name)
