"""Ask Semantic Scholar for papers that are held, hundreds in one request."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from broadsheet.core import ids
from broadsheet.core.ids import PaperId, Scheme
from broadsheet.core.record import BadRecord, LinkKind, Record, checked
from broadsheet.core.signal import Kind, Observation
from broadsheet.sources import loose
from broadsheet.sources.base import BadEntry, Reject
from broadsheet.sources.failures import BadReply, Missing
from broadsheet.sources.http import JSON, Client
from broadsheet.sources.pace import Budget
from broadsheet.sources.parts import in_parts, twins_of
from broadsheet.sources.place import Batch, Cursor, Place, Tells, Wanted

BASE = "https://api.semanticscholar.org/graph/v1"
# What the batch endpoint takes at the most.
AT_ONCE = 500
FIELDS = "title,externalIds,venue,citationCount,openAccessPdf,url"
SOURCE = "semanticscholar"

SEMANTICSCHOLAR = Place(
    name=SOURCE,
    title="Semantic Scholar",
    home="https://www.semanticscholar.org",
    terms=(
        "Under the API licence agreement, which asks that Semantic Scholar is named beside what comes from it. One "
        "request a second with a key; without one all share 100 in five minutes."
    ),
    terms_at="https://www.semanticscholar.org/product/api/license",
    zone=ZoneInfo("UTC"),
    budget=Budget(SOURCE, 1.0),
    announces=lambda day: False,
    key="semanticscholar_key",
)

_PREFIXES = {Scheme.ARXIV: "ARXIV", Scheme.DOI: "DOI", Scheme.ACL: "ACL"}


class SemanticScholar:
    """The route ``batch``: what it knows of ``wanted.ids`` that are arXiv's, a DOI or the Anthology's."""

    place = SEMANTICSCHOLAR
    route = "batch"
    tells = Tells.PAPERS

    def __init__(self, base: str = BASE, key: str = "") -> None:
        self._base = base
        self._key = key

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The cursor holds how many of these ids have been asked for.

        Raises:
            FetchFailed: if a part of them cannot be read. What was given before it stands.
        """
        known = {f"{_PREFIXES[one.scheme]}:{one.value}": one for one in wanted.ids if one.scheme in _PREFIXES}
        for part in in_parts(tuple(known), AT_ONCE, cursor):
            batch = Batch(part.cursor, asked_at=client.now(), seen=part.seen, finished=part.last)
            if part.names:
                found, batch.asked_at = self._asked(client, list(part.names))
                for name, told in zip(part.names, found, strict=True):
                    _add(batch, known[name], told, batch.asked_at)
            yield batch

    def _asked(self, client: Client, names: list[str]) -> tuple[list[Any], datetime]:
        try:
            reply = client.get(
                f"{self._base}/paper/batch",
                source="semanticscholar.batch",
                budget=SEMANTICSCHOLAR.budget,
                parameters={"fields": FIELDS},
                kinds=JSON,
                headers={"Content-Type": "application/json"} | ({"x-api-key": self._key} if self._key else {}),
                content=json.dumps({"ids": names}).encode(),
            )
        except Missing:
            # That is how it answers where it knows none of them.
            return [None] * len(names), client.now()
        found = reply.json()
        if not isinstance(found, list) or len(found) != len(names):
            raise BadReply("Semantic Scholar answers with another number of papers than were asked for")
        return found, reply.at


def _add(batch: Batch, asked: PaperId, told: object, at: datetime) -> None:
    if not isinstance(told, dict):
        batch.rejects.append(Reject(SOURCE, 0, f"Semantic Scholar does not know {asked.key}", asked.key))
        return
    try:
        batch.records.append(checked(record(told, asked, at)))
    except (BadEntry, BadRecord) as wrong:
        batch.rejects.append(Reject(SOURCE, 0, f"{asked.key}: {wrong}", asked.key))


def record(told: Mapping[str, Any], asked: PaperId, at: datetime) -> Record:
    """The record that ``told`` of the paper ``asked`` for makes: its ids, links and citations, no text.

    Raises:
        BadEntry: if it has no id of its own.
    """
    own = loose.string(told.get("paperId"))
    if not own:
        raise BadEntry("it has no paperId")
    others = loose.mapping(told.get("externalIds"))
    arxiv = ids.parse_arxiv(loose.string(others.get("ArXiv")))
    twins = (
        arxiv[0] if arxiv else None,
        ids.parse_doi(loose.string(others.get("DOI"))),
        ids.parse_acl(loose.string(others.get("ACL"))),
    )
    venue = loose.string(told.get("venue"))
    citations = loose.count(told.get("citationCount"))
    return Record(
        source=SOURCE,
        source_id=own,
        title=loose.string(told.get("title")),
        ids=(asked, *twins_of(asked, twins)),
        venue="" if venue.lower().startswith("arxiv") else venue,
        links=loose.links(
            (
                (LinkKind.PAGE, told.get("url")),
                (LinkKind.PDF, loose.mapping(told.get("openAccessPdf")).get("url")),
            )
        ),
        observations=() if citations is None else (Observation(Kind.CITATIONS, SOURCE, citations, at),),
        seen_at=at,
    )
