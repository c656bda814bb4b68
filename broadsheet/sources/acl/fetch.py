"""Harvest the ACL Anthology: the list of its files, then each file that is not as it was.

Of each harvest it goes through these steps:

1. ask for the list of files with their hashes, unless it is as it was (304);
2. of each collection wanted whose hash is not the one held, ask for the file;
3. if its content has another hash than the list says, it is not yet that file: it is left for the next harvest;
4. give its papers, and only with the last of them hold its hash.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from broadsheet.core.record import BadRecord, checked
from broadsheet.sources.acl import adapt, parse
from broadsheet.sources.acl.home import ACL, checked_topic, is_of, year_of
from broadsheet.sources.acl.parse import Item
from broadsheet.sources.base import BadEntry, Reject
from broadsheet.sources.failures import BadReply
from broadsheet.sources.http import JSON, XML, Client
from broadsheet.sources.place import BATCH, Announced, Announcement, Batch, Cursor, Tells, Wanted

LIST = "https://api.github.com/repos/acl-org/acl-anthology/git/trees/master:data/xml"
FILES = "https://raw.githubusercontent.com/acl-org/acl-anthology/master/data/xml"
_KEPT = 12


class Anthology:
    """The route ``xml``. ``listing``: where the list is; ``files``: where the files begin."""

    place = ACL
    route = "xml"
    tells = Tells.CHANGES

    def __init__(self, listing: str = LIST, files: str = FILES) -> None:
        self._list = listing
        self._files = files

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The cursor holds the hash of each file that was read. The first harvest leaves out collections that are
        older than the year before ``wanted.since``.

        Raises:
            UnknownTopic: at once, if a topic can be no venue or collection.
            FetchFailed: where a file cannot be read, or at the end if one was not yet as the list says.
        """
        topics = tuple(map(checked_topic, wanted.topics))
        held = dict(cursor.get("held") or {})
        oldest = wanted.since.year - 1 if wanted.since and not cursor else 0
        etag = str(cursor.get("etag") or "")
        return self._files_of(client, topics, held, etag, int(cursor.get("oldest") or oldest))

    def _files_of(
        self, client: Client, topics: Sequence[str], held: dict[str, str], etag: str, oldest: int
    ) -> Iterator[Batch]:
        reply = client.get(self._list, source="acl.xml", budget=ACL.budget, kinds=JSON, etag=etag)
        asked_at = reply.at
        state: dict[str, Any] = {"held": held, "etag": etag, "oldest": oldest}
        if reply.unchanged:
            yield Batch(state, asked_at=asked_at, finished=True)
            return
        due = {
            name: sha
            for name, sha in parse.files(reply.json()).items()
            if held.get(name) != sha[:_KEPT]
            and (not topics or any(is_of(name, one) for one in topics))
            and (year_of(name) or oldest) >= oldest
        }
        seen, behind = 0, ""
        for name, sha in sorted(due.items()):
            body = client.get(
                f"{self._files}/{name}.xml", source="acl.xml", budget=ACL.budget, kinds=("text/plain", *XML)
            ).body
            if _hash(body) != sha:
                behind = name
                continue
            for batch, ended in _batches(list(parse.collection(body)), topics, asked_at):
                seen += len(batch.records) + len(batch.rejects)
                if ended:
                    held = held | {name: sha[:_KEPT]}
                batch.cursor = state | {"held": held}
                batch.asked_at, batch.seen = asked_at, seen
                yield batch
        if behind:
            raise BadReply(f"the Anthology's file {behind} is not yet the one that its list names: read next time")
        yield Batch(state | {"held": held, "etag": reply.etag}, asked_at=asked_at, seen=seen, finished=True)


def _batches(items: Sequence[Item], topics: Sequence[str], at: datetime) -> Iterator[tuple[Batch, bool]]:
    for start in range(0, max(len(items), 1), BATCH):
        batch = Batch({})
        for item in items[start : start + BATCH]:
            try:
                made = checked(adapt.record(item, at))
            except (BadEntry, BadRecord) as wrong:
                batch.rejects.append(Reject("acl", 0, str(wrong), item.volume.collection))
                continue
            batch.records.append(made)
            day = adapt.added(item)
            for topic in [one for one in topics if is_of(item.volume.collection, one)] or [""]:
                if day is not None:
                    batch.announcements.append(
                        Announcement(made.source_id, day, topic, Announced.NEW, certain=True)
                    )
        yield batch, start + BATCH >= len(items)


def _hash(content: bytes) -> str:
    """The hash that git gives a file of this content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
