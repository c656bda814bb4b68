"""Harvest arXiv's feeds: one request a topic, one listing each.

Of each topic it goes through these steps:

1. ask for the feed, unless it is as it was (304);
2. take as its day the one that its items bear, never the day of asking nor what the feed bears on top;
3. if most of its new papers were new in the listing before, it is that listing under a new date: late, not used;
   if the listing before was not read, or this day was read with other papers, its day is not certain;
4. give its records and announcements; only a feed that arXiv did not cut off tells all of that day;
5. if today is an announcement day and this is not its listing, say that it is late.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from broadsheet.core.record import BadRecord, checked
from broadsheet.sources.arxiv import calendar
from broadsheet.sources.arxiv.feed import adapt, parse
from broadsheet.sources.arxiv.feed.parse import Feed, Item
from broadsheet.sources.arxiv.home import ARXIV, archives, is_within, listed_under, set_of
from broadsheet.sources.base import BadEntry, Reject
from broadsheet.sources.failures import BadReply, Missing
from broadsheet.sources.http import Client, Reply
from broadsheet.sources.place import BATCH, Announced, Announcement, Batch, Cursor, Listed, Tells, Wanted

BASE = "https://rss.arxiv.org/rss"
# arXiv cuts a feed off here; one that is as long may not be all.
MOST_ITEMS = 2_000

_KEPT = 64
_SATURDAY = 5


class ArxivFeed:
    """The route ``feed``. ``base`` ends in ``/rss`` or ``/atom``: both formats are read."""

    place = ARXIV
    route = "feed"
    tells = Tells.LISTINGS

    def __init__(self, base: str = BASE) -> None:
        self._base = base

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The listings of the topics wanted, or of all archives; the cursor holds of each what it last was.

        Raises:
            UnknownTopic: at once, if a topic is none of arXiv's.
            FetchFailed: where a feed cannot be read. Those before it stand.
        """
        for topic in wanted.topics:
            set_of(topic)
        return self._feeds(client, wanted.topics or archives(), bool(wanted.topics), dict(cursor))

    def _feeds(self, client: Client, topics: Sequence[str], asked: bool, held: dict[str, Any]) -> Iterator[Batch]:
        for number, topic in enumerate(topics, 1):
            known = held.get(topic)
            last: Mapping[str, Any] = known if isinstance(known, Mapping) else {}
            try:
                reply = client.get(
                    f"{self._base}/{topic}",
                    source="arxiv.feed",
                    budget=ARXIV.budget,
                    etag=str(last.get("etag", "")),
                    modified=str(last.get("modified", "")),
                )
            except Missing as wrong:
                rejects = [Reject("arxiv.feed", 0, str(wrong), topic)]
                yield Batch(dict(held), rejects=rejects, asked_at=client.now(), finished=number == len(topics))
                continue
            now = reply.at
            # What is unchanged is parsed no more; whether it is late still depends on the hour.
            feed = None if reply.unchanged else parse.feed(reply.body)
            for batch, state in _listing(feed, topic, (topic,) if asked else (), last, now):
                if state is not None:
                    held = held | {topic: state | _marks(reply, last)}
                batch.cursor, batch.asked_at = dict(held), now
                batch.finished = state is not None and number == len(topics)
                yield batch


def _marks(reply: Reply, last: Mapping[str, Any]) -> dict[str, Any]:
    if reply.unchanged:
        return {"etag": last.get("etag", ""), "modified": last.get("modified", "")}
    return {"etag": reply.etag, "modified": reply.modified}


def _listing(
    feed: Feed | None, topic: str, wanted: tuple[str, ...], last: Mapping[str, Any], now: datetime
) -> Iterator[tuple[Batch, dict[str, Any] | None]]:
    """The batches of one feed; with the last of them what to remember of it."""
    day = _day(feed) if feed is not None else None
    state = {"day": last.get("day", ""), "new": last.get("new", [])}
    final = Batch({})
    if feed is not None and day is not None and feed.items:
        sketch = _sketch(feed.items)
        if day.isoformat() == state["day"] or not _is_repeated(sketch, state["new"]):
            # Without the listing of the day before there is no telling whether this one is it, newly dated.
            is_next = state["day"] in ("", _before(day).isoformat())
            # Nor if this day was read before and had other papers: one of the two is an older listing.
            is_same = state["day"] == day.isoformat() and (
                sketch == state["new"] or _is_repeated(state["new"], sketch)
            )
            batches = list(_batches(feed, day, topic, wanted, certain=is_next or is_same))
            yield from ((one, None) for one in batches[:-1])
            final = batches[-1]
            if is_same or state["day"] != day.isoformat():
                state = {"day": day.isoformat(), "new": sketch}
    elif feed is not None and feed.items:
        raise BadReply(f"the feed of {topic} has papers and no day")
    elif day is not None and day.weekday() < _SATURDAY and not calendar.announces(day):
        # On a holiday the feed is empty, and that is all of it.
        final.listings.append(Listed(day, topic, ()))
    today = now.astimezone(calendar.ZONE).date()
    if calendar.announces(today) and str(state["day"]) < today.isoformat():
        final.listings.append(Listed(today, topic, (), late=True))
    final.seen = len(feed.items) if feed is not None else 0
    yield final, state


def _day(feed: Feed) -> date | None:
    """The day that most items bear; where they bear none, or there are none, that of the feed."""
    days = Counter(item.day for item in feed.items if item.day)
    return days.most_common(1)[0][0] if days else feed.day


def _before(day: date) -> date:
    return calendar.last_announcement_day(day - timedelta(days=1))


def _batches(feed: Feed, day: date, topic: str, wanted: tuple[str, ...], *, certain: bool) -> Iterator[Batch]:
    ids: dict[str, list[str]] = {}
    batch = Batch({})
    for position, item in enumerate(feed.items):
        if len(batch.records) >= BATCH:
            yield batch
            batch = Batch({})
        try:
            kind = adapt.kind(item)
            made = checked(adapt.record(item, item.day or day, position, certain=certain))
        except (BadEntry, BadRecord) as wrong:
            batch.rejects.append(Reject("arxiv.feed", 0, str(wrong), item.identifier[:200]))
            continue
        batch.records.append(made)
        # Asked for an archive alone, the listing is that of each of its subjects.
        under = wanted or tuple(name for name, _ in listed_under(made.topics, ()) if is_within(name, topic))
        for number, name in enumerate(under):
            as_what = Announced.CROSS if number and kind is Announced.NEW else kind
            batch.announcements.append(Announcement(made.source_id, item.day or day, name, as_what, certain))
            if kind in (Announced.NEW, Announced.CROSS) and (item.day or day) == day:
                ids.setdefault(name, []).append(made.source_id)
    if certain and len(feed.items) < MOST_ITEMS:
        batch.listings = [Listed(day, name, tuple(found)) for name, found in (ids or {topic: []}).items()]
    yield batch


def _sketch(items: Sequence[Item]) -> list[int]:
    """The smallest hashes of the new papers' ids: enough to know them again, however many they are."""
    new = {item.identifier for item in items if item.kind == Announced.NEW}
    hashes = (hashlib.blake2b(one.encode("utf-8", "replace"), digest_size=6).digest() for one in new)
    return sorted(int.from_bytes(one) for one in hashes)[:_KEPT]


def _is_repeated(sketch: Sequence[int], before: Sequence[int]) -> bool:
    """No paper is new twice, so half of those known from the listing before cannot be chance."""
    common = len(set(sketch) & set(before))
    return bool(sketch) and common * 2 >= len(sketch)
