"""Paper ids: one canonical key for every way the world names a paper.

A key is what stands in URLs (``/papers/{key}``) and in the ``Identifier`` table:

======================  =====================================  ==========================
scheme                  key                                    example
======================  =====================================  ==========================
arXiv, since 2007       the bare number                        ``2602.07026``
arXiv, before 2007      archive and number                     ``hep-th/9901001``
DOI                     the DOI in lower case                  ``10.18653/v1/p19-1001``
OpenReview              ``openreview:`` and the forum id       ``openreview:rkgt0REKwS``
ACL Anthology           ``acl:`` and the Anthology id          ``acl:2020.acl-main.1``
anything else           ``prefix:value`` as its source gave it ``conf:aaai2021:06384``
======================  =====================================  ==========================
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote, urlsplit


class Scheme(StrEnum):
    ARXIV = "arxiv"
    DOI = "doi"
    OPENREVIEW = "openreview"
    ACL = "acl"
    LOCAL = "local"


# The order in which a paper with several ids takes its key: the id most readers type comes first.
KEY_ORDER = (Scheme.ARXIV, Scheme.DOI, Scheme.ACL, Scheme.OPENREVIEW, Scheme.LOCAL)

_ARXIV_NEW = re.compile(r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v([1-9]\d{0,2}))?", re.ASCII | re.IGNORECASE)
_ARXIV_OLD = re.compile(
    r"([a-z][a-z-]{1,15})(?:\.[a-z]{2})?(/\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v([1-9]\d{0,2}))?",
    re.ASCII | re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}/(?:(?![\"<>])[!-~]){0,399}(?![\"<>.,;])[!-~]", re.ASCII)
_OPENREVIEW = re.compile(r"[A-Za-z0-9_-]{6,40}")
_ACL_NEW = re.compile(r"\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d{1,4}", re.ASCII | re.IGNORECASE)
_ACL_OLD = re.compile(r"[a-z]\d{2}-\d{4,5}", re.ASCII | re.IGNORECASE)
_LOCAL = re.compile(r"[a-z][a-z0-9]{1,15}:[^\s\"'<>\\?#%]{1,180}")
_BARE_ADDRESS = re.compile(
    r"(?:www\.)?(?:arxiv\.org|doi\.org|openreview\.net|aclanthology\.org|huggingface\.co)/", re.IGNORECASE
)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class PaperId:
    """One name of one paper, without its version. ``key`` is unique over all schemes."""

    scheme: Scheme
    value: str

    @property
    def key(self) -> str:
        if self.scheme in (Scheme.ARXIV, Scheme.DOI, Scheme.LOCAL):
            return self.value
        return f"{self.scheme}:{self.value}"

    @property
    def page(self) -> str:
        """The page of the paper at the place that gave the id; empty for local ids."""
        match self.scheme:
            case Scheme.ARXIV:
                return f"https://arxiv.org/abs/{self.value}"
            case Scheme.DOI:
                return f"https://doi.org/{quote(self.value, safe='/:;()._-')}"
            case Scheme.OPENREVIEW:
                return f"https://openreview.net/forum?id={quote(self.value)}"
            case Scheme.ACL:
                return f"https://aclanthology.org/{quote(self.value)}"
            case _:
                return ""

    @property
    def pdf(self) -> str:
        """The PDF at the place that gave the id; empty where that place has no rule for it."""
        match self.scheme:
            case Scheme.ARXIV:
                return f"https://arxiv.org/pdf/{self.value}"
            case Scheme.OPENREVIEW:
                return f"https://openreview.net/pdf?id={quote(self.value)}"
            case Scheme.ACL:
                return f"https://aclanthology.org/{quote(self.value)}.pdf"
            case _:
                return ""

    def __str__(self) -> str:
        return self.key


def from_key(scheme: str, key: str) -> PaperId:
    """The id whose ``scheme`` and ``key`` these are, as the ``Identifier`` table keeps them."""
    named = Scheme(scheme)
    return PaperId(named, key.removeprefix(f"{named}:") if named in (Scheme.OPENREVIEW, Scheme.ACL) else key)


def parse_arxiv(text: str) -> tuple[PaperId, int | None] | None:
    """``(id, version or None)`` of an arXiv id such as ``arXiv:2602.07026v2``; None if it is not one."""
    bare = re.sub(r"^arxiv:\s*", "", text.strip(), flags=re.IGNORECASE)
    if found := _ARXIV_NEW.fullmatch(bare):
        return PaperId(Scheme.ARXIV, found[1]), int(found[2]) if found[2] else None
    if found := _ARXIV_OLD.fullmatch(bare):
        # The subject class of math.AG/0101001 is no part of the name: arXiv itself writes math/0101001.
        return PaperId(Scheme.ARXIV, (found[1] + found[2]).lower()), int(found[3]) if found[3] else None
    return None


def parse_doi(text: str) -> PaperId | None:
    """The DOI in ``text``; arXiv's own DOIs give the arXiv id, so that a paper keeps one name."""
    bare = re.sub(r"^doi:\s*", "", text.strip(), flags=re.IGNORECASE).rstrip(".,;")
    found = _DOI.fullmatch(bare)
    if not found:
        return None
    if own := _ARXIV_DOI.fullmatch(bare):
        arxiv = parse_arxiv(own[1])
        if arxiv:
            return arxiv[0]
    return PaperId(Scheme.DOI, bare.lower())


