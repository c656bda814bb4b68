"""What a reader types, read into a Query. One grammar that accepts every text:

    search      = either+                      side by side: relevance decides
    either      = both (OR both)*
    both        = one (AND one)*
    one         = (NOT | -)* (word | "phrase" | field:… | ( search ))

So ``diffusion survey OR review`` is diffusion, and either survey or review. Signs without a partner are
skipped, brackets deeper than the guard allows are taken away, and the notes say so.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from broadsheet.core import ids
from broadsheet.core.ids import PaperId
from broadsheet.search import guard, lift
from broadsheet.search.conditions import Unreadable, narrowed
from broadsheet.search.filters import Filters
from broadsheet.search.normalise import words
from broadsheet.search.scan import Kind, Token, paper_named, scan
from broadsheet.search.syntax import And, Node, Not, Or, PaperRef, Phrase, Query, Word, leaves

_MEANT = frozenset({None, "title", "abstract", "keyword"})
_LISTED = frozenset({"topic", "venue", "source"})
_LONG = 24
"""More words than this without an operator are a pasted text, not keywords."""
_TOPIC_STAMP = re.compile(r"\[[a-z-]+(?:\.[A-Za-z-]+)?\]")
_EDGE = "`'.,;:!?*~_=<>[]|/&^%@-–—…·•\"()"


def read(raw: str, today: date) -> Query:
    """`parse` behind the guard.

    Raises:
        QueryTooLong: if the guard refuses it; nothing else.
    """
    return parse(guard.admit(raw), today)


def parse(admitted: guard.Admitted, today: date) -> Query:
    """The meaning of a search; ``today`` is what ``since:30d`` counts from. Never raises."""
    scanned = list(scan(admitted.text, admitted.plain))
    tokens = _without_labels(_shallow(scanned))
    reader = _Reader(tokens, today)
    operated = not admitted.plain and any(_operates(token) for token in tokens)
    root = reader.search(depth=0)
    if _brackets(tokens) < _brackets(scanned):
        reader.note(f"brackets that close nothing, or lie more than {guard.MOST_DEPTH} deep, were taken away")
    if admitted.text.count('"') % 2 and not admitted.plain:
        reader.note("a quote that nothing closes was taken away")
    if admitted.plain:
        reader.note(
            f"longer than {guard.MOST_OPERATED} characters, so it was read as plain text: "
            "quotes, brackets, OR and minus were not used"
        )
    root, filters = lift.filters_of(root, reader.filters)
    root = _within_limits(root, guard.MOST_TERMS if operated else guard.MOST_PLAIN_WORDS, reader)
    if filters.since and filters.until and filters.since > filters.until:
        reader.note(f"nothing can match: {filters.since} is later than {filters.until}")
    long = sum(token.kind is Kind.WORD for token in tokens) > _LONG
    return Query(
        text=admitted.text,
        root=root,
        filters=filters,
        like=tuple(reader.like.values())[: guard.MOST_PAPERS],
        unlike=tuple(reader.unlike.values())[: guard.MOST_PAPERS],
        meaning=_meaning(root, tokens, operated),
        pinned=tuple(reader.pinned)[: guard.MOST_PAPERS],
        plain=bool(root) and not operated and (long or admitted.plain),
        notes=tuple(reader.notes),
    )


@dataclass(slots=True)
class _Reader:
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
        return _grouped(found, And)

    def either(self, depth: int, inherited: str | None) -> Node | None:
        before, sides = self.conditions, 1
        found = [self.both(depth, inherited)]
        while self.kind() is Kind.OR:
            self.at += 1
            sides += 1
            found.append(self.both(depth, inherited))
        if sides > 1 and self.conditions > before:
            self.note("dates, ids, has:, lang: and like: hold for the whole search, not for one side of OR")
        return _grouped([node for node in found if node], Or)

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
            parts = [part.strip(_EDGE) for part in token.text.split(",")]
            return _grouped([Word(part, field=field) for part in parts if part], Or)
        bare = token.text.strip(_EDGE)
        folded = tuple(words(bare))
        if not folded:
            return None
        prefix = token.text.endswith("*") and field not in _LISTED
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


def _grouped(nodes: list[Node], kind: type[And] | type[Or]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return kind(tuple(nodes))


def _shallow(tokens: list[Token]) -> list[Token]:
    """``tokens`` without brackets that lie too deep or close nothing."""
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        if token.kind is Kind.OPEN:
            depth += 1
            if depth > guard.MOST_DEPTH:
                continue
        elif token.kind is Kind.CLOSE:
            if depth == 0:
                continue
            depth -= 1
            if depth >= guard.MOST_DEPTH:
                continue
        kept.append(token)
    return kept


def _without_labels(tokens: list[Token]) -> list[Token]:
    """``tokens`` without what is printed around an id: ``arXiv: 1706.03762 [cs.CL]``."""
    kept: list[Token] = []
    for token in tokens:
        if token.kind is Kind.PAPER and kept and kept[-1].text.lower().rstrip(":") in ("arxiv", "doi"):
            kept.pop()
        elif (
            token.kind is Kind.WORD and kept and kept[-1].kind is Kind.PAPER and _TOPIC_STAMP.fullmatch(token.text)
        ):
            continue
        kept.append(token)
    return kept


def _brackets(tokens: list[Token]) -> int:
    return sum(token.kind in (Kind.OPEN, Kind.CLOSE) for token in tokens)


def _operates(token: Token) -> bool:
    if token.kind in (Kind.WORD, Kind.CONDITION, Kind.PAPER):
        return token.kind is Kind.WORD and (token.field is not None or token.text.endswith("*"))
    return True


def _within_limits(root: Node | None, most: int, reader: _Reader) -> Node | None:
    """``root`` with at most ``most`` different leaves; the rest is cut off at the end of the search."""
    if not isinstance(root, And) or sum(1 for _ in leaves(root, positive=False)) <= most:
        return root
    kept: list[Node] = []
    room = most
    for child in dict.fromkeys(root.children):
        size = sum(1 for _ in leaves(child, positive=False))
        if size > room:
            reader.note(f"only the first {most} words and phrases were used")
            break
        kept.append(child)
        room -= size
    return _grouped(kept, And) if not root.strict else And(tuple(kept), strict=True)


def _meaning(root: Node | None, tokens: list[Token], operated: bool) -> str:
    if not operated:
        return " ".join(token.text for token in tokens if token.kind is Kind.WORD and token.field is None)
    meant = (leaf for leaf in leaves(root) if leaf.field in _MEANT)
    return " ".join(leaf.text or " ".join(leaf.words) if isinstance(leaf, Phrase) else leaf.text for leaf in meant)
