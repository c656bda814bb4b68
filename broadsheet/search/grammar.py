"""The grammar of `query.py`, descended rule by rule; its depth is the depth of the brackets."""

import re
from dataclasses import dataclass, field
from datetime import date

from broadsheet.core import ids
from broadsheet.core.ids import PaperId
from broadsheet.search import guard
from broadsheet.search.conditions import Unreadable, narrowed
from broadsheet.search.filters import Filters
from broadsheet.search.normalise import words
from broadsheet.search.scan import EDGE, Kind, Token, paper_named
from broadsheet.search.syntax import And, Node, Not, Or, PaperRef, Phrase, Word

_BEGINNING = re.compile(r"[^*]*[^\W_]\*")
_LISTED = frozenset({"topic", "venue", "source"})


@dataclass(slots=True)
class Grammar:
    """Where the reading has come to, and what has been found beside the tree."""

    tokens: list[Token]
    today: date
    at: int = 0
    negated: bool = False
    filters: Filters = field(default_factory=Filters)
    like: dict[str, PaperRef] = field(default_factory=dict)
    unlike: dict[str, PaperRef] = field(default_factory=dict)
    pinned: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    conditions: int = 0

    def note(self, text: str) -> None:
        self.notes[text] = None

    def kind(self) -> Kind | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def plain(self) -> Node | None:
        """The words of a text without operators, side by side."""
        found: list[Node] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind is Kind.WORD and token.field is None:
                self.at += 1
                found.append(Word(token.text))
            elif node := self.one(depth=0, inherited=None):
                found.append(node)
        return grouped(found, And)

    def search(self, depth: int, inherited: str | None = None) -> Node | None:
        found: list[Node] = []
        while (kind := self.kind()) is not None:
            if kind is Kind.CLOSE and depth:
                break
            if kind in (Kind.OR, Kind.AND, Kind.CLOSE):  # an operator with nothing before it
                self.at += 1
                continue
            if node := self.either(depth, inherited):
                found.append(node)
        return grouped(found, And)

    def either(self, depth: int, inherited: str | None) -> Node | None:
        before, sides = self.conditions, 1
        found = [self.both(depth, inherited)]
        while self.kind() is Kind.OR:
            self.at += 1
            sides += 1
            found.append(self.both(depth, inherited))
        if sides > 1 and self.conditions > before:
            self.note("dates, ids, has:, lang: and like: hold for the whole search, not for one side of OR")
        return grouped([node for node in found if node], Or)

    def both(self, depth: int, inherited: str | None) -> Node | None:
        found = [self.one(depth, inherited)]
        while self.kind() is Kind.AND:
            self.at += 1
            found.append(self.one(depth, inherited))
        present = tuple(node for node in found if node)
        return And(present, strict=True) if len(present) > 1 else present[0] if present else None

    def one(self, depth: int, inherited: str | None) -> Node | None:
        negative = False
        while self.kind() is Kind.NOT:
            self.at += 1
            negative = not negative
        if (kind := self.kind()) is None or kind in (Kind.OR, Kind.AND, Kind.CLOSE):
            return None
        token = self.tokens[self.at]
        self.at += 1
        self.negated ^= negative
        node: Node | None = None
        if kind is Kind.OPEN:
            node = self.search(depth + 1, token.field or inherited)
            self.at += self.kind() is Kind.CLOSE
        elif kind is Kind.PAPER or kind is Kind.CONDITION:
            self.beside(token)
        else:
            node = self.leaf(token, token.field or inherited)
        self.negated ^= negative
        return Not(node) if node and negative else node

    def leaf(self, token: Token, field: str | None) -> Node | None:
        if field in _LISTED and token.kind is Kind.PHRASE:
            return Word(name, field=field) if (name := token.text.strip()) else None
        if token.kind is Kind.PHRASE:
            folded = tuple(words(token.text))
            return Phrase(folded, field, token.text.strip()) if folded else None
        if field in _LISTED and "," in token.text:
            parts = [part.strip(EDGE) for part in token.text.split(",")]
            return grouped([Word(part, field=field) for part in parts if part], Or)
        bare = token.text.strip(EDGE)
        folded = tuple(words(bare))
        if not folded:
            return None
        prefix = field not in _LISTED and _BEGINNING.fullmatch(token.text) is not None
        if prefix and len(folded[-1]) < guard.LEAST_PREFIX:
            self.note(f"{token.text} has fewer than {guard.LEAST_PREFIX} letters, so it was read as a whole word")
            prefix = False
        return Word(bare, prefix, field)

    def beside(self, token: Token) -> None:
        """Takes in a condition or a named paper, which stand beside the tree."""
        self.conditions += 1
        if token.paper:
            self.name(token.paper, token.text)
        elif token.field in ("id", "doi", "like"):
            paper = paper_named(token.text) or ids.parse(token.text)
            if paper is None:
                self.note(f"{token.field}:{token.text} was ignored: it is no id, DOI or address of a paper")
            elif token.field == "like":
                (self.unlike if self.negated else self.like)[paper.key] = PaperRef(paper.key, token.text)
            else:
                self.name(paper, f"{token.field}:{token.text}")
        elif token.field:
            try:
                self.filters = narrowed(self.filters, token.field, token.text, self.negated, self.today)
            except Unreadable as why:
                minus = "-" if self.negated else ""
                self.note(f"{minus}{token.field}:{token.text} was ignored: {why}")

    def name(self, paper: PaperId, text: str) -> None:
        if self.negated:
            self.note(
                f"-{text} was ignored: minus does not work with ids; -like:{paper.key} keeps away what is like it"
            )
        else:
            self.pinned[paper.key] = None


def grouped(nodes: list[Node], kind: type[And] | type[Or]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return kind(tuple(nodes))
