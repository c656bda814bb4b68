"""The ACL Anthology as a place: its facts and terms, and its collections."""

import re
from zoneinfo import ZoneInfo

from broadsheet.sources.pace import Budget
from broadsheet.sources.place import Place, UnknownTopic

ACL = Place(
    name="acl",
    title="ACL Anthology",
    home="https://aclanthology.org",
    terms=(
        "Materials from 2016 on are CC BY 4.0, those before CC BY-NC-SA 3.0; papers are linked to, never copied. Read "
        "from its public repository at GitHub: one list and the files that changed, a request every two seconds."
    ),
    terms_at="https://aclanthology.org/faq/copyright/",
    zone=ZoneInfo("UTC"),
    budget=Budget("acl", 2.0),
    # Volumes are added when their conferences are ready.
    announces=lambda day: None,
)

_NEW = re.compile(r"(\d{4})\.([a-z0-9_]+)", re.ASCII)
_OLD = re.compile(r"([A-Z])(\d{2})", re.ASCII)
_TOPIC = re.compile(r"\d{4}\.[a-z0-9_]+|[a-z0-9_]+|[A-Z]\d{2}|[A-Z]", re.ASCII)


def checked_topic(topic: str) -> str:
    """``topic``, if it can be one: a venue (``acl``), a collection (``2026.acl``, ``P19``) or an old letter (``P``).

    Raises:
        UnknownTopic: if it cannot.
    """
    if not _TOPIC.fullmatch(topic):
        raise UnknownTopic(f"{topic[:60]!r} is no venue or collection of the Anthology: write acl, 2026.acl or P19")
    return topic


def is_of(collection: str, topic: str) -> bool:
    """Whether ``collection`` (``2026.acl``, ``P19``) is ``topic`` or belongs to it."""
    new, old = _NEW.fullmatch(collection), _OLD.fullmatch(collection)
    return topic in (collection, new[2] if new else None, old[1] if old else None)


def year_of(collection: str) -> int | None:
    """The year that the name of ``collection`` tells."""
    if new := _NEW.fullmatch(collection):
        return int(new[1])
    if old := _OLD.fullmatch(collection):
        return int(old[2]) + (1900 if int(old[2]) > 50 else 2000)
    return None
