"""Harvest feeds: one request each. That one cannot be read keeps none of the others from being read.

A feed holds what is newest alone. If nothing of it was there the last time, what stood between may have been missed,
and that is told; it cannot be asked for.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from broadsheet.core.record import BadRecord, checked
from broadsheet.sources.base import BadEntry, Reject
from broadsheet.sources.failures import FetchFailed, Refused
from broadsheet.sources.feeds import adapt, parse
from broadsheet.sources.feeds.home import FEEDS, GAP, host_of
from broadsheet.sources.http import XML, Client, Reply
from broadsheet.sources.pace import Budget
from broadsheet.sources.place import (
    BATCH,
    Announced,
    Announcement,
    Batch,
    Cursor,
    Tells,
    UnknownTopic,
    Wanted,
)

_KEPT = 500
# Many a server calls its feed so.
_KINDS = (*XML, "text/plain", "application/octet-stream", "text/html")


class Feeds:
    """The route ``feed``: every address in ``wanted.topics``."""

    place = FEEDS
    route = "feed"
    tells = Tells.CHANGES

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The cursor holds of each feed what it last was.

        Raises:
            UnknownTopic: at once, if an address is none or there is none.
            FetchFailed: at the end, if a feed could not be read; the others stand.
        """
        if not wanted.topics:
            raise UnknownTopic(
                "no feed is named: `broadsheet harvest feeds --topics https://example.org/papers.rss`"
            )
        hosts = {address: host_of(address) for address in wanted.topics}
        return self._feeds(client, hosts, {key: cursor[key] for key in cursor if key in hosts})

    def _feeds(self, client: Client, hosts: Mapping[str, str], held: dict[str, Any]) -> Iterator[Batch]:
        failed: FetchFailed | None = None
        began = client.now()
        for number, (address, host) in enumerate(hosts.items(), 1):
            last: Mapping[str, Any] = held.get(address) or {}
            try:
                reply = client.get(
                    address,
                    source=f"feeds.{host}",
                    budget=Budget(f"feeds-{host}", GAP),
                    kinds=_KINDS,
                    hosts=(f"www.{host}", host.removeprefix("www.")),
                    etag=str(last.get("etag", "")),
                    modified=str(last.get("modified", "")),
                )
                items = [] if reply.unchanged else parse.feed(reply.body).items
            except FetchFailed as wrong:
                reset = (
                    f" `broadsheet sources reset feeds.{host}` asks it again." if isinstance(wrong, Refused) else ""
                )
                failed = failed or type(wrong)(f"the feed {address[:200]}: {wrong}{reset}")
                continue
            at = reply.at
            for batch in _batches(items, address, at, last):
                state = last if reply.unchanged else _state(items, reply)
                whole = batch.seen == len(items)
                if whole:
                    held = held | {address: state}
                batch.cursor, batch.asked_at = dict(held), began
                batch.finished = whole and number == len(hosts) and failed is None
                yield batch
        if failed is not None:
            raise failed


def _state(items: Sequence[parse.Item], reply: Reply) -> dict[str, Any]:
    return {"etag": reply.etag, "modified": reply.modified, "known": [_mark(one) for one in items[:_KEPT]]}


def _mark(item: parse.Item) -> str:
    name = " ".join((*item.names, *item.links)) or item.title
    return hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _batches(items: Sequence[parse.Item], address: str, at: datetime, last: Mapping[str, Any]) -> Iterator[Batch]:
    known = set(last.get("known") or ())
    for start in range(0, max(len(items), 1), BATCH):
        part = items[start : start + BATCH]
        batch = Batch({}, seen=start + len(part))
        if not start and items and known and known.isdisjoint(map(_mark, items[:_KEPT])):
            said = "nothing of it was there the last time: what stood between may have been missed"
            batch.rejects.append(Reject("feeds", 0, f"{address[:200]}: {said}", address))
        for item in part:
            try:
                made = checked(adapt.record(item, at))
            except (BadEntry, BadRecord) as wrong:
                batch.rejects.append(Reject("feeds", 0, f"{address[:200]}: {wrong}", item.title[:200]))
                continue
            batch.records.append(made)
            # A date far ahead is a mistake of the feed, and no day to file a paper on.
            if item.day and item.day <= at.date() + timedelta(days=1):
                batch.announcements.append(
                    Announcement(made.source_id, item.day, address, Announced.NEW, certain=False)
                )
        yield batch
