"""What a search means once it has been read: the tree of words, and everything read beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from broadsheet.search.filters import Filters

TEXT_FIELDS = ("title", "abstract", "author", "topic", "venue", "source", "keyword")
"""The values `Word.field` and `Phrase.field` may take besides None, which means every text field."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed. `normalise.words(text)` may split it: 'self-attention' has two parts.

    `prefix` asks for every word that begins with the (folded, unstemmed) text.
    """

    text: str
    prefix: bool = False
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand side by side, exactly as folded by `normalise.words`: never stemmed."""

    words: tuple[str, ...]
    field: str | None = None
    text: str = field(default="", compare=False)
    """As typed, to be shown back."""


@dataclass(frozen=True, slots=True)
class Not:
    """Papers that match the child are left out."""

    child: Node


@dataclass(frozen=True, slots=True)
class And:
    """Children written side by side, or joined by AND.

    Where `strict` is False (side by side), a plain Word without prefix or field is *wanted*: it adds to
    the score, and the engine decides how many must be there. Every other child is *required*.
    Where `strict` is True (AND was written) every child is required, plain words too.
    """

    children: tuple[Node, ...]
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Or:
    """At least one child must match."""

    children: tuple[Node, ...]


Node = Word | Phrase | Not | And | Or


@dataclass(frozen=True, slots=True)
class PaperRef:
    """A paper named by the reader: the spelling they used, and its key ('arxiv:1706.03762')."""

    key: str
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Query:
    """A search as it was understood. Reading never fails; `notes` tell what was ignored or changed."""

    text: str
    """What was typed, cleaned by the guard; an exact title is looked up with this."""
    root: Node | None = None
    filters: Filters = field(default_factory=Filters)
    like: tuple[PaperRef, ...] = ()
    unlike: tuple[PaperRef, ...] = ()
    meaning: str = ""
    """Plain text for an encoder: words and phrases, without operators, fields and negations."""
    pinned: tuple[str, ...] = ()
    """Keys of the papers named by an id, DOI or URL: they come first."""
    plain: bool = False
    """True for a pasted sentence or abstract: words without any operator, more than the engine may want."""
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """False when there is nothing to search for, which may still leave filters to list by."""
        return bool(self.root or self.like or self.pinned)


def leaves(node: Node | None, positive: bool = True) -> Iterator[Word | Phrase]:
    """The words and phrases of a tree in the order typed; with `positive`, without what Not leaves out."""
    pending = [] if node is None else [node]
    while pending:
        here = pending.pop()
        if isinstance(here, (Word, Phrase)):
            yield here
        elif isinstance(here, Not):
            if not positive:
                pending.append(here.child)
        else:
            pending.extend(reversed(here.children))
