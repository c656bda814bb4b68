"""Signals of papers that are held: for which papers the places are asked that know more of them, and what they tell.

Such a place (Semantic Scholar, OpenAlex, GitHub) announces nothing. Once ordered, it is asked every day for the papers
that matter most: those with the most heat, and the newest.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from broadsheet.catalog.models import Identifier, Paper
from broadsheet.catalog.models import Record as RecordRow
from broadsheet.catalog.payload import unpack
from broadsheet.core import ids
from broadsheet.core.ids import Scheme
from broadsheet.core.merge import authority
from broadsheet.core.record import LinkKind, Record
from broadsheet.core.signal import Observation
from broadsheet.sources.place import Reading, Source, Tells, Wanted

# Of each kind, hottest and newest: together four requests of Semantic Scholar, or half an hour of GitHub.
MOST = 1_000
_ASKED_BY = (Scheme.ARXIV, Scheme.DOI, Scheme.ACL)


def helps(routes: Sequence[Source]) -> bool:
    """Whether the place of these ``routes`` only knows more of papers that are held."""
    return all(one.tells is Tells.PAPERS for one in routes)


def wanted() -> Wanted:
    """The papers that a place which helps is asked for, each by the id that most places know, and their code."""
    visible = Paper.objects.visible()
    hottest = visible.filter(heat__gt=0).order_by("-heat", "id")[:MOST]
    newest = visible.filter(listed_on__isnull=False).order_by("-listed_on", "-heat", "id")[:MOST]
    links = {pk: held for part in (hottest, newest) for pk, held in part.values_list("pk", "links")}
    named = dict(_names(tuple(links)))
    code = ((named[pk], links[pk].get(LinkKind.CODE.value)) for pk in links if pk in named)
    return Wanted(
        ids=tuple(named[pk] for pk in links if pk in named),
        code=tuple((paper, address) for paper, address in code if address),
    )


def observed(readings: Sequence[Reading]) -> list[Record]:
    """The record of each paper read, that of who is believed first, with its readings added; unknown papers left out."""
    told: dict[str, list[Observation]] = defaultdict(list)
    for one in readings:
        told[one.paper.key].append(one.observation)
    keys = {row.paper_id: row.key for row in Identifier.objects.filter(key__in=sorted(told))}
    rows = RecordRow.objects.filter(paper__in=list(keys)).order_by("paper", "source", "source_id")
    first: dict[int, RecordRow] = {}
    for row in rows:
        held = first.setdefault(row.paper_id, row)
        if authority(row.source) < authority(held.source):
            first[row.paper_id] = row
    made = []
    for pk, row in first.items():
        record = unpack(bytes(row.payload))
        made.append(replace(record, observations=(*record.observations, *told[keys[pk]])))
    return made


def _names(papers: Sequence[int]) -> Iterator[tuple[int, ids.PaperId]]:
    """Each of ``papers`` that has an id by which places ask, with the likeliest."""
    held: dict[int, list[ids.PaperId]] = defaultdict(list)
    for start in range(0, len(papers), 500):
        rows = Identifier.objects.filter(paper__in=papers[start : start + 500], scheme__in=list(_ASKED_BY))
        for row in rows:
            held[row.paper_id].append(ids.from_key(row.scheme, row.key))
    for paper, known in held.items():
        yield paper, ids.best(tuple(known))
