"""Harvest bioRxiv or medRxiv: every version posted, day by day.

Of each day it goes through these steps:

1. ask for its entries from the first one not read yet;
2. a page without entries before the last one is a failure; after it, it is the server having counted too many;
3. when all were read go on with the next day.

A harvest begins two days before the last one began, since the entries of a day are not all there on that day.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from broadsheet.core.ids import Scheme
from broadsheet.core.record import BadRecord, checked
from broadsheet.sources.base import BadEntry, Reject
from broadsheet.sources.biorxiv import adapt, parse
from broadsheet.sources.biorxiv.home import category
from broadsheet.sources.biorxiv.parse import Page
from broadsheet.sources.failures import BadReply, Missing
from broadsheet.sources.http import JSON, Client
from broadsheet.sources.parts import in_parts
from broadsheet.sources.place import Announced, Announcement, Batch, Cursor, Place, Tells, Wanted

BASE = "https://api.biorxiv.org/details"
OVERLAP = timedelta(days=2)
# By up to so many its server is known to count more than it gives, at the end of a list.
MISCOUNTED = 31

_DAY = timedelta(days=1)
_KINDS = (*JSON, "text/html", "text/plain")


class Details:
    """What both routes share. ``base``: where the endpoint begins; another address for a mirror or a test."""

    route = "details"
    tells = Tells.CHANGES

    def __init__(self, place: Place, base: str = BASE) -> None:
        self.place = place
        self._base = base

    def ask(self, client: Client, path: str) -> tuple[Page, datetime]:
        """The page at ``path`` and when it was told. JSON comes under other names too, so what counts is the body."""
        reply = client.get(
            f"{self._base}/{self.place.name}/{path}/json",
            source=f"{self.place.name}.{self.route}",
            budget=self.place.budget,
            kinds=_KINDS,
            hosts=("api.biorxiv.org", "api.medrxiv.org"),
        )
        return parse.page(reply.json()), reply.at

    def batch(self, page: Page, topics: Mapping[str, str]) -> Batch:
        """The records of ``page`` that are of ``topics`` (none: all), and as what they were announced.

        ``topics``: as what each of the categories was asked for.
        """
        batch = Batch({})
        for entry in page.entries:
            try:
                made = checked(adapt.record(entry, self.place.name))
            except (BadEntry, BadRecord) as wrong:
                batch.rejects.append(Reject(self.place.name, 0, str(wrong), str(entry)[:200]))
                continue
            own = made.topics[0] if made.topics else ""
            if topics and own not in topics:
                continue
            batch.records.append(made)
            day = made.versions[0].at
            if day is not None:
                kind = Announced.NEW if made.versions[0].number == 1 else Announced.REPLACE
                told = Announcement(made.source_id, day, topics.get(own, ""), kind, certain=True)
                batch.announcements.append(told)
        return batch


class Posted(Details):
    """The route ``details``: the days since the last harvest, or since ``wanted.since``."""

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The cursor holds the day, how many of its entries were read, and the day on which the harvest began.

        Raises:
            UnknownTopic: at once, if a topic cannot be a category.
            FetchFailed: where a page cannot be read. What was given before it stands.
        """
        topics = {category(one): one for one in wanted.topics}
        today = client.now().astimezone(self.place.zone).date()
        written, start = str(cursor.get("day") or ""), int(cursor.get("start") or 0)
        began = str(cursor.get("began") or "") or today.isoformat()
        first = date.fromisoformat(written) if written else (wanted.since or today)
        total = int(cursor.get("total") or 0)
        return self._days(client, topics, min(first, today), (start, total), today, began)

    def _days(
        self,
        client: Client,
        topics: Mapping[str, str],
        day: date,
        read: tuple[int, int],
        today: date,
        began: str,
    ) -> Iterator[Batch]:
        """``read``: how many entries of the first day were read, and how many it was said to have."""
        (start, total), seen = read, 0
        asked_at: datetime | None = None
        while day <= today:
            page, at = self.ask(client, f"{day}/{day}/{start}")
            asked_at = asked_at or at
            total = max(total, page.total)
            start += len(page.entries)
            seen += len(page.entries)
            if not page.entries and total - start > MISCOUNTED:
                raise BadReply(f"{self.place.title} gives {start} of the {total} posts of {day} and then none")
            whole = not page.entries or 0 <= page.total <= start
            batch = self.batch(page, topics)
            if whole and start < total:
                said = f"{self.place.title} counts {total} posts of {day} and gives {start}"
                batch.rejects.append(Reject(self.place.name, 0, said, day.isoformat()))
            batch.seen, batch.asked_at = seen, asked_at
            batch.finished = whole and day == today
            if batch.finished:
                batch.cursor = {"day": (date.fromisoformat(began) - OVERLAP).isoformat()}
            elif whole:
                batch.cursor = {"day": (day + _DAY).isoformat(), "began": began}
            else:
                batch.cursor = {"day": day.isoformat(), "start": start, "total": total, "began": began}
            yield batch
            if whole:
                day, start, total = day + _DAY, 0, 0


class ByName(Details):
    """The route ``paper``: one request for each of ``wanted.ids`` that is a DOI of the server."""

    route = "paper"
    tells = Tells.PAPERS

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The cursor holds how many of these ids have been asked for.

        Raises:
            FetchFailed: if one cannot be read. What was given before it stands.
        """
        for part in in_parts([one.value for one in wanted.ids if one.scheme is Scheme.DOI], 1, cursor):
            whole = Batch(part.cursor, asked_at=client.now(), seen=part.seen, finished=part.last)
            for name in part.names:
                try:
                    page, _ = self.ask(client, f"{name}/na")
                except Missing:
                    page = Page(0)
                batch = self.batch(page, {})
                whole.records += batch.records
                whole.rejects += batch.rejects
                if not page.entries:
                    said = f"{self.place.title} has no paper {name}"
                    whole.rejects.append(Reject(self.place.name, 0, said, name))
            yield whole
