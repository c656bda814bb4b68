"""Harvest arXiv by OAI-PMH, list by list: one per topic, or one of everything.

A list goes through these steps, each of which the cursor remembers:

1. ask from the day on which the last list began (by the server's clock) minus two days, with no end;
2. read a page; if it is not whole, raise, and nothing of it counts;
3. give its records, at most 500 at a time; only with the last of them move the cursor past the page;
4. as long as it has a token, ask for the next page; if the token is dead, ask anew from the last day that was read;
5. if the list went back over days that no other list will read again, read those until two readings agree;
6. only then move on the day from which the next harvest asks.
"""

from collections.abc import Iterator
from datetime import date, datetime

from broadsheet.core.record import BadRecord, checked
from broadsheet.sources.arxiv.announced import announcements
from broadsheet.sources.arxiv.home import ARXIV, set_of
from broadsheet.sources.arxiv.oai import adapt, parse, progress
from broadsheet.sources.arxiv.oai.parse import Item, Page
from broadsheet.sources.arxiv.oai.progress import Progress, Reading
from broadsheet.sources.base import BadEntry, Reject
from broadsheet.sources.failures import BadReply, Refused
from broadsheet.sources.http import Client
from broadsheet.sources.place import BATCH, Batch, Cursor, Gone, Tells, Wanted

BASE = "https://oaipmh.arxiv.org/oai"
FORMAT = "arXivRaw"
MAX_RESTARTS = 3

_HOSTS = ("oaipmh.arxiv.org", "arxiv.org", "export.arxiv.org")


class ArxivOAI:
    """The route ``oai``, in the format ``format_name``: ``arXivRaw`` or ``arXiv``."""

    place = ARXIV
    route = "oai"
    tells = Tells.CHANGES

    def __init__(self, base: str = BASE, format_name: str = FORMAT) -> None:
        self._base = base
        self._format = format_name

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """Batches of all topics, one list after the other; ``cursor`` holds the progress of each set.

        Raises:
            UnknownTopic: at once, if a topic is none of arXiv's.
            FetchFailed: where a page cannot be read. What was given before it stands.
        """
        sets = list(dict.fromkeys(map(set_of, wanted.topics))) or [""]
        return self._lists(client, wanted, sets, {key: cursor[key] for key in cursor})

    def _lists(self, client: Client, wanted: Wanted, sets: list[str], held: dict[str, object]) -> Iterator[Batch]:
        for number, name in enumerate(sets, 1):
            for batch in self._list(client, wanted, name, held):
                batch.finished = batch.finished and number == len(sets)
                yield batch

    def _list(self, client: Client, wanted: Wanted, name: str, held: dict[str, object]) -> Iterator[Batch]:
        before = held.get(name)
        done = progress.load(before if isinstance(before, dict) else {})
        reading = done.reading or done.begin(wanted.since)
        restarts = 0
        while True:
            page = self._page(client, name, reading)
            if page.error:
                # A token for records that were all moved away meanwhile answers "no records", as a dead one does "bad".
                if not reading.token or page.error not in ("badResumptionToken", "noRecordsMatch"):
                    raise Refused(
                        f"arXiv's OAI-PMH answers {page.error} ({page.said}) to the set {name or 'of all'!r}."
                    )
                restarts += 1
                if restarts > MAX_RESTARTS:
                    raise BadReply(f"arXiv's OAI-PMH broke off a list {restarts} times; the next run goes on")
                reading = progress.after_dead_token(reading)
                continue
            moved = progress.after_page(done, reading, page)
            ended = not page.token
            after = progress.after_list(done, moved) if ended else Progress(done.read_on, moved)
            finished = ended and after.reading is None
            for batch in _batches(page, reading.seen, wanted.topics, done.known):
                last = batch.seen == moved.seen
                if last:
                    held[name] = progress.dump(after)
                batch.cursor = dict(held)
                batch.asked_at = datetime.fromisoformat(moved.began)
                batch.finished = last and finished
                yield batch
            if finished:
                return
            done, reading = (after, after.reading) if ended and after.reading else (done, moved)

    def _page(self, client: Client, name: str, reading: Reading) -> Page:
        parameters = {"verb": "ListRecords"}
        if reading.token:
            parameters["resumptionToken"] = reading.token
        else:
            parameters["metadataPrefix"] = self._format
            if reading.start:
                parameters["from"] = reading.start
            if name:
                parameters["set"] = name
        reply = client.get(self._base, source="arxiv.oai", budget=ARXIV.budget, parameters=parameters, hosts=_HOSTS)
        page = progress.not_later_than(parse.page(reply.body), client.now())
        if page.error == "noRecordsMatch" and not reading.token:
            return Page(page.at)
        if not page.items and not page.error:
            raise BadReply("an empty page of OAI-PMH, which is no end of a list: nothing of it counts")
        return page


def _batches(page: Page, seen: int, topics: tuple[str, ...], read_on: date | None) -> Iterator[Batch]:
    """The page in parts; the last one, which may be empty, has ``seen`` all of it."""
    rejects = [Reject("arxiv.oai", 0, reason) for reason in page.broken]
    for start in range(0, max(len(page.items), 1), BATCH):
        part = page.items[start : start + BATCH]
        batch = Batch({}, rejects=rejects, seen=seen + start + len(part))
        rejects = []
        for item in part:
            _add(item, batch, topics, read_on)
        yield batch


def _add(item: Item, batch: Batch, topics: tuple[str, ...], read_on: date | None) -> None:
    try:
        if item.deleted:
            batch.gone.append(Gone(adapt.source_id(item), adapt.stamped(item)))
            return
        made = checked(adapt.record(item, read_on))
    except (BadEntry, BadRecord) as wrong:
        batch.rejects.append(Reject("arxiv.oai", 0, str(wrong), item.identifier[:200]))
        return
    batch.records.append(made)
    batch.announcements += announcements(made, topics)
