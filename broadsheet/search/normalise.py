r"""The one rule by which text becomes words, for the index, the query, the phrases and the highlights.

Folding (`fold`) gives lower-case text in which only letters, digits, ``-`` and ``.`` are left:

* case and diacritics go: ``Poincaré`` -> ``poincare``, ``Løvås`` -> ``lovas``, ``ß`` -> ``ss``;
  compatibility forms are opened: ``ﬁ`` -> ``fi``, ``ｘ²`` -> ``x2``;
* TeX is read as what it prints: ``Erd\H{o}s`` -> ``erdos``, ``\emph{few}`` -> ``few``,
  ``$k$-means`` -> ``k-means``;
* a Greek letter becomes its name and a word of its own: ``β-VAE``, ``$\beta$-VAE`` and ``beta-VAE`` agree;
  a run of several Greek letters is Greek and stays;
* an apostrophe vanishes (``Bayes'`` -> ``bayes``); ``C++`` and ``C#`` become ``cpp`` and ``csharp``;
* a dot stays between two digits only (``3.5``); every other sign is a space.

Words (`words`) are what spaces and hyphens part, Chinese and Japanese signs one word each. The hyphen rule:
**a hyphen parts words, and the hyphenated whole is known a second time written as one** (`joined`).
So ``self-attention`` and ``self attention`` are the same two words side by side, and ``selfattention``
finds ``self-attention`` through its joined form.
"""

import re
import unicodedata

_GREEK_NAMES = (  # in the order of Unicode, which has two small sigmas
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau "
    "upsilon phi chi psi omega"
)
_GREEK = {chr(0x3B1 + place): name for place, name in enumerate(_GREEK_NAMES.split(" "))}
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "þ": "th", "đ": "d", "ħ": "h", "ı": "i", "ĸ": "k",
    "ł": "l", "ŋ": "n", "ŧ": "t", "ƒ": "f", "ȷ": "j", "ς": "σ",
}  # fmt: skip
_MARKS = {"\u00ad": "", "\u2018": "", "\u2019": "", "\u02bc": "", "\u2032": ""}  # soft hyphen, apostrophes
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")  # an em dash parts sentences: a space
_KNOWN = _LETTERS | _MARKS | _DASHES

_TEX_ACCENT = re.compile(
    r"\\(?:['\"`^~=.]|[hckbdruvt](?:\s{1,2}(?=[a-z])|(?=\{)))"
    r"(?:\{\s{0,2}\\?([a-z])\s{0,2}\}|\\([ij])(?![a-z])\s?|([a-z]))"
)
_TEX_LETTERS = re.compile(r"\\(ss|o|l|ae|oe|aa|i|j|dh|th)(?![a-z])(?:\{\}|\s(?=[a-z]))?")
_TEX_SILENT = re.compile(
    r"\\(?:(?:text|math)(?:bf|it|tt|rm|sc|sf|sl|up|md|normal|cal|bb|frak|scr)|text|emph|operatorname|bm|boldsymbol|"
    r"underline|overline|mbox|rm|bf|it|em|tt|sc|sf|left|right|big|bigg|frac|dfrac|tfrac|"
    r"ensuremath|widetilde|widehat|tilde|hat|bar|vec|cite[pt]?|ref|label|url|href)(?![a-z])\*?\s{0,2}"
)
_TEX_NAME = re.compile(r"(?<![a-z0-9])\\([a-z]++)(?![0-9])|\\([a-z]+)")
_TEX_SIGN = re.compile(r"\\[^a-z]")
_DECIMAL_DOT = re.compile(r"\.(?<=[0-9]\.)(?=[0-9])")
_LATIN_MARKS = re.compile("[\u0300-\u036f]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_GREEK_RUN = re.compile("[α-ω]+")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PLUS_AND_SHARP = re.compile(r"(?<![a-z0-9])([cf])(\+\+|#)")
_LONGEST_JOINED = 40

_DOT = "\x00"  # stands for a kept dot while the others are turned into spaces
_KEPT = "abcdefghijklmnopqrstuvwxyz0123456789-"
_DROPPED = "'${}"
_TABLE = "".join("." if chr(code) == _DOT else chr(code) if chr(code) in _KEPT else " " for code in range(128))
_BYTES = _TABLE.encode() + bytes(range(128, 256))
_SIGNS = {code: None if chr(code) in _DROPPED else sign for code, sign in enumerate(_TABLE)}


def fold(text: str) -> str:
    """``text`` folded by the rules above; spaces are not collapsed, so nothing moves more than it must."""
    if not text.isascii():
        text = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text).lower())
        text = _NOT_ASCII.sub(_fold_sign, unicodedata.normalize("NFC", text))
        text = _GREEK_RUN.sub(_name_greek, text)
    text = text.lower().replace(_DOT, " ")
    if "\\" in text:
        text = _read_tex(text)
    if "+" in text or "#" in text:
        text = _PLUS_AND_SHARP.sub(lambda found: found[1] + ("pp" if found[2] == "++" else "sharp"), text)
    text = _DECIMAL_DOT.sub(_DOT, text)
    if text.isascii():
        return text.encode("ascii").translate(_BYTES, _DROPPED.encode()).decode("ascii")
    return text.translate(_SIGNS)


def words(text: str) -> list[str]:
    """The words of ``text`` in order. Quoted phrases, the index and the highlights all count by these."""
    return fold(text).replace("-", " ").split()


def joined(text: str) -> list[str]:
    """The hyphenated words of ``text``, each written as one: ``['selfattention']`` of ``Self-attention``."""
    return joined_in(fold(text))


def words_and_joined(text: str) -> tuple[list[str], list[str]]:
    """`words` and `joined` of ``text``, folded once."""
    folded = fold(text)
    return folded.replace("-", " ").split(), joined_in(folded)


def joined_in(folded: str) -> list[str]:
    """`joined` of text that `fold` has already been through."""
    if "-" not in folded:
        return []
    hyphenated = [piece for piece in folded.split() if "-" in piece.strip("-")]
    return [whole for piece in hyphenated if len(whole := piece.replace("-", "")) <= _LONGEST_JOINED]


def _fold_sign(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in _KNOWN:
        return _KNOWN[sign]
    if _CJK.match(sign):
        return f" {sign} "
    # Vowel signs of Indic and other scripts are marks, not letters, and yet part of the word.
    if sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc"):
        return sign
    return " "


def _name_greek(found: re.Match[str]) -> str:
    run = found[0]
    if len(run) > 1:
        return run
    text, start, end = found.string, found.start(), found.end()
    before = " " if start and text[start - 1].isalnum() else ""
    after = " " if end < len(text) and text[end].isalnum() else ""
    return before + _GREEK[run] + after


def _read_tex(text: str) -> str:
    text = _TEX_ACCENT.sub(lambda found: found[1] or found[2] or found[3], text)
    text = _TEX_LETTERS.sub(lambda found: {"aa": "a", "dh": "d"}.get(found[1], found[1]), text)
    text = _TEX_SILENT.sub("", text)
    text = _TEX_NAME.sub(lambda found: found[1] or f" {found[2]} ", text)
    return _TEX_SIGN.sub(" ", text.replace("}{", " ")).replace("\\", " ")
