"""A cleaned search cut into tokens, in one pass from left to right; every text gives some tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from broadsheet.core import ids
from broadsheet.core.ids import PaperId, Scheme
from broadsheet.search.normalise import words

FIELDS = {
    "title": "title", "ti": "title",
    "abstract": "abstract", "abs": "abstract",
    "author": "author", "au": "author",
    "topic": "topic", "cat": "topic",
    "venue": "venue",
    "source": "source",
    "keyword": "keyword", "kw": "keyword",
    "id": "id", "doi": "doi", "like": "like",
    "year": "year", "since": "since", "until": "until", "has": "has", "lang": "lang",
}  # fmt: skip
"""What may stand before a colon (the short forms are arXiv's) and the field it names."""

CONDITIONS = frozenset({"id", "doi", "like", "year", "since", "until", "has", "lang"})
"""Fields whose value is no text to be looked for, but names or bounds papers."""

EDGE = "`'.,;:!?*~_=<>[]|/&^%@-–—…·•\"()"
"""Signs that are no part of a word when they stand at its ends."""

_IN_PLAIN_TEXT = CONDITIONS | {"author", "topic", "venue", "source"}
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_FIELD = re.compile(r"([A-Za-z]{2,8}):(?=[^\s)])")
_RUN = re.compile(r'[^\s()"]+')
# A formula is one word, brackets and all; the sums in "from $5 to $9" are none.
_FORMULA = re.compile(r'\$(?![\s$])[^$"]{1,120}(?<!\s)\$[^\s()"]*')
_MAY_NAME_A_PAPER = re.compile(r"[^\s]*?(?:\d\.\d|\d-\d|[/:])")
_MAY_BE_SPECIAL = re.compile(r"[/:]|\d[.-]\d")
_PAPER_PREFIX = re.compile(r"(?:arxiv|doi|openreview|acl):", re.IGNORECASE)
_BARE_ADDRESS = re.compile(
    r"(?:www\.)?(?:export\.)?(?:arxiv\.org|(?:dx\.)?doi\.org|openreview\.net|aclanthology\.org|alphaxiv\.org|"
    r"huggingface\.co|hf\.co)/",
    re.IGNORECASE,
)


class Kind(Enum):
    WORD = auto()
    PHRASE = auto()
    PAPER = auto()
    CONDITION = auto()
    OPEN = auto()
    CLOSE = auto()
    NOT = auto()
    AND = auto()
    OR = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is the value without quotes or field; ``start`` is where it begins in a search with operators."""

    kind: Kind
    text: str
    start: int
    field: str | None = None
    paper: PaperId | None = None


_OPERATORS = {"OR": Kind.OR, "AND": Kind.AND, "NOT": Kind.NOT}


def scan(text: str) -> Iterator[Token]:
    """The tokens of a search with operators."""
    text = text.translate(_QUOTES)
    at, last_quote = 0, text.rfind('"')
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        fresh = at == 0 or text[at - 1] in ' (-"'
        if fresh and (token := _paper_at(text, at)):
            yield token
            at = _end_of_chunk(text, at)
            continue
        if fresh and _is_minus(text, at):
            yield Token(Kind.NOT, "-", at)
            at += 1
            continue
        field, value_at = _field_at(text, at) if fresh else (None, at)
        if field in CONDITIONS:
            end = _end_of_value(text, value_at)
            yield Token(Kind.CONDITION, text[value_at:end].strip('"'), at, field)
            at = end
            continue
        sign = text[value_at]
        if sign == '"' and value_at < last_quote:
            end = text.index('"', value_at + 1)
            yield Token(Kind.PHRASE, text[value_at + 1 : end], at, field)
            at = end + 1
        elif sign == "(":
            yield Token(Kind.OPEN, sign, at, field)
            at = value_at + 1
        elif sign == ")":
            yield Token(Kind.CLOSE, sign, at)
            at += 1
        elif found := _FORMULA.match(text, value_at) or _RUN.match(text, value_at):
            operator = None if field else _OPERATORS.get(found[0])
            yield Token(operator or Kind.WORD, found[0], value_at, field)
            at = found.end()
        else:  # a quote that nothing closes
            at = value_at + 1


def scan_plain(text: str) -> tuple[list[Token], str]:
    """The tokens of a text without operators, each different word once, and the text without the papers and
    conditions that stand in it."""
    tokens: list[Token] = []
    beside: set[str] = set()
    chunks = text.split(" ")
    for chunk in dict.fromkeys(chunks):
        if _MAY_BE_SPECIAL.search(chunk) and (special := list(_special(chunk))):
            tokens.extend(special)
            beside.add(chunk)
        elif (bare := chunk.strip(EDGE)) and words(bare):
            tokens.append(Token(Kind.WORD, bare, 0))
    return tokens, " ".join(chunk for chunk in chunks if chunk not in beside) if beside else text


def _special(chunk: str) -> Iterator[Token]:
    """The paper or condition that ``chunk`` is, if it is one."""
    if token := _paper_at(chunk, 0):
        yield token
        return
    minus = chunk.startswith("-")
    field, at = _field_at(chunk, int(minus))
    if field in _IN_PLAIN_TEXT:
        if minus:
            yield Token(Kind.NOT, "-", 0)
        value = chunk[at : _end_of_value(chunk, at)].strip('"')
        yield Token(Kind.CONDITION if field in CONDITIONS else Kind.WORD, value, 0, field)


def _is_minus(text: str, at: int) -> bool:
    """Whether the sign at ``at`` is a minus before a term: not so in ``pre-train``, ``a - b`` and ``RGB(-D)``."""
    if text[at] != "-" or at + 1 == len(text) or text[at + 1] in " -)":
        return False
    before = text[:at].rstrip("(-")[-1:]
    return before in ("", " ", ":")


def _field_at(text: str, at: int) -> tuple[str | None, int]:
    """The field named at ``at`` and where its value begins; None and ``at`` if there is none."""
    found = _FIELD.match(text, at)
    field = FIELDS.get(found[1].lower()) if found else None
    return (field, found.end()) if found and field else (None, at)


def _end_of_chunk(text: str, at: int) -> int:
    end = text.find(" ", at)
    return len(text) if end < 0 else end


def _end_of_value(text: str, at: int) -> int:
    """The end of a condition's value: the closing quote, or the chunk without brackets it did not open."""
    if text[at] == '"' and (closing := text.find('"', at + 1)) > 0:
        return closing + 1
    end = _end_of_chunk(text, at)
    surplus = text.count(")", at, end) - text.count("(", at, end)
    while surplus > 0 and end > at + 1 and text[end - 1] == ")":
        end, surplus = end - 1, surplus - 1
    return end


def _paper_at(text: str, at: int) -> Token | None:
    if not _MAY_NAME_A_PAPER.match(text, at):
        return None
    chunk = text[at : _end_of_chunk(text, at)]
    paper = paper_named(chunk)
    return Token(Kind.PAPER, chunk, at, paper=paper) if paper else None


def paper_named(chunk: str) -> PaperId | None:
    """The paper that ``chunk`` names beyond doubt: an address, a DOI, an arXiv, ACL or OpenReview id."""
    bare = chunk.strip("<>[]{}\"',;.!?")
    if bare.count(")") > bare.count("("):
        bare = bare.rstrip(")")
    if _BARE_ADDRESS.match(bare):
        bare = f"https://{bare}"
    # A local id looks like any 'word:word', so it is taken only where an id is asked for (id: and like:).
    if ":" in bare and not _PAPER_PREFIX.match(bare) and not bare.lower().startswith(("http://", "https://")):
        return None
    paper = ids.parse(bare)
    if paper and paper.scheme is Scheme.ARXIV and "/" not in paper.value and not "01" <= paper.value[2:4] <= "12":
        return None  # a number such as 1999.1234 has no month
    return paper
