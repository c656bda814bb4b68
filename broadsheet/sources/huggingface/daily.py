"""Harvest the lists of Daily Papers, day by day, and read the votes of a week, a month or what is trending.

A day's list grows until it is over, so a day stays open, and is read again at each harvest, until it was read half a
day after its end. Only then its listing counts as all of it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from broadsheet.sources.failures import BadReply, Missing
from broadsheet.sources.http import Client
from broadsheet.sources.huggingface.asked import HuggingFaceRoute, records, without_topics
from broadsheet.sources.place import BATCH, Announced, Announcement, Batch, Cursor, Listed, Tells, Wanted

_DAY = timedelta(days=1)
CLOSED_AFTER = timedelta(hours=12)


class DailyPapersByDay(HuggingFaceRoute):
    """The route ``daily``: the lists since the first day that is still open."""

    route = "daily"
    tells = Tells.LISTINGS

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The cursor holds the first open day, and of each open day how many papers it had.

        Raises:
            UnknownTopic: at once, if there are topics.
            FetchFailed: where a list cannot be read, or has lost most of its papers. Those before it stand.
        """
        without_topics(wanted.topics)
        today = client.now().astimezone(UTC).date()
        written = str(cursor.get("day") or "")
        day = date.fromisoformat(written) if written else (wanted.since or today)
        counts = dict(cursor.get("counts") or {})
        return self._days(client, min(day, today), today, counts)

    def _days(self, client: Client, day: date, today: date, counts: dict[str, int]) -> Iterator[Batch]:
        first, seen = day, 0
        while day <= today:
            items, at = self._of(client, day, today)
            before = counts.get(day.isoformat(), 0)
            if len(items) * 2 < before:
                raise BadReply(f"the list of {day} has {len(items)} papers where it had {before}")
            closed = at >= datetime.combine(day + _DAY, time(), UTC) + CLOSED_AFTER
            counts[day.isoformat()] = len(items)
            if closed and day == first:
                counts.pop(day.isoformat())
                first = day + _DAY
            seen += len(items)
            batches = _batches(items, day, at, closed=closed)
            for batch in batches:
                batch.asked_at, batch.seen = at, seen
                if batch is batches[-1]:
                    batch.finished = day == today
                    batch.cursor = {"day": first.isoformat(), "counts": dict(counts)}
                else:
                    batch.cursor = {"day": min(first, day).isoformat(), "counts": {}}
                yield batch
            day += _DAY

    def _of(self, client: Client, day: date, today: date) -> tuple[list[object], datetime]:
        try:
            return self.listed(client, {"date": day.isoformat()})
        except Missing:
            # The list of a day that has not begun there is refused.
            if day == today:
                return [], client.now()
            raise


class DailyPapersOver(HuggingFaceRoute):
    """A route that reads the votes of many days at once: ``week``, ``month`` or ``trending``. Files nothing by day."""

    tells = Tells.LISTINGS

    def __init__(self, base: str, route: str, rest: timedelta) -> None:
        super().__init__(base)
        self.route = route
        self._rest = rest

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """One list; within its rest after the last reading nothing is asked. The cursor holds when it was read.

        Raises:
            UnknownTopic: at once, if there are topics.
            FetchFailed: if it cannot be read.
        """
        without_topics(wanted.topics)
        return self._list(client, cursor)

    def _list(self, client: Client, cursor: Cursor) -> Iterator[Batch]:
        written = str(cursor.get("read_at") or "")
        now = client.now()
        if written and timedelta() <= now - datetime.fromisoformat(written) < self._rest:
            yield Batch(dict(cursor), asked_at=datetime.fromisoformat(written), finished=True)
            return
        year, week, _ = now.isocalendar()
        asked = {
            "week": {"week": f"{year}-W{week:02}"},
            "month": {"month": f"{now:%Y-%m}"},
            "trending": {"sort": "trending"},
        }[self.route]
        items, at = self.listed(client, asked)
        batches = _batches(items, None, at, closed=False)
        for batch in batches:
            # Where it stands in this list says nothing of its place on its day, which the route `daily` tells.
            batch.records = [replace(one, placements=()) for one in batch.records]
            batch.announcements = []
            batch.asked_at, batch.seen = at, len(items)
            batch.finished = batch is batches[-1]
            batch.cursor = {"read_at": at.isoformat()} if batch.finished else dict(cursor)
            yield batch


def _batches(items: list[object], day: date | None, at: datetime, *, closed: bool) -> list[Batch]:
    first = Batch({})
    made = list(records(items, day, at, first))
    batches = [first]
    for start in range(0, len(made), BATCH):
        batch = first if not start else Batch({})
        batch.records = made[start : start + BATCH]
        batch.announcements = [
            Announcement(one.source_id, place.day, "", Announced.NEW, certain=True)
            for one in batch.records
            for place in one.placements
        ]
        if batch is not first:
            batches.append(batch)
    if closed and day is not None:
        ids = tuple(one.source_id for one in made if any(place.day == day for place in one.placements))
        batches[-1].listings = [Listed(day, "", ids)]
    return batches
