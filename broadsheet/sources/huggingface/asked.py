"""What the routes to Daily Papers have in common: a list asked for page by page, its items into records."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from broadsheet.core.record import BadRecord, Record, checked
from broadsheet.sources import loose
from broadsheet.sources.base import RAW_KEPT, BadEntry, Reject
from broadsheet.sources.failures import BadReply
from broadsheet.sources.http import JSON, Client, Reply
from broadsheet.sources.huggingface import adapt, parse
from broadsheet.sources.huggingface.home import HUGGINGFACE
from broadsheet.sources.place import Batch, UnknownTopic

BASE = "https://huggingface.co/api"
AT_ONCE = 100
# A month has a thousand papers; more pages than this are no list that ends.
MOST_PAGES = 50


class HuggingFaceRoute:
    """``base``: where the API begins; another address for a mirror or a test."""

    place = HUGGINGFACE
    route = ""

    def __init__(self, base: str = BASE) -> None:
        self._base = base

    def ask(self, client: Client, path: str, parameters: Mapping[str, str]) -> Reply:
        return client.get(
            f"{self._base}/{path}",
            source=f"huggingface.{self.route}",
            budget=HUGGINGFACE.budget,
            parameters=parameters,
            kinds=JSON,
        )

    def listed(self, client: Client, parameters: Mapping[str, str]) -> tuple[list[Any], datetime]:
        """All items of the list that ``parameters`` name, and when the first were told.

        Only a page that brings nothing new ends it: how many items a page has may be fewer than were asked for.

        Raises:
            FetchFailed: if a page of it cannot be read.
        """
        found: list[Any] = []
        known: set[str] = set()
        first = client.now()
        for page in range(MOST_PAGES):
            reply = self.ask(client, "daily_papers", {**parameters, "limit": str(AT_ONCE), "p": str(page)})
            items = reply.json()
            if not isinstance(items, list):
                raise BadReply("Daily Papers answers with no list")
            first = min(reply.at, first) if not page else first
            fresh = [one for one in items if _name(one) not in known]
            if not fresh:
                return found, first
            found += fresh
            known |= {_name(one) for one in fresh}
        raise BadReply(f"a list of Daily Papers with more than {MOST_PAGES} pages")


def without_topics(topics: tuple[str, ...]) -> None:
    """Raise if there are any.

    Raises:
        UnknownTopic: Daily Papers has none.
    """
    if topics:
        raise UnknownTopic(f"Daily Papers has no topics, so no {topics[0][:40]!r} either: harvest it without")


def records(items: list[Any], day: date | None, at: datetime, batch: Batch) -> Iterator[Record]:
    """The records of ``items``, the list of ``day`` or of several, read ``at``; what makes none is put into ``batch``."""
    read = [_item(one) for one in items]
    for number, place in parse.by_votes(read):
        value = read[number]
        try:
            if isinstance(value, BadEntry):
                raise value
            own = adapt.submitted_day(value)
            # A list may be that of another day, asked for one that has none yet: an item is of the day it tells.
            yield checked(adapt.record(value, day if own in (None, day) else own, place, at))
        except (BadEntry, BadRecord) as wrong:
            raw = str(items[number])[:RAW_KEPT]
            batch.rejects.append(Reject("huggingface", 0, f"item {number + 1}: {wrong}", raw))


def _item(value: object) -> Mapping[str, Any] | BadEntry:
    try:
        return parse.item(value)
    except BadEntry as wrong:
        return wrong


def _name(value: object) -> str:
    paper = loose.mapping(loose.mapping(value).get("paper"))
    return loose.string(paper.get("id")) or repr(value)[:RAW_KEPT]
