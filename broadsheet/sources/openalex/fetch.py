"""Ask OpenAlex for papers that are held, fifty in one request, by their DOIs; arXiv's have one each."""

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
from broadsheet.sources.failures import BadReply
from broadsheet.sources.http import JSON, Client
from broadsheet.sources.pace import Budget
from broadsheet.sources.parts import in_parts, twins_of
from broadsheet.sources.place import Batch, Cursor, Place, Tells, Wanted

BASE = "https://api.openalex.org"
AT_ONCE = 50
FIELDS = "id,doi,display_name,cited_by_count,locations,open_access,is_retracted"
SOURCE = "openalex"

OPENALEX = Place(
    name=SOURCE,
    title="OpenAlex",
    home="https://openalex.org",
    terms=(
        "Its data is free to use (CC0). Its API counts use in money: a free key has one dollar a day, which is 10,000 "
        "requests of 50 papers; without a key there is a small part of that."
    ),
    terms_at="https://developers.openalex.org/api-reference/authentication",
    zone=ZoneInfo("UTC"),
    budget=Budget(SOURCE, 1.0),
    announces=lambda day: False,
    key="openalex_key",
)


class OpenAlex:
    """The route ``works``: what it knows of ``wanted.ids`` that are a DOI or arXiv's."""

    place = OPENALEX
    route = "works"
    tells = Tells.PAPERS

    def __init__(self, base: str = BASE, key: str = "") -> None:
        self._base = base
        self._key = key

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The cursor holds how many of these ids have been asked for.

        Raises:
            FetchFailed: if a part of them cannot be read. What was given before it stands.
        """
        known = {doi: one for one in wanted.ids if (doi := doi_of(one))}
        for part in in_parts(tuple(known), AT_ONCE, cursor):
            batch = Batch(part.cursor, asked_at=client.now(), seen=part.seen, finished=part.last)
            if part.names:
                works, at = self._asked(client, "|".join(part.names))
                _add(batch, works, {name: known[name] for name in part.names}, at)
                batch.asked_at = at
            yield batch

    def _asked(self, client: Client, names: str) -> tuple[list[Any], datetime]:
        reply = client.get(
            f"{self._base}/works",
            source="openalex.works",
            budget=OPENALEX.budget,
            parameters={"filter": f"doi:{names}", "per_page": "100", "select": FIELDS}
            | ({"api_key": self._key} if self._key else {}),
            kinds=JSON,
        )
        works = loose.mapping(reply.json()).get("results")
        if not isinstance(works, list):
            raise BadReply("OpenAlex answers with no list of works")
        return works, reply.at


def doi_of(one: PaperId) -> str:
    """The DOI by which OpenAlex may know the paper; empty if it has none, or one that would break the question."""
    if one.scheme is Scheme.ARXIV:
        return f"10.48550/arxiv.{one.value.lower()}"
    plain = one.scheme is Scheme.DOI and not any(sign in one.value for sign in ",|!<>")
    return one.value if plain else ""


def _add(batch: Batch, works: list[Any], asked: Mapping[str, PaperId], at: datetime) -> None:
    unknown = dict(asked)
    for work in loose.items(works):
        doi = loose.string(work.get("doi")).lower().rpartition("doi.org/")[2]
        if doi not in asked:
            continue
        unknown.pop(doi, None)
        try:
            batch.records.append(checked(record(work, asked[doi], at)))
        except (BadEntry, BadRecord) as wrong:
            batch.rejects.append(Reject(SOURCE, 0, f"{asked[doi].key}: {wrong}", doi))
    for one in unknown.values():
        batch.rejects.append(Reject(SOURCE, 0, f"OpenAlex does not know {one.key}", one.key))


def record(work: Mapping[str, Any], asked: PaperId, at: datetime) -> Record:
    """The record that ``work``, which is the paper ``asked`` for, makes: its ids, links and citations, no text.

    Raises:
        BadEntry: if it has no id of its own.
    """
    own = loose.string(work.get("id")).rpartition("/")[2]
    if not own:
        raise BadEntry("it has no id")
    places = [loose.string(one.get("landing_page_url")) for one in loose.items(work.get("locations"))]
    twins = tuple(
        found
        for place in places
        if (found := ids.parse(place)) and found.scheme in (Scheme.ARXIV, Scheme.DOI, Scheme.ACL)
    )
    citations = loose.count(work.get("cited_by_count"))
    return Record(
        source=SOURCE,
        source_id=own,
        title=loose.string(work.get("display_name")),
        ids=(asked, *twins_of(asked, twins)),
        links=loose.links(
            (
                (LinkKind.PAGE, work.get("id")),
                (LinkKind.PDF, loose.mapping(work.get("open_access")).get("oa_url")),
            )
        ),
        observations=() if citations is None else (Observation(Kind.CITATIONS, SOURCE, citations, at),),
        withdrawn=work.get("is_retracted") is True,
        seen_at=at,
    )
