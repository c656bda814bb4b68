"""The authors of a paper from the one line in which their submitter wrote them."""

import re

from broadsheet.core import tex, text

_GROUP = re.compile(r"\s*\bfor the\b.*$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_JOINED = re.compile(r"\band\b|&", re.IGNORECASE)
# What names are mostly made of: nothing in it needs tidying.
_PLAIN = re.compile(r"[\w .,;:'’-]*")
_BRACES = str.maketrans("", "", "{}")
_AND = re.compile(r",?\s+and\s+|\s*&\s*", re.IGNORECASE)


def split(written: str) -> tuple[str, ...]:
    """The names in ``A. One (1), B. Two and C. Three ((1) Somewhere)``: places of work and groups left out."""
    line = text.one_line(written)
    if not _PLAIN.fullmatch(line):
        line = text.one_line(_outside_brackets(tex.tidy(line).translate(_BRACES)))
    names: list[str] = []
    for part in re.split("[,;]", line):
        for name in _AND.split(part) if _JOINED.search(part) else (part,):
            name = (_GROUP.sub("", name) if "for" in name else name).strip(" :")
            if _SUFFIX.fullmatch(name) and names:
                names[-1] = f"{names[-1]} {name}"
            elif any(char.isalpha() for char in name):
                names.append(name)
    return tuple(names)


def _outside_brackets(line: str) -> str:
    """``line`` without what stands in round brackets, however deep; an unclosed one counts to the end of the name."""
    if line.count("(") != line.count(")"):
        return re.sub(r"\([^(),]*\)?", "", line)
    kept, depth = [], 0
    for char in line:
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif depth <= 0:
            kept.append(char)
    return "".join(kept)
