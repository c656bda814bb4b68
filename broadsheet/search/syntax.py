"""What a search means once it has been read: the tree of words, and everything read beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.search.filters import Filters

TEXT_FIELDS = ("title", "abstract", "author", "topic", "venue", "source", "keyword")
"""The values `Word.field` and `Phrase.field` may take besides None, which means every text field."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed. `normalise.words(text)` may split it: 'self-attention' has two parts.

    `prefix` asks for every word that begins with the (folded, unstemmed) text. With the field topic, venue or
    source it is a whole name, which may hold spaces.
    """

    text: str
    prefix: bool = False
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand side by side, exactly as folded by `normalise.words`: never stemmed."""

    words: tuple[str, ...]
    field: str | None = None
    text: str = dataclasses.field(default="", compare=False)
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
    text: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Query:
    """A search as it was understood. Reading never fails; `notes` tell what was ignored or changed."""

    text: str
    """What was typed, cleaned by the guard; an exact title is looked up with this."""
    root: Node | None = None
    filters: Filters = dataclasses.field(default_factory=Filters)
    like: tuple[PaperRef, ...] = ()
    unlike: tuple[PaperRef, ...] = ()
    meaning: str = ""
    """Plain text for an encoder: words and phrases, without operators, fields and negations."""
    pinned: tuple[str, ...] = ()
    """Keys of the papers named by an id, DOI or URL: they come first."""
    plain: bool = False
    """True for a pasted sentence or abstract: words without any operator, more than the engine may want."""
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """True when nothing is asked for; filters alone may still be there to list by."""
        return not (self.root or self.like or self.pinned)


@dataclass(frozen=True, slots=True)
class Demands:
    """A tree sorted by what each part asks of a paper."""

    wanted: tuple[Word, ...] = ()
    """Plain words: each adds to the score."""
    required: tuple[Node, ...] = ()
    """Every one must match."""
    excluded: tuple[Node, ...] = ()
    """None may match: the children of Not."""


def demands(root: Node | None) -> Demands:
    """What a tree asks: only the root can be a loose And, so this is all an engine needs to tell apart."""
    if root is None:
        return Demands()
    loose = not (isinstance(root, And) and root.strict)
    parts = root.children if isinstance(root, And) else (root,)
    wanted = tuple(part for part in parts if loose and isinstance(part, Word) and _plain(part))
    excluded = tuple(part.child for part in parts if isinstance(part, Not))
    required = tuple(
        part
        for part in parts
        if not isinstance(part, Not) and not (loose and isinstance(part, Word) and _plain(part))
    )
    return Demands(wanted, required, excluded)


def _plain(word: Word) -> bool:
    return word.field is None and not word.prefix


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
