"""XML from strangers, read whole or not at all: no DTD, so no entities, and a limit on everything that could grow.

Python's own Expat does the parsing. Its versions below 2.6 are weak against documents that define entities and
against a token of many megabytes fed in small pieces; here a document type is refused before Expat reads what
stands in it, and the document, whose size `http` has limited, is fed in one piece.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from xml.parsers import expat

from broadsheet.sources.failures import BadReply

MAX_DEPTH = 64
MAX_ELEMENTS = 1_000_000
MAX_ATTRIBUTES = 64

# Names are written as their usual prefix, whatever prefix the document chose; the first ones need none.
_PREFIXES = {
    "": "",
    "http://www.openarchives.org/OAI/2.0/": "",
    "http://arxiv.org/OAI/arXiv/": "",
    "http://arxiv.org/OAI/arXivRaw/": "",
    "http://www.w3.org/2005/Atom": "atom:",
    "http://arxiv.org/schemas/atom": "arxiv:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://a9.com/-/spec/opensearch/1.1/": "opensearch:",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism:",
    "http://prismstandard.org/namespaces/2.0/basic/": "prism:",
    "http://prismstandard.org/namespaces/1.2/basic/": "prism:",
    "http://prismstandard.org/namespaces/basic/2.1/": "prism:",
    "http://prismstandard.org/namespaces/basic/3.0/": "prism:",
    "http://purl.org/rss/1.0/modules/prism/": "prism:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}


class BadMarkup(ValueError):
    """A document that is not well-formed XML, is cut short, or holds what none of our sources sends."""


_NO_ATTRIBUTES: dict[str, str] = {}


class Element:
    """One element: ``name`` with its usual prefix, its ``attributes`` and ``children``, and its own ``text``."""

    # Lists of papers are a hundred thousand of these: what most have none of is not made.
    __slots__ = ("_children", "_parts", "attributes", "name")

    def __init__(self, name: str, attributes: dict[str, str] = _NO_ATTRIBUTES) -> None:
        self.name = name
        self.attributes = attributes
        self._children: list[Element] | None = None
        self._parts: str | list[str] = ""

    @property
    def children(self) -> "Sequence[Element]":
        return self._children or ()

    @property
    def text(self) -> str:
        """Its own text, ends trimmed."""
        parts = self._parts
        return (parts if isinstance(parts, str) else "".join(parts)).strip()

    def find(self, name: str) -> "Element | None":
        for one in self._children or ():
            if one.name == name:
                return one
        return None

    def all(self, name: str) -> "list[Element]":
        return [one for one in self._children or () if one.name == name]

    def said(self, name: str) -> str:
        """The text of its first child called ``name``; empty if it has none."""
        one = self.find(name)
        return one.text if one is not None else ""

    def walk(self) -> "Iterator[Element]":
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += reversed(one.children)

    def add(self, child: "Element") -> None:
        if self._children is None:
            self._children = [child]
        else:
            self._children.append(child)

    def write(self, text: str) -> None:
        parts = self._parts
        if not parts:
            self._parts = text
        elif isinstance(parts, str):
            self._parts = [parts, text]
        else:
            parts.append(text)


def parse(document: bytes, flat: Collection[str] = (), signs: Mapping[str, str] | None = None) -> Element:
    """The root element of ``document``, which must be XML in UTF-8 (or say which encoding it has) and whole.

    ``flat``: elements, no two of them inside each other, whose text is that of all within them, in its order; what
    ``signs`` names is put between its sign there, as ``$`` around a formula.

    Raises:
        BadMarkup: if it is not well-formed to its last byte, has a document type, or is larger than any of ours.
    """
    reader = _FlatReader(flat, signs or {}) if flat else _Reader()
    try:
        reader.parser.Parse(document, True)
    except expat.ExpatError as wrong:
        line, column = wrong.lineno, wrong.offset
        said = expat.ErrorString(wrong.code)
        raise BadMarkup(f"not well-formed XML at line {line}, column {column + 1}: {said}") from None
    except (ValueError, LookupError) as wrong:
        if isinstance(wrong, BadMarkup):
            raise
        raise BadMarkup(f"XML that cannot be read: {str(wrong)[:200]}") from None
    finally:
        # The handlers are bound to the reader and the reader holds the parser: taken apart they need no collector.
        reader.let_go()
    if reader.root is None:
        raise BadMarkup("an empty document")
    return reader.root


def reply(
    document: bytes, what: str, flat: Collection[str] = (), signs: Mapping[str, str] | None = None
) -> Element:
    """The root element of ``document``, as `parse` reads it; ``what`` a place answered, for the message.

    Raises:
        BadReply: if it is no XML, or not all of it.
    """
    try:
        return parse(document, flat, signs)
    except BadMarkup as wrong:
        raise BadReply(f"{what} is cut short or no XML ({wrong})") from None


class _Reader:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._stack: list[Element] = []
        self._count = 0
        self._names: dict[str, str] = {}
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def let_go(self) -> None:
        for handler in ("StartElement", "EndElement", "CharacterData", "StartDoctypeDecl", "EntityDecl"):
            setattr(self.parser, f"{handler}Handler", None)

    def _name(self, written: str) -> str:
        known = self._names.get(written)
        if known is None:
            space, _, local = written.rpartition(" ")
            known = self._names[written] = _PREFIXES.get(space, "?:") + local
        return known

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        stack = self._stack
        self._count += 1
        if len(stack) >= MAX_DEPTH:
            raise BadMarkup(f"elements nested more than {MAX_DEPTH} deep")
        if self._count > MAX_ELEMENTS or len(attributes) > MAX_ATTRIBUTES:
            raise BadMarkup("more elements or attributes than any list of papers has")
        named = {self._name(key): value for key, value in attributes.items()} if attributes else _NO_ATTRIBUTES
        element = Element(self._names.get(name) or self._name(name), named)
        if stack:
            stack[-1].add(element)
        else:
            self.root = element
        stack.append(element)

    def _end(self, _name: str) -> None:
        self._stack.pop()

    def _data(self, text: str) -> None:
        self._stack[-1].write(text)

    def _doctype(self, *_: object) -> None:
        raise BadMarkup("a document type or entities, which none of our sources sends: not read")

    _entity = _doctype


class _FlatReader(_Reader):
    """Reads what stands inside elements called ``flat`` as their text."""

    def __init__(self, flat: Collection[str], signs: Mapping[str, str]) -> None:
        super().__init__()
        self._flat = frozenset(flat)
        self._signs = signs
        self._within = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._within:
            super()._start(name, attributes)
            self._within = self._stack[-1].name in self._flat
            return
        self._within += 1
        self._count += 1
        if len(self._stack) + self._within > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise BadMarkup("more elements, or nested deeper, than any list of papers has")
        self._data(self._signs.get(self._name(name), ""))

    def _end(self, name: str) -> None:
        self._within = max(self._within - 1, 0)
        if self._within:
            self._data(self._signs.get(self._name(name), ""))
        else:
            super()._end(name)
