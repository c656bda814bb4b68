"""When two records speak of one paper: preprint and venue, v1 and v2, a listing and a saved page."""

import re
import unicodedata
from dataclasses import dataclass

from broadsheet.core import text
from broadsheet.core.ids import PaperId, Scheme

# Two different ids of one of these schemes name two works: the scheme itself numbers each work once.
_ONE_PER_WORK = (Scheme.ARXIV, Scheme.ACL)
# "Introduction", "Preface", "Shared task overview": too short to stand for a work without further evidence.
_TELLING_TITLE = 20
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Clue:
    """What is compared of a record or a paper already held."""

    title: str
    authors: tuple[str, ...]
    abstract: str
    ids: tuple[PaperId, ...]


def same_work(one: Clue, other: Clue) -> bool:
    """Whether two clues with the same ``title_key`` speak of one work.

    A shared id settles it; two ids of a scheme that numbers each work once settle it the other way. Otherwise
    the authors decide where both name them, the abstracts where not, and the bare title only if it is telling.
    """
    if set(one.ids) & set(other.ids):
        return True
    if _numbered_apart(one.ids, other.ids):
        return False
    if one.authors and other.authors:
        return _share_authors(one.authors, other.authors)
    if one.abstract and other.abstract:
        return _share_words(one.abstract, other.abstract)
    return len(_bare(one.title)) >= _TELLING_TITLE


def _numbered_apart(ids: tuple[PaperId, ...], others: tuple[PaperId, ...]) -> bool:
    for scheme in _ONE_PER_WORK:
        mine = {one.value for one in ids if one.scheme is scheme}
        theirs = {one.value for one in others if one.scheme is scheme}
        if mine and theirs and not mine & theirs:
            return True
    local = {_collection(one) for one in ids if one.scheme is Scheme.LOCAL}
    return any(_collection(one) in local - {""} for one in others if one.scheme is Scheme.LOCAL)


def _collection(local: PaperId) -> str:
    """``conf:aaai2021`` of ``conf:aaai2021:06384``: one collection lists a work once."""
    head, _, _ = local.value.rpartition(":")
    return head if ":" in head else ""


def _share_authors(names: tuple[str, ...], others: tuple[str, ...]) -> bool:
    mine = {text.surname_key(name) for name in names} - {""}
    theirs = {text.surname_key(name) for name in others} - {""}
    if not mine or not theirs:
        return True
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _share_words(abstract: str, other: str) -> bool:
    mine, theirs = set(_WORD.findall(abstract.lower())), set(_WORD.findall(other.lower()))
    if not mine or not theirs:
        return False
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _bare(title: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", title) if char.isalnum())
