"""Papers asked for by name, some at a time: how far that has come, kept in the cursor."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.core.ids import PaperId, Scheme
from broadsheet.sources.place import Cursor


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the names; the cursor after them, how many were asked for by then, and whether they are the last."""

    names: Sequence[str]
    cursor: dict[str, Any]
    seen: int
    last: bool


def in_parts(names: Sequence[str], at_once: int, cursor: Cursor) -> Iterator[Part]:
    """``names`` in parts, from where ``cursor`` stopped if it is of the same names; at least one, maybe empty.

    After the last part the cursor is empty again: whoever asks for them once more wants them all.
    """
    of = hashlib.blake2b("\n".join(names).encode("utf-8", "replace"), digest_size=8).hexdigest()
    begun = int(cursor.get("done") or 0) if cursor.get("of") == of else 0
    for start in range(begun, max(len(names), begun + 1), at_once):
        done = min(start + at_once, len(names))
        last = done >= len(names)
        yield Part(names[start:done], {} if last else {"of": of, "done": done}, done, last)


def twins_of(asked: PaperId, told: tuple[PaperId | None, ...]) -> tuple[PaperId, ...]:
    """Those of ``told`` that can be other names of ``asked``: arXiv and the Anthology name each paper once."""
    return tuple(
        one
        for one in dict.fromkeys(told)
        if one and one != asked and (one.scheme is not asked.scheme or one.scheme is Scheme.DOI)
    )
