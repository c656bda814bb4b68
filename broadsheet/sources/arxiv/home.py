"""arXiv as a place: its facts, its terms, and its topics as its interfaces name them."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from broadsheet.sources.arxiv import calendar
from broadsheet.sources.pace import Budget
from broadsheet.sources.place import Place, UnknownTopic

ARXIV = Place(
    name="arxiv",
    title="arXiv",
    home="https://arxiv.org",
    terms=(
        "Metadata is free to use (CC0); papers are linked to, never copied. One request every three seconds and one "
        "connection at a time, over all its interfaces and all machines together."
    ),
    terms_at="https://info.arxiv.org/help/api/tou.html",
    zone=calendar.ZONE,
    budget=Budget("arxiv", 3.0),
    announces=calendar.announces,
    # A mailing goes out at 20:00 of the evening before, and its records are changed in the same night.
    told_after=timedelta(hours=6),
)

_GROUPS = ("cs", "econ", "eess", "math", "q-bio", "q-fin", "stat")
_PHYSICS = (
    "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nlin", "nucl-ex",
    "nucl-th", "physics", "quant-ph",
)  # fmt: skip
WITH_SUBJECTS = (*_GROUPS, "astro-ph", "cond-mat", "nlin", "physics")
_TOPIC = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]+(?:-[A-Za-z]+)?)?", re.ASCII)


def set_of(topic: str) -> str:
    """The OAI-PMH set of ``topic``: ``cs:cs:CL`` of ``cs.CL``, ``physics:hep-th`` of ``hep-th``, ``cs`` of ``cs``.

    Raises:
        UnknownTopic: if no archive begins like it. (A subject that an archive does not have, only arXiv can tell.)
    """
    archive, _, subject = topic.partition(".")
    if not _TOPIC.fullmatch(topic) or archive not in _GROUPS + _PHYSICS:
        raise UnknownTopic(f"{topic[:40]!r} is no topic of arXiv: write one like cs.CL, or an archive like hep-th")
    if archive in _PHYSICS:
        return f"physics:{archive}:{subject}" if subject else f"physics:{archive}"
    return f"{archive}:{archive}:{subject}" if subject else archive


def archives() -> tuple[str, ...]:
    """Every archive: together they are all of arXiv."""
    return tuple(sorted(_GROUPS + _PHYSICS))


def is_within(topic: str, wanted: str) -> bool:
    """Whether ``topic`` is ``wanted`` or belongs to it: ``cs.CL`` to ``cs``."""
    return topic == wanted or topic.startswith(f"{wanted}.")


def listed_under(topics: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Under which of ``wanted`` (or, without any, of its own ``topics``) a paper stands, and whether by its first."""
    for name in wanted or topics:
        if any(is_within(topic, name) for topic in topics):
            yield name, is_within(topics[0], name)
