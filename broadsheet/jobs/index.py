"""The one index writer: what changed in the catalogue, into the index.

``update`` goes through these steps, and each may be the last that happens:

1. read the outbox: which papers changed, which are gone;
2. read those papers and write a new generation of the index (``search.writer``), which carries the last outbox
   number it has taken in and becomes the current one by a rename;
3. delete the outbox rows that were read, by their numbers: a row written meanwhile stays for the next time.

Killed before 2 ends, nothing has changed; killed before 3, the same rows are applied again and change nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import orjson
from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from broadsheet.catalog.models import Identifier, Outbox, Paper
from broadsheet.jobs import spaces
from broadsheet.jobs.spaces import index_root
from broadsheet.search import encoders, generation, writer
from broadsheet.search.document import Document
from broadsheet.search.encoders import Encoder
from broadsheet.search.engine import SearchEngine
from broadsheet.search.generation import Generation, NoIndexError, Verifier
from broadsheet.search.living import texts_of
from broadsheet.search.spaces import OpenSpace

_CHUNK = 1_000
_AT_ONCE = 20_000
# When this share of the papers has changed, writing all anew is quicker than many parts and leaves no gaps.
_ANEW = 0.3
_COLUMNS = ("id", "key", "title", "abstract", "summary", "venue", "published", "heat", "language")
_LISTS = ("authors", "topics", "keywords", "sources", "links", "signals")
# JSON columns are read as they are written: Django's decoder takes four times as long.
_WRITTEN = {f"{name}_json": Cast(name, TextField()) for name in _LISTS}

Progress = Callable[[int], None]
"""Told how many papers were taken in since the last call."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a run did. ``generation`` is None where there was nothing to do; ``why`` says why it was made anew."""

    puts: int = 0
    deletes: int = 0
    rebuilt: bool = False
    generation: int | None = None
    why: str = ""


@dataclass(slots=True)
class Verified:
    """How the index compares with the catalogue; numbers of papers, empty where they agree."""

    papers: int = 0
    missing: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    different: list[int] = field(default_factory=list)
    waiting: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not (self.missing or self.surplus or self.different or self.problems)


def chosen_encoder() -> Encoder:
    return encoders.get(settings.OPTIONS["encoder"])


def rebuild(progress: Progress | None = None, why: str = "") -> Indexed:
    """Index every visible paper anew; ``why`` is told again.

    Raises:
        BusyError: if another process is writing the index.
    """
    seen = list(Outbox.objects.order_by("id").values_list("id", flat=True))
    count = 0

    def counted() -> Iterator[Document]:
        nonlocal count
        for chunk in _all_documents():
            yield from chunk
            count += len(chunk)
            if progress:
                progress(len(chunk))

    choice = spaces.chosen()
    made = writer.rebuild(
        index_root(),
        counted(),
        chosen_encoder(),
        seq=seen[-1] if seen else 0,
        apart=Paper.objects.count() > _AT_ONCE,
        kept=spaces.kept_vectors(choice),
        serves=choice.serves,
    )
    _acknowledge(seen)
    return Indexed(puts=count, rebuilt=True, generation=made.manifest.generation, why=why)


def update(verifier: Verifier | None = None, progress: Progress | None = None) -> Indexed:
    """Take in what the outbox holds; rebuild where there is no index, or another encoder, or much has changed.

    Raises:
        BusyError: if another process is writing the index.
    """
    waiting = Outbox.objects.count()
    try:
        current = generation.open_current(index_root(), verifier)
    except NoIndexError as why:
        return rebuild(progress, str(why) if generation.numbers(index_root()) else "")
    if not waiting:
        return Indexed()
    if waiting > max(_AT_ONCE, _ANEW * current.manifest.documents):
        return rebuild(progress)
    done = Indexed()
    while rows := list(Outbox.objects.order_by("id").values_list("id", "paper")[:_AT_ONCE]):
        papers = list(dict.fromkeys(paper for _, paper in rows))
        puts = [one for start in range(0, len(papers), _CHUNK) for one in documents(papers[start : start + _CHUNK])]
        deletes = sorted(set(papers) - {one.paper for one in puts})
        try:
            made = writer.update(
                index_root(),
                chosen_encoder(),
                puts=puts,
                deletes=deletes,
                seq=rows[-1][0],
                verifier=verifier,
                wait=spaces.WAIT,
            )
        except (writer.EncoderChangedError, NoIndexError) as why:
            return rebuild(progress, str(why))
        _acknowledge([number for number, _ in rows])
        if progress:
            progress(len(papers))
        done = Indexed(done.puts + len(puts), done.deletes + len(deletes), generation=made.manifest.generation)
    return done


