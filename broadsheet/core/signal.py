"""Signals: the kinds of evidence that a paper matters, and one reading of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """A kind of evidence. Whose it is stands beside it: their votes are never added to ours."""

    VOTES = "votes"
    COMMENTS = "comments"
    STARS = "stars"
    CITATIONS = "citations"


@dataclass(frozen=True, slots=True)
class Observation:
    """One reading of one signal: at ``seen_at`` (UTC), ``source`` counted ``value``."""

    kind: Kind
    source: str
    value: int
    seen_at: datetime

    def __post_init__(self) -> None:
        if self.seen_at.tzinfo is None:
            raise ValueError(f"an observation needs a time with a zone, not {self.seen_at!r}")
        if self.value < 0:
            raise ValueError(f"{self.source} {self.kind} cannot be {self.value}: a count is 0 or more")

    @property
    def name(self) -> str:
        return signal_name(self.source, self.kind)


def signal_name(source: str, kind: Kind) -> str:
    """The name under which a count is kept on a paper: ``huggingface.votes``."""
    return f"{source}.{kind}"
