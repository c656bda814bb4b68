"""What a reader types, read into a Query. One grammar that accepts every text:

    search      = either+                      side by side: relevance decides
    either      = both (OR both)*
    both        = one (AND one)*
    one         = (NOT | -)* (word | "phrase" | field:… | ( search ))

So ``diffusion survey OR review`` is diffusion, and either survey or review. Signs without a partner are
skipped, brackets deeper than the guard allows are taken away, and the notes say so.
"""

import re
from dataclasses import replace
from datetime import date
from itertools import islice

from broadsheet.search import guard, lift
from broadsheet.search.grammar import Grammar, grouped
from broadsheet.search.prose import in_words, is_prose
from broadsheet.search.scan import Kind, Token, scan, scan_plain
from broadsheet.search.syntax import And, Node, Not, Or, Phrase, Query, leaves

_MEANT = frozenset({None, "title", "abstract", "keyword"})
_LONG = 24
"""More words than this without an operator are a pasted text, not keywords."""
_READ_AS_PROSE = (
    "read as a sentence: its quotes and dashes are part of the text; to require words side by side write "
    'abstract:"…", or AND before the quotes'
)
_TOPIC_STAMP = re.compile(r"\[[a-z-]+(?:\.[A-Za-z-]+)?\]")


def read(raw: str, today: date) -> Query:
    """`parse` behind the guard.

    Raises:
        QueryTooLong: if the guard refuses it; nothing else.
    """
    return parse(guard.admit(raw), today)


def parse(admitted: guard.Admitted, today: date) -> Query:
    """The meaning of a search; ``today`` is what ``since:30d`` counts from. Never raises."""
    return _parse_plain(admitted.text, today) if admitted.plain else _parse_operated(admitted.text, today)


def _parse_operated(text: str, today: date) -> Query:
    scanned = list(scan(text))
    tokens = _without_labels(_shallow(scanned))
    if is_prose(tokens, text):
        return _parse_prose(text, tokens, today)
    grammar = Grammar(tokens, today)
    root = grammar.search(depth=0)
    if _brackets(tokens) < _brackets(scanned):
        grammar.note(f"brackets that close nothing, or lie more than {guard.MOST_DEPTH} deep, were taken away")
    if text.count('"') % 2:
        grammar.note("a quote that nothing closes was taken away")
    if not any(_operates(token) for token in tokens):
        meaning = " ".join(token.text for token in tokens if token.kind is Kind.WORD)
        long = sum(token.kind is Kind.WORD for token in tokens) > _LONG
        return _query(text, root, grammar, meaning, plain=long)
    query = _query(text, _within_limits(root, grammar), grammar, "", plain=False)
    return replace(query, meaning=_meaning(query.root))


def _parse_prose(text: str, tokens: list[Token], today: date) -> Query:
    """A sentence: its own signs are words and nothing else, what was added at its ends still works."""
    said = in_words(tokens)
    grammar = Grammar(said, today)
    query = _query(text, grammar.search(depth=0), grammar, "", plain=False)
    if any(token.kind is Kind.PHRASE for token in tokens) or _minuses(said) < _minuses(tokens):
        query = replace(query, notes=(*query.notes, _READ_AS_PROSE))
    return replace(query, meaning=_meaning(query.root), plain=not _minuses(said))


def _minuses(tokens: list[Token]) -> int:
    return sum(token.kind is Kind.NOT for token in tokens)


def _parse_plain(text: str, today: date) -> Query:
    tokens, rest = scan_plain(text)
    grammar = Grammar(tokens[: guard.MOST_PLAIN_WORDS], today)
    root = grammar.plain()
    grammar.note(
        f"longer than {guard.MOST_OPERATED} characters, so it was read as plain text: "
        "quotes, brackets, OR and minus were not used"
    )
    if len(tokens) > guard.MOST_PLAIN_WORDS:
        grammar.note(f"only its first {guard.MOST_PLAIN_WORDS} different words were used")
    return _query(text, root, grammar, rest, plain=root is not None)


def _query(text: str, root: Node | None, grammar: Grammar, meaning: str, *, plain: bool) -> Query:
    root, filters = lift.filters_of(root, grammar.filters)
    if filters.since and filters.until and filters.since > filters.until:
        grammar.note(f"nothing can match: {filters.since} is later than {filters.until}")
    return Query(
        text=text,
        root=root,
        filters=filters,
        like=tuple(grammar.like.values())[: guard.MOST_PAPERS],
        unlike=tuple(grammar.unlike.values())[: guard.MOST_PAPERS],
        meaning=meaning,
        pinned=tuple(grammar.pinned)[: guard.MOST_PAPERS],
        plain=plain,
        notes=tuple(grammar.notes),
    )


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
        return token.kind is Kind.WORD and (token.field is not None or "*" in token.text)
    return True


def _within_limits(root: Node | None, grammar: Grammar) -> Node | None:
    """``root`` with its first `MOST_TERMS` words and phrases."""
    most = guard.MOST_TERMS
    if root is None or sum(1 for _ in leaves(root, positive=False)) <= most:
        return root
    grammar.note(f"only the first {most} words and phrases were used")
    return _cut(root, set(islice(map(id, leaves(root, positive=False)), most)))


def _cut(node: Node, kept: set[int]) -> Node | None:
    """``node`` without the leaves that are not ``kept``, and without what is empty then."""
    match node:
        case Not(child):
            rest = _cut(child, kept)
            return Not(rest) if rest else None
        case And(children, strict):
            parts = [part for child in children if (part := _cut(child, kept))]
            return And(tuple(parts), strict) if len(parts) > 1 else grouped(parts, And)
        case Or(children):
            return grouped([part for child in children if (part := _cut(child, kept))], Or)
        case _:
            return node if id(node) in kept else None


def _meaning(root: Node | None) -> str:
    meant = (leaf for leaf in leaves(root) if leaf.field in _MEANT)
    return " ".join(leaf.text or " ".join(leaf.words) if isinstance(leaf, Phrase) else leaf.text for leaf in meant)
