"""Harvest venues of OpenReview: all notes of each, page by page in the order of their numbers.

A venue is read whole each time, since decisions change notes long after they were posted. That all of it came is
known from how many the API counts: fewer is a failure.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from broadsheet.core.record import BadRecord, checked
from broadsheet.sources import loose
from broadsheet.sources.base import BadEntry, Reject
from broadsheet.sources.failures import BadReply, Missing, Refused
from broadsheet.sources.http import JSON, Client
from broadsheet.sources.openreview import adapt, parse
from broadsheet.sources.openreview.home import OPENREVIEW, asked_by
from broadsheet.sources.openreview.parse import Note, Page
from broadsheet.sources.place import (
    BATCH,
    Announced,
    Announcement,
    Batch,
    Cursor,
    Gone,
    Tells,
    UnknownTopic,
    Wanted,
)

BASE = "https://api2.openreview.net"
AT_ONCE = 1_000


class OpenReview:
    """The route ``notes``. ``key``: a token, or ``name:password`` of an account; empty: as the public."""

    place = OPENREVIEW
    route = "notes"
    tells = Tells.CHANGES

    def __init__(self, base: str = BASE, key: str = "") -> None:
        self._base = base
        self._key = key

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The cursor holds the venue that is being read and how many of its notes were.

        Raises:
            UnknownTopic: at once, if there is no topic or one can be none.
            FetchFailed: where a page cannot be read, or a venue gives fewer notes than it counts.
        """
        if not wanted.topics:
            raise UnknownTopic(
                "no venue is named: `broadsheet harvest openreview --topics ICLR.cc/2026/Conference`"
            )
        asked = {topic: asked_by(topic) for topic in wanted.topics}
        return self._venues(client, asked, str(cursor.get("topic") or ""), int(cursor.get("offset") or 0))

    def _venues(
        self, client: Client, asked: Mapping[str, dict[str, str]], begun: str, offset: int
    ) -> Iterator[Batch]:
        headers = self._headers(client)
        topics = list(asked)
        first = topics.index(begun) if begun in asked else 0
        start = offset if begun in asked else 0
        began = client.now()
        seen = 0
        for number, topic in enumerate(topics[first:], first + 1):
            while True:
                page, at = self._page(client, asked[topic] | {"offset": str(start)}, headers)
                if not page.given and start < page.count:
                    raise BadReply(f"OpenReview gives {start} of the {page.count} notes of {topic} and then none")
                start += page.given
                seen += page.given
                whole = not page.given or start >= page.count >= 0
                after: dict[str, Any] = {"topic": topic, "offset": start}
                if whole:
                    after = {"topic": topics[number], "offset": 0} if number < len(topics) else {}
                batches = list(_batches(page.notes, topic, at))
                for batch in batches:
                    ended = batch is batches[-1]
                    batch.cursor = after if ended else {"topic": topic, "offset": start - page.given}
                    batch.asked_at, batch.seen = began, seen
                    batch.finished = ended and whole and number == len(topics)
                    yield batch
                if whole:
                    break
            start = 0

    def _page(
        self, client: Client, parameters: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[Page, datetime]:
        try:
            reply = client.get(
                f"{self._base}/notes",
                source="openreview.notes",
                budget=OPENREVIEW.budget,
                parameters={**parameters, "limit": str(AT_ONCE), "sort": "number:asc"},
                kinds=JSON,
                headers=headers,
            )
        except Refused as wrong:
            if self._key:
                raise
            raise Refused(f"{wrong} OpenReview wants an account: set the option openreview_key.") from None
        return parse.page(reply.json()), reply.at

    def _headers(self, client: Client) -> dict[str, str]:
        """What shows who asks. A token lives for an hour, so each harvest gets one of its own."""
        name, _, password = self._key.partition(":")
        if not password:
            return {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            reply = client.get(
                f"{self._base}/login",
                source="openreview.notes",
                budget=OPENREVIEW.budget,
                kinds=JSON,
                headers={"Content-Type": "application/json"},
                content=json.dumps({"id": name, "password": password}).encode(),
            )
        except Missing:
            raise Refused(
                "OpenReview does not know the name and password in openreview_key: correct them."
            ) from None
        token = loose.string(loose.mapping(reply.json()).get("token"))
        if not token:
            raise BadReply("OpenReview gives no token for the name and password in openreview_key")
        return {"Authorization": f"Bearer {token}"}


def _batches(notes: Sequence[Note], topic: str, at: datetime) -> Iterator[Batch]:
    for start in range(0, max(len(notes), 1), BATCH):
        batch = Batch({})
        for note in notes[start : start + BATCH]:
            if note.deleted is not None:
                batch.gone.append(Gone(note.forum or note.identifier, min(note.deleted, at)))
                continue
            try:
                made = checked(adapt.record(note, at))
            except (BadEntry, BadRecord) as wrong:
                batch.rejects.append(Reject("openreview", 0, str(wrong), note.identifier[:200]))
                continue
            batch.records.append(made)
            day = adapt.opened(note)
            if day is not None and day <= at.date():
                batch.announcements.append(Announcement(made.source_id, day, topic, Announced.NEW, certain=False))
        yield batch
