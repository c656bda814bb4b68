"""What the API of Daily Papers holds, played for a `PlaceServer`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

FRIDAY, THURSDAY = date(2026, 11, 20), date(2026, 11, 19)


def item(number: int, day: date | None = FRIDAY, votes: int = 0, **paper: Any) -> dict[str, Any]:
    told = {"submittedOnDailyAt": f"{day}T08:00:00.000Z"} if day else {}
    return {
        "paper": {"id": f"2611.{number:05}", "title": f"Paper {number}", "upvotes": votes} | told | paper,
        "title": f"Paper {number}",
        "numComments": 1,
        "somethingNew": {"nobody": ["knows"]},
    }


class Daily:
    """What the API holds: lists by day, one of what is trending, single papers. ``cap``: the most of a page."""

    def __init__(self) -> None:
        self.days: dict[str, list[Any]] = {
            "2026-11-19": [item(1, THURSDAY, 9), item(2, THURSDAY, 4)],
            "2026-11-20": [item(3, votes=1), item(4, votes=7), item(5)],
        }
        self.trending: list[Any] = [item(900, None, 50, githubStars=1200)]
        self.papers: dict[str, Any] = {"2611.00007": {"id": "2611.00007", "title": "Paper 7", "upvotes": 3}}
        self.cap = 100

    def tell(self, path: str, asked: Mapping[str, str]) -> object:
        if path.startswith("/api/papers/"):
            return self.papers.get(path.rpartition("/")[2])
        if path != "/api/daily_papers":
            return None
        start = int(asked.get("p", "0")) * self.cap
        return self._list(asked)[start : start + min(int(asked["limit"]), self.cap)]

    def _list(self, asked: Mapping[str, str]) -> list[Any]:
        if asked.get("sort") == "trending":
            return self.trending
        if "week" in asked or "month" in asked:
            return [one for day in self.days.values() for one in day]
        return self.days.get(asked["date"], [])
