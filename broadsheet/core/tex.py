"""TeX in titles and abstracts: math to MathML, marks to plain characters; whatever is broken stays readable.

Conversion is by math-core (a compiled TeX to MathML Core converter). Its output is checked token by token
against the elements and attributes listed here, so that nothing it might ever emit can run or fetch.
"""

import html
import re
import unicodedata
from functools import lru_cache
from threading import local

MAX_FORMULA = 5_000
MAX_FORMULAS = 200
MAX_DEPTH = 40

# $…$ as pandoc reads it: no space inside the marks, no digit after the closing one, so that prices stay prices.
_MATH = re.compile(
    r"\$\$(?P<block>.+?)\$\$"
    r"|\\\[(?P<bracket>.+?)\\\]"
    r"|\\\((?P<paren>.+?)\\\)"
    r"|(?<![\\$])\$(?P<inline>[^\s$](?:[^$]*?[^\s$\\])?)\$(?!\d)",
    re.DOTALL,
)
_TAG = re.compile(
    r"</?(?:math|mi|mo|mn|ms|mtext|mspace|mrow|mfrac|msqrt|mroot|msub|msup|msubsup|munder|mover|munderover"
    r"|mmultiscripts|mprescripts|mtable|mtr|mtd|mpadded|mphantom|menclose|mstyle|b|i)"
    r"(?: (?:display|displaystyle|mathvariant|stretchy|symmetric|lspace|rspace|width|height|depth|voffset|fence"
    r"|separator|form|accent|accentunder|minsize|maxsize|movablelimits|linethickness|scriptlevel|columnalign"
    r'|columnspacing|rowspacing|largeop|class|dir|notation)="[^"<>&]{0,80}")*\s*/?>'
)
_STYLE = re.compile(r' style="[^"]*"')
_WRAPPED = re.compile(
    r"\\(?:textbf|textit|texttt|textsc|textrm|textsf|textsl|text|emph|mbox|underline|url)\s*\{([^{}]*)\}"
)
_ACCENT = re.compile(r"\\(?:([`'^\"~=.])\s*|([cvuHk])(?:\s+|(?=\{)))(?:\{\s*\\?([A-Za-z])\s*\}|\\?([A-Za-z]))")
_COMBINING = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328",
}  # fmt: skip
_ESCAPED = re.compile(r"\\([&%_#{}])")
_LETTERS = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L)(?![A-Za-z])\s?(?:\{\})?")
_LETTER = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł",
    "L": "Ł",
}  # fmt: skip
_own = local()


def to_html(source: str) -> str:
    """``source`` as safe HTML: text escaped, formulas as MathML, a formula that will not convert as code."""
    if "$" not in source and "\\" not in source:
        return html.escape(_ties(source))
    return _with_math(source)


@lru_cache(maxsize=4096)
def _with_math(source: str) -> str:
    parts: list[str] = []
    at = 0
    for count, found in enumerate(_MATH.finditer(source)):
        if count >= MAX_FORMULAS:
            break
        parts.append(html.escape(tidy(source[at : found.start()])))
        block = found["block"] or found["bracket"]
        parts.append(_formula(block or found["paren"] or found["inline"], found[0], block=block is not None))
        at = found.end()
    parts.append(html.escape(tidy(source[at:])))
    return "".join(parts)


def to_plain(source: str) -> str:
    """``source`` for places that hold no markup: marks tidied, formulas without their dollar signs."""
    if "$" not in source and "\\" not in source:
        return _ties(source)
    bare = _MATH.sub(lambda found: next(part for part in found.groups() if part is not None), source)
    return tidy(bare)


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
    return source.replace("~", " ") if "~" in source and not re.search(r"~[\d.\s]|/~", source) else source


def _accented(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", (found[3] or found[4]) + _COMBINING[found[1] or found[2]])


def _formula(tex: str, written: str, *, block: bool) -> str:
    converted = _mathml(tex, block=block) if len(tex) <= MAX_FORMULA and _depth(tex) <= MAX_DEPTH else None
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
        _own.converter = LatexToMathML(max_expansions=1_000, fancy_error=False)
    try:
        made: str = _own.converter.convert_with_local_state(tex, displaystyle=block)
    except LatexError:
        return None
    made = _STYLE.sub("", made)
    return made if _harmless(made) else None


def _harmless(markup: str) -> bool:
    return all(_TAG.fullmatch(tag) for tag in re.findall(r"<[^>]*>?", markup))
