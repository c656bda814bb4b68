"""A file of the Anthology, which is one collection, and the list of its files, into what stands in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from broadsheet.sources import loose, markup
from broadsheet.sources.failures import BadReply
from broadsheet.sources.markup import Element

# Names, formulas and links stand in the middle of these.
_FLAT = ("title", "abstract", "booktitle", "shortbooktitle", "journal-title")
_SIGNS = {"tex-math": "$"}


@dataclass(frozen=True, slots=True)
class Volume:
    collection: str
    identifier: str
    title: str
    year: str
    month: str
    added: date | None


@dataclass(frozen=True, slots=True)
class Item:
    """One paper of a volume, as its element says it."""

    volume: Volume
    identifier: str
    said: Element


def files(value: object) -> dict[str, str]:
    """Name of each collection -> the hash of its file, in the JSON of a tree of git.

    Raises:
        BadReply: if it is no whole tree.
    """
    said = loose.mapping(value)
    entries = said.get("tree")
    if not isinstance(entries, list) or said.get("truncated"):
        raise BadReply("the list of the Anthology's files is no list, or not all of it")
    found = {
        loose.string(one.get("path")).removesuffix(".xml"): loose.string(one.get("sha"))
        for one in loose.items(entries)
        if loose.string(one.get("path")).endswith(".xml")
    }
    if not found:
        raise BadReply("the list of the Anthology's files names none")
    return found


def collection(document: bytes) -> Iterator[Item]:
    """The papers in the file ``document``; the front matter of a volume is none.

    Raises:
        BadReply: at once, if it is not a whole file of the Anthology.
    """
    root = markup.reply(document, "a file of the Anthology", _FLAT, _SIGNS)
    if root.name != "collection":
        raise BadReply(f"a page of <{root.name[:40]}> where a file of the Anthology was asked for")
    return _items(root)


def _items(root: Element) -> Iterator[Item]:
    name = root.attributes.get("id", "")
    for one in root.all("volume"):
        meta = one.find("meta") or Element("meta")
        volume = Volume(
            name,
            one.attributes.get("id", ""),
            meta.said("booktitle") or meta.said("journal-title"),
            meta.said("year"),
            meta.said("month"),
            loose.full_day(one.attributes.get("ingest-date")),
        )
        for paper in one.all("paper"):
            identifier = paper.attributes.get("id", "")
            if identifier != "0":
                yield Item(volume, identifier, paper)
