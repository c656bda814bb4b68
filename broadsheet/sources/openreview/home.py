"""OpenReview as a place: its facts and terms, and what its topics look like."""

import re
from zoneinfo import ZoneInfo

from broadsheet.sources.pace import Budget
from broadsheet.sources.place import Place, UnknownTopic

OPENREVIEW = Place(
    name="openreview",
    title="OpenReview",
    home="https://openreview.net",
    terms=(
        "Only what everyone may read is taken, field by field; papers are linked to, never copied. Since 2026 its API "
        "turns away who is not logged in. No limit is stated: one request every two seconds."
    ),
    terms_at="https://openreview.net/legal/terms",
    zone=ZoneInfo("UTC"),
    budget=Budget("openreview", 2.0),
    # Venues open their submissions when their programme says so.
    announces=lambda day: None,
    key="openreview_key",
)

_VENUE = re.compile(r"[A-Za-z0-9][\w.-]{1,80}(?:/[\w.-]{1,80}){1,8}", re.ASCII)


def asked_by(topic: str) -> dict[str, str]:
    """The parameters that ask for the notes of ``topic``: a venue, or an invitation, which has ``/-/`` in it.

    Raises:
        UnknownTopic: if it can be neither.
    """
    if not _VENUE.fullmatch(topic):
        raise UnknownTopic(
            f"{topic[:80]!r} is no venue of OpenReview: write ICLR.cc/2026/Conference, or "
            "ICLR.cc/2026/Conference/-/Submission for all that was submitted"
        )
    return {"invitation": topic} if "/-/" in topic else {"content.venueid": topic}