def verify() -> Verified:
    """Compare the index with the catalogue: every file, every paper, every text, every vector.

    Papers that wait in the outbox may differ and are not counted as wrong.
    """
    found = Verified(waiting=Outbox.objects.count())
    try:
        current = generation.open_current(index_root())
    except NoIndexError as wrong:
        found.problems.append(f"{wrong}; run `broadsheet index rebuild`")
        return found
    number = generation.pointed(index_root())
    if number != current.manifest.generation:
        found.problems.append(
            f"generation {number} is damaged, generation {current.manifest.generation} serves; "
            "run `broadsheet index rebuild`"
        )
    encoder = chosen_encoder()
    made = current.manifest.base
    if not made.made_by(encoder):
        found.problems.append(
            f"the vectors are of {made.name} {made.version}, the option says {encoder.name} {encoder.version}; "
            "run `broadsheet index rebuild`"
        )
    engine = SearchEngine(current, encoder)
    vectors = engine.spaces.base.vectors.size
    if vectors != engine.columns.size:
        found.problems.append(f"{vectors} vectors stand beside {engine.columns.size} rows")
    found.problems += _strayed(current)
    state = engine.columns.state
    alive = state[~state["gone"]]
    held = dict(zip(alive["paper"].tolist(), alive["text"].tolist(), strict=True))
    if engine.words.size != len(held) or len(held) != np.count_nonzero(~state["gone"]):
        found.problems.append(f"the words hold {engine.words.size} papers, the columns {len(alive)}")
    excused = set(Outbox.objects.values_list("paper", flat=True))
    for chunk in _all_documents():
        for one in chunk:
            found.papers += 1
            text = held.pop(one.paper, None)
            if one.paper in excused:
                continue
            if text is None:
                found.missing.append(one.paper)
            elif text != one.text_hash:
                found.different.append(one.paper)
    found.surplus = sorted(held.keys() - excused)
    return found


def _strayed(current: Generation) -> Iterator[str]:
    """Where a space of the index is not what was made for it: other texts' vectors, or another number of them."""
    state: NDArray[np.void] = np.load(current.state)
    for log in spaces.kept_vectors(spaces.chosen()):
        made = current.manifest.space(log.space.name)
        if made is None or not made.made_by(log.space):
            continue
        opened = OpenSpace(current, made, None)
        rows = opened.among(np.flatnonzero(~state["gone"]))
        if len(rows) != made.covered:
            yield f"the space {made.name} covers {len(rows)} papers where {made.covered} are told; run `broadsheet index rebuild`"
        slots = log.find(state["paper"][rows], texts_of(current)[rows])
        known, slots = rows[slots >= 0], slots[slots >= 0]
        differing = 0
        for start in range(0, len(known), _CHUNK):
            some = slice(start, start + _CHUNK)
            levels, scales = log.vectors(slots[some])
            kept = levels * scales[:, None]
            differing += int((np.abs(kept - opened.vectors.vectors(known[some])) > 1e-6).any(axis=1).sum())
        if differing:
            yield f"{differing} vectors of the space {made.name} are not those that were kept; run `broadsheet index rebuild`"


def _acknowledge(numbers: Sequence[int]) -> None:
    for start in range(0, len(numbers), _CHUNK):
        Outbox.objects.filter(id__in=numbers[start : start + _CHUNK]).delete()


def _all_documents() -> Iterator[list[Document]]:
    """Every visible paper, in chunks, by number: memory stays flat and no transaction is held open."""
    last = 0
    while True:
        numbers = list(
            Paper.objects.visible().filter(id__gt=last).order_by("id").values_list("id", flat=True)[:_CHUNK]
        )
        if not numbers:
            return
        last = numbers[-1]
        yield documents(numbers)


def documents(papers: Sequence[int]) -> list[Document]:
    """The documents of those of ``papers`` that are there and visible; at most ``_CHUNK`` of them."""
    names: dict[int, list[str]] = {}
    for key, paper in Identifier.objects.filter(paper__in=papers).order_by("key").values_list("key", "paper_id"):
        names.setdefault(paper, []).append(key.lower())
    rows = Paper.objects.visible().filter(id__in=papers).order_by("id").values(*_COLUMNS, **_WRITTEN)
    for row in rows:
        row.update((name, orjson.loads(row[f"{name}_json"])) for name in _LISTS)
    return [
        Document(
            paper=row["id"],
            key=row["key"],
            title=row["title"],
            abstract=row["abstract"],
            summary=row["summary"],
            authors=tuple(row["authors"]),
            topics=tuple(row["topics"]),
            keywords=tuple(row["keywords"]),
            venue=row["venue"],
            sources=tuple(row["sources"]),
            ids=tuple(names.get(row["id"], ())),
            published=row["published"],
            year=row["published"].year if row["published"] else None,
            has_code="code" in row["links"],
            votes=_most(row["signals"], ".votes"),
            citations=_most(row["signals"], ".citations"),
            heat=row["heat"],
            lang=row["language"],
        )
        for row in rows
    ]


def _most(signals: dict[str, int], kind: str) -> int:
    """The largest reading of a kind: counts of different places are never added up."""
    return max((count for name, count in signals.items() if name.endswith(kind)), default=0)
