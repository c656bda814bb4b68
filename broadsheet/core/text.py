"""Unicode tidying and safe cropping: text from anywhere, made fit for a page, an index and a mail."""

import hashlib
import re
import unicodedata
from functools import lru_cache

# Controls, lone surrogates, bidirectional overrides, zero-width, tag and non-characters: they break XML, mail or
# the order in which a line is read, or hide words from people that machines read; no title needs them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
# Ends of lines and of pages as other systems write them: they part words, so they do not vanish.
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_PLAIN = re.compile(r"[ -~\n]*")
_DOLLAR = re.compile(r"(?<!\\)\$")
_WEB = re.compile(r"https?://[^\s\"'<>\\^`{|}]{3,2000}", re.IGNORECASE)


def clean(raw: str) -> str:
    """``raw`` in NFC, its lines ended by newlines, without characters that have no place in running text."""
    if _PLAIN.fullmatch(raw):
        return raw
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _BREAK.sub("\n", raw)))


def one_line(raw: str) -> str:
    """Cleaned, every run of white space one space, ends trimmed."""
    return " ".join(clean(raw).split())


def paragraphs(raw: str) -> str:
    """Cleaned; lines joined as their sources wrap them; a blank line stays a paragraph."""
    cleaned = clean(raw).strip()
    if "\n" not in cleaned:
        return " ".join(cleaned.split())
    return "\n\n".join(" ".join(part.split()) for part in _BLANK_LINES.split(cleaned))


def title_key(title: str) -> str:
    """16 hex digits that are equal for titles alike but for case, accents, punctuation and spaces."""
    if title.isascii():
        bare = _NOT_ALPHANUMERIC.sub("", title.lower())
    else:
        folded = unicodedata.normalize("NFKD", title).casefold()
        bare = "".join(char for char in folded if char.isalnum())
    return hashlib.blake2b((bare or title).encode("utf-8", "replace"), digest_size=8).hexdigest()


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """An author's name for comparing and for URLs: ``Yann LeCun`` -> ``yann-lecun``."""
    if name.isascii():
        bare = name.lower()
    else:
        folded = unicodedata.normalize("NFKD", name).casefold()
        bare = "".join(char for char in folded if not unicodedata.combining(char))
    return _NOT_WORD.sub("-", bare).strip("-_")[:150].rstrip("-_")


def surname_key(name: str) -> str:
    """The last word of a name, folded; of ``LeCun, Yann`` the part before the comma."""
    if "," in name:
        name = name.partition(",")[0]
    return name_key(name).rpartition("-")[2]


def crop(text: str, most: int) -> str:
    """At most ``most`` characters and an ellipsis, cut between words and never inside ``$…$``."""
    if len(text) <= most:
        return text
    cut = text[:most]
    words = cut.rfind(" ")
    # A word longer than half of what is asked is cut: better a part of it than nothing.
    at = words if words > most // 2 else most
    marks = [found.start() for found in _DOLLAR.finditer(text)]
    for opening, closing in zip(marks[::2], marks[1::2], strict=False):
        if opening < at <= closing:
            at = opening
    return cut[:at].rstrip(" ,;:.-") + "…"


def is_web_address(url: str) -> bool:
    """Whether ``url`` is an absolute http or https address that is safe to print as a link."""
    return bool(_WEB.fullmatch(url)) and url.isprintable()
