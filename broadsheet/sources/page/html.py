"""A page as HTML: the JSON that it was built from stands in one attribute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from broadsheet.sources import loose
from broadsheet.sources.base import BadEntry, BadFile


@dataclass(frozen=True, slots=True)
class Hydration:
    """The items of the page, and the day whose list it is; no day if it is that of a search, week or month."""

    items: list[Any]
    day: date | None


def parse(raw: bytes) -> Hydration:
    """The data in the page.

    Raises:
        BadFile: if it is no page of Daily Papers with its data.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(raw)
    for node in tree.css('div[data-target="DailyPapers"]'):
        try:
            props = loose.mapping(loose.json_value(node.attributes.get("data-props") or ""))
        except BadEntry as wrong:
            raise BadFile(
                f"the data in this page of Daily Papers is damaged ({wrong}): save the page again"
            ) from None
        items = props.get("dailyPapers")
        if isinstance(items, list):
            return Hydration(items, _day(props))
    raise BadFile(
        "this web page holds no data of Daily Papers: save the page's source, not what scripts made of it, "
        "or save it as text"
    )


def _day(props: Mapping[str, Any]) -> date | None:
    if props.get("query") or props.get("isTrending") or props.get("periodType", "day") != "day":
        return None
    return loose.full_day(props.get("dateString"))