def parse_openreview(text: str) -> PaperId | None:
    return PaperId(Scheme.OPENREVIEW, text) if _OPENREVIEW.fullmatch(text) else None


def parse_acl(text: str) -> PaperId | None:
    """The Anthology id ``text``, in the case in which the Anthology writes it."""
    if _ACL_NEW.fullmatch(text):
        return PaperId(Scheme.ACL, text.lower())
    return PaperId(Scheme.ACL, text.upper()) if _ACL_OLD.fullmatch(text) else None


def parse(text: str) -> PaperId | None:
    """The id that ``text`` is: a key, a prefixed id or the address of a paper page. None if it is none."""
    text = text.strip()
    if not text or len(text) > 600:
        return None
    if re.match(r"https?://", text, re.IGNORECASE):
        return _parse_url(text)
    if _BARE_ADDRESS.match(text):
        return _parse_url(f"https://{text}")
    if arxiv := parse_arxiv(text):
        return arxiv[0]
    if doi := parse_doi(text):
        return doi
    prefix, colon, rest = text.partition(":")
    if colon:
        match prefix.lower():
            case "openreview":
                return parse_openreview(rest)
            case "acl":
                return parse_acl(rest)
            case "http" | "https" | "arxiv" | "doi":
                return None
            case _:
                return PaperId(Scheme.LOCAL, text) if _LOCAL.fullmatch(text) and text.isprintable() else None
    return parse_acl(text)


def _parse_url(text: str) -> PaperId | None:
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("export.")
    except ValueError:
        return None
    path = unquote(parts.path).strip("/")
    if host in ("arxiv.org", "ar5iv.labs.arxiv.org", "ar5iv.org", "alphaxiv.org"):
        kind, _, rest = path.partition("/")
        if kind in ("abs", "pdf", "html", "format", "ps", "overview"):
            arxiv = parse_arxiv(rest.removesuffix(".pdf"))
            return arxiv[0] if arxiv else None
    if host in ("doi.org", "dx.doi.org"):
        return parse_doi(path)
    if host == "openreview.net":
        forum = re.search(r"(?:^|&)id=([^&]+)", parts.query)
        return parse_openreview(unquote(forum[1])) if forum else None
    if host in ("aclanthology.org", "aclweb.org"):
        return parse_acl(path.removeprefix("anthology/").removesuffix(".pdf"))
    if host in ("huggingface.co", "hf.co") and path.startswith("papers/"):
        arxiv = parse_arxiv(path.removeprefix("papers/").removesuffix(".md"))
        return arxiv[0] if arxiv else None
    return None


def local_id(title: str, first_author: str = "") -> PaperId:
    """An id for a paper that nobody gave one: a hash of what it is called and who leads it."""
    digest = hashlib.blake2b(f"{title}|{first_author}".encode("utf-8", "replace"), digest_size=6).hexdigest()
    return PaperId(Scheme.LOCAL, f"title:{digest}")


def best(ids: tuple[PaperId, ...]) -> PaperId:
    """The id that names the paper in URLs.

    Raises:
        ValueError: if ``ids`` is empty.
    """
    if not ids:
        raise ValueError("a paper needs at least one id")
    return min(ids, key=lambda one: (KEY_ORDER.index(one.scheme), one.value))
