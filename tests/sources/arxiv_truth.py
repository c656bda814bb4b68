"""A small arXiv that is known to the last detail: papers with their histories, and what was announced when.

Independent of the code under test on purpose: its mailings follow from the table on arXiv's page and a list of
evenings without one, in a dozen lines below.

    world = World(seed=1)
    world.live_through(date(2026, 11, 2), date(2026, 11, 20))     # announcement days, both included
    world.papers["2611.00007"].announced                          # the truth
    world.listing(date(2026, 11, 9), "cs.CL")                     # what its feed of that day holds
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)

TOPICS = ("cs.CL", "cs.LG", "cs.AI", "cs.CV", "stat.ML", "math.CO", "hep-th", "astro-ph.CO", "quant-ph")
_FIRST = ("Sparse", "Robust", "Folded", "Quiet", "Distant", "Lazy", "Braided", "Narrow", "Curious", "Tidal")
_SECOND = ("Attention", "Lattices", "Estimators", "Parsers", "Galaxies", "Codes", "Kernels", "Maps", "Currents")
_THIRD = ("for Long Reports", "under Drift", "without Labels", "at Low Cost", "in Three Steps", "with Few Words")
_NAMES = ("Ada Byron", "Mira Okafor", "Jan de Wit", "Sofía Núñez", "Wei Zhang", "Ole Bjørn", "Tom Hart Jr")


@dataclass
class Paper:
    """``versions``: when each was submitted. ``announced``: the day of its first listing, None while it waits."""

    key: str
    title: str
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    versions: list[datetime]
    modified: datetime
    announced: date | None = None
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    withdrawn: bool = False
    deleted: bool = False

    @property
    def version(self) -> int:
        return len(self.versions)


@dataclass(frozen=True)
class Line:
    """That ``key`` stood in the listings of ``day``: announced first (``new``), ``replace``, or new to ``topic``."""

    day: date
    key: str
    action: str
    version: int
    topic: str = ""


@dataclass
class World:
    """``now`` is arXiv's clock. ``holidays``: evenings on which no mailing goes out."""

    seed: int
    holidays: frozenset[date] = frozenset()
    topics: tuple[str, ...] = TOPICS
    papers: dict[str, Paper] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._number = 0

    def is_mailing(self, evening: date) -> bool:
        return evening.strftime("%a") in ("Sun", "Mon", "Tue", "Wed", "Thu") and evening not in self.holidays

    def days(self, first: date, last: date) -> list[date]:
        """The announcement days from ``first`` to ``last``: the mornings after a mailing."""
        every = [first + n * DAY for n in range((last - first).days + 1)]
        return [day for day in every if self.is_mailing(day - DAY)]

    def window(self, evening: date) -> tuple[datetime, datetime]:
        """When what is mailed on ``evening`` was submitted: from one closing to the next."""
        before = evening - DAY
        while not self.is_mailing(before):
            before -= DAY
        return self._closing(before), self._closing(evening)

    def _closing(self, evening: date) -> datetime:
        on = evening - 2 * DAY if evening.strftime("%a") == "Sun" else evening
        return datetime.combine(on, time(14), NEW_YORK).astimezone(UTC)

    def live_through(self, first: date, last: date, *, most: int = 8) -> None:
        """Everything that happens up to the morning of ``last``, and a little after."""
        for day in self.days(first, last):
            self.live(day, most=most)

    def live(self, day: date, *, most: int = 8) -> None:
        """The evening before ``day``: up to ``most`` new papers, a few held back, replaced, edited, withdrawn."""
        evening = day - DAY
        mailed = datetime.combine(evening, time(20), NEW_YORK).astimezone(UTC)
        self.edit(self.chance.randint(0, 2), before=mailed - timedelta(hours=1))
        self.now = mailed
        opened, closed = self.window(evening)
        waiting = [paper for paper in self.papers.values() if paper.announced is None and not paper.deleted]
        for paper in waiting:
            if self.chance.random() < 0.6:
                self._announce(paper, day, mailed)
        for _ in range(self.chance.randint(1, most)):
            paper = self.submit(self._moment(opened, closed))
            if self.chance.random() > 0.05:
                self._announce(paper, day, mailed)
        self._change(day, opened, closed, mailed)
        self.now = mailed + timedelta(hours=6)

    def submit(self, at: datetime) -> Paper:
        self._number += 1
        local = at.astimezone(NEW_YORK)
        topics = tuple(self.chance.sample(self.topics, self.chance.choice((1, 1, 2, 3))))
        title = f"{self._pick(_FIRST)} {self._pick(_SECOND)} {self._pick(_THIRD)} {self._number}"
        authors = tuple(self.chance.sample(_NAMES, self.chance.randint(1, 4)))
        paper = Paper(f"{local:%y%m}.{self._number:05d}", title, authors, topics, [at], at)
        if self.chance.random() < 0.2:
            paper.comment = f"{self.chance.randint(4, 40)} pages"
        self.papers[paper.key] = paper
        return paper

    def _announce(self, paper: Paper, day: date, mailed: datetime) -> None:
        paper.announced = day
        paper.modified = self._moment(mailed, mailed + timedelta(hours=2))
        self.lines.append(Line(day, paper.key, "new", paper.version))

    def _change(self, day: date, opened: datetime, closed: datetime, mailed: datetime) -> None:
        known = [one for one in self.papers.values() if one.announced and one.announced < day and not one.deleted]
        for paper in self.chance.sample(known, min(len(known), self.chance.randint(0, 3))):
            what = self.chance.choice(("replace", "replace", "cross", "withdraw"))
            other = self._pick(self.topics)
            if what == "cross" and other not in paper.topics:
                paper.topics = (*paper.topics, other)
                self.lines.append(Line(day, paper.key, "cross", paper.version, other))
            elif what != "cross":
                paper.versions.append(self._moment(opened, closed))
                paper.withdrawn = what == "withdraw"
                paper.comment = "This paper has been withdrawn by its authors" if paper.withdrawn else ""
                self.lines.append(Line(day, paper.key, "replace", paper.version))
            paper.modified = self._moment(mailed, mailed + timedelta(hours=2))

    def edit(self, count: int, *, before: datetime | None = None, at: datetime | None = None) -> list[Paper]:
        """Notes by librarians: old records changed, nothing announced. Not of papers of the last two weeks."""
        at = at or before or self.now
        old = [one for one in self.papers.values() if one.announced and (at.date() - one.announced).days > 14]
        chosen = self.chance.sample(old, min(count, len(old)))
        for paper in chosen:
            paper.journal_ref = f"J. Maps {self.chance.randint(1, 90)} ({at.year})"
            paper.modified = at
        return chosen

    def delete(self) -> Paper | None:
        known = [one for one in self.papers.values() if one.announced and not one.deleted]
        if not known:
            return None
        paper = self.chance.choice(known)
        paper.deleted, paper.modified = True, self.now
        return paper

    def public(self) -> list[Paper]:
        return [paper for paper in self.papers.values() if paper.announced]

    def listing(self, day: date, topic: str) -> list[tuple[Line, str]]:
        """The lines of ``day`` under ``topic``, with the announce type that arXiv gives each."""
        found = []
        for line in self.lines:
            paper = self.papers[line.key]
            if line.day != day or not any(_within(one, topic) for one in paper.topics):
                continue
            primary = _within(paper.topics[0], topic)
            if line.action == "cross":
                if _within(line.topic, topic) and not primary:
                    found.append((line, "cross"))
            elif line.action == "new":
                found.append((line, "new" if primary else "cross"))
            else:
                found.append((line, "replace" if primary else "replace-cross"))
        return found

    def _pick(self, words: tuple[str, ...]) -> str:
        return self.chance.choice(words)

    def _moment(self, first: datetime, end: datetime) -> datetime:
        return first + timedelta(seconds=self.chance.randrange(int((end - first).total_seconds())))


def _within(topic: str, wanted: str) -> bool:
    return topic == wanted or topic.startswith(f"{wanted}.")
