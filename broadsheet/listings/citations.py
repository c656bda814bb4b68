"""A paper as BibTeX and RIS, written by the libraries that also read them."""

import re

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from broadsheet.core import tex, text
from broadsheet.core.card import Card
from broadsheet.core.ids import PaperId, Scheme

# What TeX would stumble over, unless it is escaped already.
_SPECIAL = re.compile(r"(?<!\\)[&%#_$]")
_VERBATIM = ("url", "doi", "eprint")


def bibtex(card: Card, ids: tuple[PaperId, ...]) -> str:
    fields = _fields(card, ids)
    kind = "misc" if "eprint" in fields and "doi" not in fields else "inproceedings" if card.venue else "misc"
    if card.venue:
        fields["booktitle" if kind == "inproceedings" else "howpublished"] = card.venue
    entry = Entry(kind, _cite_key(card), [Field(name, _escaped(name, value)) for name, value in fields.items()])
    # The library would put every value in braces of its own: two pairs make all authors one name.
    return str(write_string(Library([entry]), unparse_stack=[]))


def ris(card: Card, ids: tuple[PaperId, ...]) -> str:
    fields = _fields(card, ids)
    entry: dict[str, str | list[str]] = {
        "type_of_reference": "CPAPER" if card.venue else "UNPB",
        "title": tex.to_plain(card.title),
        "authors": [_last_first(name) for name in card.authors],
    }
    if "year" in fields:
        entry["year"] = fields["year"]
    if card.venue:
        entry["secondary_title"] = card.venue
    if "doi" in fields:
        entry["doi"] = fields["doi"]
    if "url" in fields:
        entry["urls"] = [fields["url"]]
    if card.abstract:
        entry["abstract"] = text.one_line(tex.to_plain(card.abstract))
    entry["keywords"] = list(card.keywords)
    # Before each entry rispy writes its number on a line, which is no RIS.
    return str(rispy.dumps([entry])).removeprefix("1.\n")


def _fields(card: Card, ids: tuple[PaperId, ...]) -> dict[str, str]:
    # The inner braces keep a style from writing the title in lower case.
    title = card.title if _balanced(card.title) else card.title.replace("{", "").replace("}", "")
    title = title.rstrip("\\")
    fields = {"title": f"{{{title}}}", "author": " and ".join(_one_name(name) for name in card.authors)}
    if card.published:
        fields["year"] = str(card.published.year)
        if card.precision != "year":
            fields["month"] = f"{card.published:%b}".lower()
    for one in ids:
        if one.scheme is Scheme.ARXIV:
            fields |= {"eprint": one.value, "archiveprefix": "arXiv"}
            if card.topics:
                fields["primaryclass"] = card.topics[0]
        elif one.scheme is Scheme.DOI:
            fields["doi"] = one.value
    url = next((one.page for one in ids if one.page), "")
    if url:
        fields["url"] = url
    return {name: value for name, value in fields.items() if value}


def _escaped(name: str, value: str) -> str:
    """``value`` in braces, with what TeX would stumble over escaped outside of formulas and addresses."""
    if name == "month":
        return value  # a macro that every style knows, and prints in its own way
    if name not in _VERBATIM:
        value = _in_tex(value)
    # A backslash at the end would take the closing brace with it.
    value = value.rstrip("\\") if _balanced(value) else value.replace("{", "").replace("}", "").rstrip("\\")
    return f"{{{value}}}"


def _in_tex(value: str) -> str:
    parts, at = [], 0
    for formula in tex.formulas(value):
        parts += [_SPECIAL.sub(r"\\\g<0>", value[at : formula.start]), value[formula.start : formula.end]]
        at = formula.end
    return "".join([*parts, _SPECIAL.sub(r"\\\g<0>", value[at:])])


def _balanced(value: str) -> bool:
    depth = 0
    for char in value:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def _one_name(name: str) -> str:
    """``name`` as BibTeX takes it for one: ``and`` parts names there, also in a company's."""
    bare = name.replace("{", "").replace("}", "").rstrip("\\")
    return f"{{{bare}}}" if re.search(r"\sand\s", f" {bare} ", re.IGNORECASE) else _last_first(bare)


def _last_first(name: str) -> str:
    """``Last, First`` as both formats want it; a name that has a comma or one word stays."""
    if "," in name or " " not in name:
        return name
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}"


def _cite_key(card: Card) -> str:
    surname = text.surname_key(card.authors[0]) if card.authors else "anon"
    word = next((word for word in text.name_key(card.title).split("-") if len(word) > 3), "paper")
    year = str(card.published.year) if card.published else ""
    return f"{surname}{year}{word}"
