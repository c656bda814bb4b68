"""Real days of Daily Papers, and what was known of each paper when its day began.

Nothing that came later is used: no votes, comments or stars of the day itself, no position in its list, no summary
by a machine, no repository added afterwards. Of earlier days only those that ended a week before count, by when
their votes had mostly been given: the files hold each day's votes as they stood when it was fetched.
"""

import tarfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.encoders import Encoder
from broadsheet.sources.base import BadEntry
from broadsheet.sources.huggingface import parse

Matrix = NDArray[np.float64]
# Votes of a day go on coming for some days: what is learned from it is learned this much later.
KNOWN_AFTER = timedelta(days=7)
NEIGHBOURS = 20
# A mean of few is drawn towards 0, the mean of a day, as if it had this many more that were average.
DOUBT = 2.0


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper of a day; ``votes`` is what is to be foretold."""

    number: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    submitter: str
    organization: str
    published: str
    votes: int


@dataclass(slots=True)
class Day:
    """The papers of a day and, once made, their vectors, features and targets (0 is the mean of the day)."""

    day: date
    papers: list[Listed]
    vectors: Matrix = field(default_factory=lambda: np.zeros((0, 0)))
    features: Matrix = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def votes(self) -> list[int]:
        return [one.votes for one in self.papers]

    @property
    def targets(self) -> Matrix:
        """Doublings of votes above the mean of the day: a busy day makes none of its papers better."""
        doublings = np.log2(1 + np.array(self.votes, dtype=np.float64))
        centred: Matrix = doublings - doublings.mean()
        return centred


def read_days(archive: Path) -> list[Day]:
    """The days of ``archive`` in order, a paper only on the first day that lists it."""
    days, seen = [], set()
    with tarfile.open(archive) as files:
        held = {Path(one.name).stem: one for one in files if one.name.endswith(".json")}
        for name in sorted(held):
            opened = files.extractfile(held[name])
            papers = []
            for item in parse.reply(opened.read(), f"{name}.json").items if opened else ():
                try:
                    one = _listed(parse.item(item))
                except BadEntry:
                    continue
                if one.number not in seen:
                    seen.add(one.number)
                    papers.append(one)
            if papers:
                days.append(Day(date.fromisoformat(name), papers))
    return days


def _listed(item: Mapping[str, Any]) -> Listed:
    paper = item["paper"]
    submitter = item.get("submittedBy") or paper.get("submittedOnDailyBy") or {}
    organization = item.get("organization") or paper.get("organization") or {}
    return Listed(
        number=paper["id"],
        title=paper.get("title") or "",
        abstract=paper.get("summary") or "",
        authors=tuple(one["name"].casefold() for one in paper.get("authors") or () if one.get("name")),
        submitter=str(submitter.get("name") or submitter.get("user") or "").casefold(),
        organization=str(organization.get("name") or "").casefold(),
        published=paper.get("publishedAt") or "",
        votes=int(paper.get("upvotes") or 0),
    )


class _Past:
    """What earlier papers of a name got, as doublings above the mean of their day."""

    def __init__(self) -> None:
        self.sum: dict[str, float] = defaultdict(float)
        self.count: dict[str, int] = defaultdict(int)

    def learn(self, names: Iterable[str], target: float) -> None:
        for name in names:
            if name:
                self.sum[name] += target
                self.count[name] += 1

    def mean(self, name: str) -> float:
        return self.sum[name] / (self.count[name] + DOUBT) if name in self.count else 0.0

    def known(self, name: str) -> float:
        return float(np.log2(1 + self.count.get(name, 0)))


GROUPS = {
    "text": ("length of the title", "length of the abstract", "a colon in the title", "likes of the nearest"),
    "code link": ("code named in the abstract", "a page named in the abstract"),
    "authors": ("number of authors", "mean of their past", "best of their past", "past of the last", "best known"),
    "organisation": ("past of the organisation", "how known it is", "whether one is named"),
    "submitter": ("past of the submitter", "how known", "whether an author", "whether named"),
}


def describe(days: Sequence[Day], encoder: Encoder) -> None:
    """Fill in vectors and features, day by day, from what was known at the start of each."""
    authors, organizations, submitters = _Past(), _Past(), _Past()
    vectors: list[Matrix] = []
    targets: list[Matrix] = []
    learned = 0
    for day in days:
        day.vectors = encoder.encode([f"{one.title}. {one.abstract}" for one in day.papers]).astype(np.float64)
        while days[learned].day + KNOWN_AFTER <= day.day:
            past = days[learned]
            for one, target in zip(past.papers, past.targets.tolist(), strict=True):
                authors.learn(one.authors, target)
                organizations.learn([one.organization], target)
                submitters.learn([one.submitter], target)
            vectors.append(past.vectors)
            targets.append(past.targets)
            learned += 1
        near = _nearest(day.vectors, np.concatenate(vectors), np.concatenate(targets)) if vectors else None
        day.features = np.array(
            [
                _features(one, 0.0 if near is None else float(near[number]), authors, organizations, submitters)
                for number, one in enumerate(day.papers)
            ]
        )


def _nearest(vectors: Matrix, past: Matrix, targets: Matrix) -> Matrix:
    """For each row the mean target of its nearest papers of the past, weighted by nearness."""
    nearness = vectors @ past.T
    count = min(NEIGHBOURS, past.shape[0])
    best = np.argpartition(-nearness, count - 1, axis=1)[:, :count]
    weights = np.maximum(np.take_along_axis(nearness, best, axis=1), 1e-6)
    mean: Matrix = (weights * targets[best]).sum(axis=1) / weights.sum(axis=1)
    return mean


def _features(one: Listed, near: float, authors: _Past, organizations: _Past, submitters: _Past) -> list[float]:
    text = one.abstract.casefold()
    theirs = [authors.mean(name) for name in one.authors]
    return [
        float(np.log2(1 + len(one.title))),
        float(np.log2(1 + len(one.abstract))),
        float(":" in one.title),
        near,
        float("github" in text or "code is available" in text or "open-source" in text),
        float("http" in text),
        float(np.log2(1 + len(one.authors))),
        sum(theirs) / len(theirs) if theirs else 0.0,
        max(theirs, default=0.0),
        theirs[-1] if theirs else 0.0,
        max((authors.known(name) for name in one.authors), default=0.0),
        organizations.mean(one.organization),
        organizations.known(one.organization),
        float(bool(one.organization)),
        submitters.mean(one.submitter),
        submitters.known(one.submitter),
        float(one.submitter in one.authors),
        float(bool(one.submitter)),
    ]
