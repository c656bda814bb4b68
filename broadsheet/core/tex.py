"""TeX in titles and abstracts: math to MathML, marks to plain characters; whatever is broken stays readable.

Conversion is by math-core (a compiled TeX to MathML Core converter). Its output is checked token by token
against the elements and attributes listed here, so that nothing it might ever emit can run or fetch.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import local

from broadsheet.core import text

MAX_FORMULA = 5_000
MAX_FORMULAS = 200
MAX_DEPTH = 40
# Each command may nest the next one, and the converter's stack with it: real formulas have a tenth of these.
MAX_COMMANDS = 100
# A space of more than this many em would push the page out of the window.
MAX_EM = 20.0
LONGEST_CACHED = 4_000

# An escaped character, or a mark that may open a formula.
_MARK = re.compile(r"\\(?:(?P<bracket>[\[(])|.)|\$\$?", re.DOTALL)
_CLOSING = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
# A macro of 2,000 characters used 1,000 times would make a page of 25 MB.
_DEFINES = re.compile(r"\\(?:def|edef|gdef|xdef|let|futurelet|(?:new|renew|provide)command|Declare\w*)(?![A-Za-z])")
# What authors write most among the commands that the converter does not know.
_MACROS = {
    "widetilde": r"\tilde", "Tilde": r"\tilde", "mbox": r"\text", "nicefrac": r"\frac", "eps": r"\epsilon",
    "dotsc": r"\ldots", "poly": r"\operatorname{poly}", "polylog": r"\operatorname{polylog}",
    "rank": r"\operatorname{rank}",
}  # fmt: skip
_CODE_POINT = re.compile(r"\\unicode\{(?:x([0-9A-Fa-f]{2,5})|(\d{2,6}))\}")
_LENGTH = re.compile(r'="(-?[\d.]+)([a-z]*)"')
_EM = {
    "em": 1.0,
    "ex": 0.5,
    "rem": 1.0,
    "mu": 1 / 18,
    "pt": 0.1,
    "px": 1 / 16,
    "cm": 2.4,
    "mm": 0.24,
    "in": 6.0,
    "pc": 1.2,
}
_TAG = re.compile(
    r"</?(?:math|mi|mo|mn|ms|mtext|mspace|mrow|mfrac|msqrt|mroot|msub|msup|msubsup|munder|mover|munderover"
    r"|mmultiscripts|mprescripts|mtable|mtr|mtd|mpadded|mphantom|menclose|mstyle|b|i)"
    r"(?: (?:display|displaystyle|mathvariant|stretchy|symmetric|lspace|rspace|width|height|depth|voffset|fence"
    r"|separator|form|accent|accentunder|minsize|maxsize|movablelimits|linethickness|scriptlevel|columnalign"
    r'|columnspacing|rowspacing|largeop|class|dir|notation)="[^"<>&]{0,80}")*\s*/?>'
)
_STYLE = re.compile(r' style="[^"]*"')
# HTML names more characters than XML, and feeds are XML.
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)[A-Za-z]+;")
_WRAPPED = re.compile(
    r"\\(?:textbf|textit|texttt|textsc|textrm|textsf|textsl|text|emph|mbox|underline|url)\s*\{([^{}]*)\}"
)
_ACCENT = re.compile(r"\\(?:([`'^\"~=.])\s*|([cvuHk])(?:\s+|(?=\{)))(?:\{\s*\\?([A-Za-z])\s*\}|\\?([A-Za-z]))")
_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328",
}  # fmt: skip
# "Figure~1" is tied; "~5 ms", "10~20" and "/~ada" are not.
_TIE = re.compile(r"(?<=[^\s/~\d])~(?=[^\s~])|(?<=\d)~(?=[^\s~\d])")
_ESCAPED = re.compile(r"\\([&%_#{}$])")
_LETTERS = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L)(?![A-Za-z])\s?(?:\{\})?")
_LETTER = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł",
    "L": "Ł",
}  # fmt: skip
_own = local()


def to_html(source: str) -> str:
    """``source`` as safe HTML, well formed as XML too: text escaped, formulas as MathML, a formula that will not
    convert as code."""
    source = text.clean(source)
    if "$" not in source and "\\" not in source:
        return html.escape(_ties(source))
    return _with_math(source) if len(source) > LONGEST_CACHED else _cached(source)


def _with_math(source: str) -> str:
    parts: list[str] = []
    at = 0
    for count, span in enumerate(formulas(source)):
        if count >= MAX_FORMULAS:
            break
        parts.append(html.escape(tidy(source[at : span.start])))
        parts.append(_formula(span.tex, source[span.start : span.end], block=span.block))
        at = span.end
    parts.append(html.escape(tidy(source[at:])))
    return "".join(parts)


_cached = lru_cache(maxsize=4096)(_with_math)


def to_plain(source: str) -> str:
    """``source`` for places that hold no markup: marks tidied, formulas without their dollar signs."""
    if "$" not in source and "\\" not in source:
        return _ties(source)
    parts: list[str] = []
    at = 0
    for span in formulas(source):
        parts += [tidy(source[at : span.start]), span.tex]
        at = span.end
    parts.append(tidy(source[at:]))
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Span:
    """A formula: ``source[start:end]`` with its marks, ``tex`` without; ``block`` if it stands on its own line."""

    start: int
    end: int
    tex: str
    block: bool


def formulas(source: str) -> Iterator[Span]:
    """The formulas in ``source``, in time linear in its length whatever it holds.

    ``$…$`` is read as pandoc reads it: no space inside the marks, no digit after the closing one, so that prices
    stay prices.
    """
    at = 0
    unclosed: set[str] = set()
    while found := _MARK.search(source, at):
        mark, start, at = found[0], found.start(), found.end()
        if mark == "$":
            end = _closing_dollar(source, at)
        elif (mark == "$$" or found["bracket"]) and mark not in unclosed:
            end = source.find(_CLOSING[mark], at)
            if end < 0:
                unclosed.add(mark)
            elif end == at:
                continue
        else:
            continue
        if end > 0:
            close = end + (1 if mark == "$" else 2)
            yield Span(start, close, source[at:end], block=mark in ("$$", "\\["))
            at = close


def _closing_dollar(source: str, at: int) -> int:
    """Where the dollar stands that closes the formula from ``at``; -1 if what follows is no formula."""
    if source[at : at + 1].isspace():
        return -1
    end = source.find("$", at)
    while end > 0 and source[end - 1] == "\\":
        end = source.find("$", end + 1)
    if end <= at or source[end - 1].isspace() or source[end + 1 : end + 2].isdigit():
        return -1
    return end


def tidy(source: str) -> str:
    """Text-mode TeX as characters: accents, ligatures, escaped signs, ``\\emph{…}``; the rest stays."""
    if "\\" not in source:
        return _ties(source)
    done = _ACCENT.sub(_accented, source)
    done = _LETTERS.sub(lambda found: _LETTER[found[1]], done)
    for _ in range(4):
        done, changed = _WRAPPED.subn(r"\1", done)
        if not changed:
            break
    return _ties(_ESCAPED.sub(r"\1", done))


def _ties(source: str) -> str:
    return _TIE.sub(" ", source) if "~" in source else source


def _accented(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", (found[3] or found[4]) + _COMBINING[found[1] or found[2]])


def _formula(tex: str, written: str, *, block: bool) -> str:
    small = len(tex) <= MAX_FORMULA and tex.count("\\") <= MAX_COMMANDS and _depth(tex) <= MAX_DEPTH
    converted = _mathml(tex, block=block) if small and not _DEFINES.search(tex) else None
    if converted is None:
        return f'<code class="tex">{html.escape(written)}</code>'
    return converted


def _depth(tex: str) -> int:
    deepest = depth = 0
    for char in tex:
        if char == "{":
            depth += 1
            deepest = max(deepest, depth)
        elif char == "}":
            depth -= 1
    return deepest + tex.count("\\left")


def _mathml(tex: str, *, block: bool) -> str | None:
    from math_core import LatexError, LatexToMathML

    if not hasattr(_own, "converter"):
        _own.converter = LatexToMathML(macros=_MACROS, max_expansions=1_000, fancy_error=False)
    try:
        plain = _CODE_POINT.sub(_named_character, tex)
        made: str = _own.converter.convert_with_local_state(plain, displaystyle=block)
    except LatexError:
        return None
    made = _ENTITY.sub(lambda found: html.unescape(found[0]), _STYLE.sub("", made))
    return made if _harmless(made) else None


def _named_character(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    char = chr(number) if number <= 0x10FFFF else ""
    return char if char.isprintable() and char not in "\\{}$%&#^_~" else found[0]


def _harmless(markup: str) -> bool:
    tags = re.findall(r"<[^>]*>?", markup)
    return all(_TAG.fullmatch(tag) and _fits(tag) for tag in tags)


def _fits(tag: str) -> bool:
    return all(abs(float(number)) * _EM.get(unit, 1.0) <= MAX_EM for number, unit in _LENGTH.findall(tag))
