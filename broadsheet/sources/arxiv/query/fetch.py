"""Harvest arXiv by its query API: the announcement days since a day, one by one, or the papers named.

A day is asked for by when its papers were submitted, page by page in that order. What it gives of a day is what was
submitted for it; a paper that a moderator held back is announced later than is concluded here, and the feed tells.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from broadsheet.core.ids import Scheme
from broadsheet.core.record import BadRecord, checked
from broadsheet.sources.arxiv import calendar
from broadsheet.sources.arxiv.announced import announcements
from broadsheet.sources.arxiv.home import ARXIV, WITH_SUBJECTS, set_of
from broadsheet.sources.arxiv.query import adapt, parse
from broadsheet.sources.arxiv.query.parse import Entry, Results
from broadsheet.sources.base import BadEntry, Reject
from broadsheet.sources.failures import BadReply, Refused
from broadsheet.sources.http import Client
from broadsheet.sources.place import BATCH, Batch, Cursor, Tells, Wanted

BASE = "https://export.arxiv.org/api/query"
IDS_AT_ONCE = 100
# How many results arXiv gives at the most; a day of all of it has a tenth.
MOST_RESULTS = 30_000

_HOSTS = ("export.arxiv.org", "arxiv.org")


class ArxivQuery:
    """The route ``query``: ``wanted.ids`` if there are any, else the days from ``wanted.since`` to the last one."""

    place = ARXIV
    route = "query"
    tells = Tells.PAPERS

    def __init__(self, base: str = BASE) -> None:
        self._base = base

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """Batches of at most 500; the cursor holds the day and how far it was read.

        Raises:
            UnknownTopic: at once, if a topic is none of arXiv's.
            ValueError: at once, if neither ids nor a first day are wanted.
            FetchFailed: where a page cannot be read. What was given before it stands.
        """
        for topic in wanted.topics:
            set_of(topic)
        if wanted.ids:
            return self._papers(client, wanted)
        first = cursor.get("day") or (wanted.since.isoformat() if wanted.since else "")
        if not first:
            raise ValueError("the query API is asked for papers by id, or for the days since one")
        return self._days(client, wanted.topics, date.fromisoformat(first), int(cursor.get("start", 0)))

    def _papers(self, client: Client, wanted: Wanted) -> Iterator[Batch]:
        names = [one.value for one in wanted.ids if one.scheme is Scheme.ARXIV]
        for start in range(0, len(names), IDS_AT_ONCE):
            part = names[start : start + IDS_AT_ONCE]
            found, at = self._asked(client, {"id_list": ",".join(part), "max_results": str(len(part))})
            batch = _batch(found.entries, wanted.topics)
            unknown = set(part) - {one.source_id for one in batch.records}
            batch.rejects += [
                Reject("arxiv.query", 0, f"arXiv gives no paper {one}", one) for one in sorted(unknown)
            ]
            batch.asked_at, batch.seen = at, start + len(part)
            batch.finished = start + IDS_AT_ONCE >= len(names)
            yield batch

    def _days(self, client: Client, topics: Sequence[str], day: date, start: int) -> Iterator[Batch]:
        last = calendar.announced_by(client.now())
        seen = 0
        if not calendar.is_announcement_day(day):
            day, start = calendar.next_announcement_day(day), 0
        while day <= last:
            found, at = self._asked(client, _submitted_for(day, topics) | {"start": str(start)})
            if not found.entries and start < found.total:
                raise BadReply(f"the query API gives {start} of {found.total} results and then an empty page")
            start += len(found.entries)
            seen += len(found.entries)
            is_whole = not found.entries or start >= found.total >= 0
            following = calendar.next_announcement_day(day)
            after = (
                {"day": following.isoformat(), "start": 0} if is_whole else {"day": day.isoformat(), "start": start}
            )
            batch = _batch(found.entries, topics)
            batch.cursor, batch.asked_at, batch.seen = after, at, seen
            batch.finished = is_whole and following > last
            yield batch
            if is_whole:
                day, start = following, 0
            elif start >= MOST_RESULTS:
                raise BadReply(f"{day} has more than the {MOST_RESULTS} results that the query API gives")
        if not seen:
            yield Batch({"day": day.isoformat(), "start": 0}, asked_at=client.now(), finished=True)

    def _asked(self, client: Client, parameters: dict[str, str]) -> tuple[Results, datetime]:
        reply = client.get(
            self._base, source="arxiv.query", budget=ARXIV.budget, parameters=parameters, hosts=_HOSTS
        )
        found = parse.results(reply.body)
        if found.error:
            raise Refused(f"arXiv's query API answers: {found.error}")
        return found, reply.at


def _submitted_for(day: date, topics: Sequence[str]) -> dict[str, str]:
    first, end = (moment.astimezone(UTC) for moment in calendar.window(day))
    # Both ends of the range count, and minutes are all that it knows: what came at 14:00 sharp is of the next day.
    until = end - timedelta(minutes=1)
    query = f"submittedDate:[{first:%Y%m%d%H%M} TO {until:%Y%m%d%H%M}]"
    if topics:
        query += f" AND ({' OR '.join(f'cat:{_pattern(topic)}' for topic in topics)})"
    return {"search_query": query, "sortBy": "submittedDate", "sortOrder": "ascending", "max_results": str(BATCH)}


def _pattern(topic: str) -> str:
    return f"{topic}.*" if topic in WITH_SUBJECTS else topic


def _batch(entries: Sequence[Entry], topics: Sequence[str]) -> Batch:
    batch = Batch({})
    for entry in entries:
        try:
            made = checked(adapt.record(entry))
        except (BadEntry, BadRecord) as wrong:
            batch.rejects.append(Reject("arxiv.query", 0, str(wrong), entry.identifier[:200]))
            continue
        batch.records.append(made)
        batch.announcements += announcements(made, topics)
    return batch
