"""A page of OAI-PMH into what stands in it. Formats ``arXivRaw`` (history of versions) and ``arXiv`` (names apart)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from broadsheet.sources import loose, markup
from broadsheet.sources.failures import BadReply
from broadsheet.sources.markup import Element

# What each verb answers with; anything else in its place is no page.
_LISTS = ("ListRecords", "ListIdentifiers", "GetRecord")


@dataclass(frozen=True, slots=True)
class Item:
    """One record of the page: its header, and its metadata unless it is deleted."""

    identifier: str
    datestamp: date
    deleted: bool
    metadata: Element | None


@dataclass(frozen=True, slots=True)
class Page:
    """``error`` is the code of OAI-PMH (``noRecordsMatch``) and ``said`` its words; then there are no items.

    ``token`` is empty on the last page. ``broken`` tells of records without a header that can be read.
    """

    at: datetime
    items: list[Item] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    token: str = ""
    error: str = ""
    said: str = ""


def page(document: bytes) -> Page:
    """The page in ``document``.

    Raises:
        BadReply: if it is not a whole page of OAI-PMH.
    """
    root = markup.reply(document, "the page of OAI-PMH")
    if root.name != "OAI-PMH":
        raise BadReply(f"a page of <{root.name[:40]}> where OAI-PMH was asked for")
    at = loose.moment(root.said("responseDate"))
    if at is None:
        raise BadReply("a page of OAI-PMH that does not say when it was made")
    if (error := root.find("error")) is not None:
        return Page(at, error=error.attributes.get("code", "")[:40] or "unknown", said=error.text[:300])
    listed = next((one for name in _LISTS if (one := root.find(name)) is not None), None)
    if listed is None:
        raise BadReply("a page of OAI-PMH without a list")
    items, broken = [], []
    for one in listed.children:
        if one.name in ("record", "header"):
            read = _item(one)
            if isinstance(read, Item):
                items.append(read)
            else:
                broken.append(read)
    return Page(at, items, broken, token=listed.said("resumptionToken"))


def _item(element: Element) -> Item | str:
    header = element if element.name == "header" else element.find("header")
    if header is None:
        return "a record without a header"
    identifier, written = header.said("identifier"), header.said("datestamp")
    try:
        datestamp = date.fromisoformat(written[:10])
    except ValueError:
        return f"record {identifier[:80]!r} of a day {written[:40]!r} that is none"
    metadata = element.find("metadata")
    inner = metadata.children[0] if metadata is not None and metadata.children else None
    return Item(identifier, datestamp, header.attributes.get("status") == "deleted", inner)
