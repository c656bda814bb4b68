"""bioRxiv and medRxiv as places: their facts and terms."""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from broadsheet.sources.pace import Budget
from broadsheet.sources.place import Place, UnknownTopic

BIORXIV = Place(
    name="biorxiv",
    title="bioRxiv",
    home="https://www.biorxiv.org",
    terms=(
        "Metadata and abstracts may be harvested through the API; a full text only as its own licence allows, so "
        "papers are linked to, never copied. No limit is stated: one request every two seconds over both servers."
    ),
    terms_at="https://www.biorxiv.org/tdm",
    zone=ZoneInfo("America/New_York"),
    # Both are asked at one host, so they share a pace.
    budget=Budget("biorxiv", 2.0),
    # Papers are posted on most days, also of weekends, and no calendar says on which: no day is ever late.
    announces=lambda day: None,
    told_after=timedelta(days=1, hours=6),
)
MEDRXIV = replace(
    BIORXIV,
    name="medrxiv",
    title="medRxiv",
    home="https://www.medrxiv.org",
    terms_at="https://www.medrxiv.org/tdm",
)

_TOPIC = re.compile(r"[a-z][a-z -]{2,59}")


def category(topic: str) -> str:
    """``topic`` as the API has it in its replies: ``cell biology``, also of ``Cell_Biology``.

    Raises:
        UnknownTopic: if it cannot be one.
    """
    written = topic.strip().lower().replace("_", " ")
    if not _TOPIC.fullmatch(written):
        raise UnknownTopic(f"{topic[:60]!r} is no category of bioRxiv or medRxiv: write one like cell_biology")
    return written
