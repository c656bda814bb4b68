"""Moves what narrows the whole search out of its tree and into the filters, and settles which And is strict."""

from dataclasses import replace

from broadsheet.search.filters import Filters
from broadsheet.search.syntax import And, Node, Not, Or, Phrase, Word


def filters_of(root: Node | None, filters: Filters) -> tuple[Node | None, Filters]:
    """The rest of the tree, and ``filters`` with the authors, topics, venues and sources that stood in it.

    Lifted is only what binds the whole search: children of the root. An author who is left out, or one side
    of an OR with something else, stays in the tree. A second topic also stays: side by side means both, and
    a filter's topics mean any. A paper has one venue and one language, so there any is meant.
    """
    if root is None:
        return None, filters
    strict = isinstance(root, And) and root.strict
    kept: list[Node] = []
    for part in _parts(root):
        if isinstance(part, (Word, Phrase)) and part.field is None:
            kept.append(part)
            continue
        lifted = _lifted(part, filters)
        if lifted is None:
            kept.append(_settled(part))
        else:
            filters = lifted
    if len(kept) > 1:
        return And(tuple(kept), strict), filters
    return (kept[0] if kept else None), filters


def _parts(root: Node) -> list[Node]:
    """The children of the root, brackets without an operator opened: ``(a b) c`` is ``a b c``."""
    if not isinstance(root, And):
        return [root]
    flat: list[Node] = []
    for child in root.children:
        if isinstance(child, And) and (root.strict or not child.strict):
            flat.extend(_parts(child))
        else:
            flat.append(child)
    return flat


def _settled(node: Node) -> Node:
    """Below the root side by side means both: every And there is strict."""
    match node:
        case And(children):
            return And(tuple(_settled(child) for child in children), strict=True)
        case Or(children):
            return Or(tuple(_settled(child) for child in children))
        case Not(child):
            return Not(_settled(child))
        case _:
            return node


def _lifted(part: Node, filters: Filters) -> Filters | None:
    """``filters`` narrowed by ``part``, or None if it has to stay in the tree."""
    if isinstance(part, Not):
        values, field = _values(part.child)
        match field:
            case "topic":
                return replace(filters, without_topics=_added(filters.without_topics, values))
            case "venue":
                return replace(filters, without_venues=_added(filters.without_venues, values))
            case "source":
                return replace(filters, without_sources=_added(filters.without_sources, values))
        return None
    values, field = _values(part)
    match field:
        case "author" if len(values) == 1:
            return replace(filters, authors=_added(filters.authors, values))
        case "topic" if not filters.topics:
            return replace(filters, topics=values)
        case "venue":
            return replace(filters, venues=_added(filters.venues, values))
        case "source":
            return replace(filters, sources=_added(filters.sources, values))
    return None


def _values(node: Node) -> tuple[tuple[str, ...], str | None]:
    """What a leaf, or an Or of leaves of one field, asks of that field; no field if it is anything else."""
    leaves = node.children if isinstance(node, Or) else (node,)
    texts: list[str] = []
    fields: set[str | None] = set()
    for leaf in leaves:
        if not isinstance(leaf, (Word, Phrase)) or (isinstance(leaf, Word) and leaf.prefix):
            return (), None
        texts.append(leaf.text)
        fields.add(leaf.field)
    return tuple(texts), fields.pop() if len(fields) == 1 else None


def _added(values: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*values, *more)))
