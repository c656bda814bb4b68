"""Count the stars of the repositories that papers link to, one request each, none at all where nothing changed.

What is unchanged since the last time (304) is no request by GitHub's count, and still a reading of today.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from broadsheet.core.ids import PaperId
from broadsheet.core.signal import Kind, Observation
from broadsheet.sources import loose
from broadsheet.sources.base import BadEntry, Reject
from broadsheet.sources.failures import BadReply, Missing
from broadsheet.sources.http import JSON, Client
from broadsheet.sources.pace import Budget
from broadsheet.sources.parts import in_parts
from broadsheet.sources.place import Batch, Cursor, Place, Reading, Tells, Wanted

BASE = "https://api.github.com"
IN_A_BATCH = 20
# Of so many repositories it is remembered what they last were.
MOST_KNOWN = 5_000
_STARS = "stargazers_count"
SOURCE = "github"

GITHUB = Place(
    name=SOURCE,
    title="GitHub",
    home="https://github.com",
    terms=(
        "Under the terms of its API: 5,000 requests an hour with a token, 60 without. What is left is told in every "
        "reply and obeyed."
    ),
    terms_at="https://docs.github.com/en/site-policy/github-terms/github-terms-of-service",
    zone=ZoneInfo("UTC"),
    budget=Budget(SOURCE, 1.0),
    announces=lambda day: False,
    key="github_key",
)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}", re.ASCII)


def repository(address: str) -> str:
    """``owner/name`` in lower case, of the repository that ``address`` is of or within; empty if it is of none."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    name = "/".join(parts.path.strip("/").split("/")[:2]).lower().removesuffix(".git")
    is_one = host == "github.com" and _NAME.fullmatch(name) and name.rpartition("/")[2].strip(".")
    return name if is_one else ""


class GitHub:
    """The route ``stars``: those of each repository in ``wanted.code``, as readings of the papers that link to it."""

    place = GITHUB
    route = "stars"
    tells = Tells.PAPERS

    def __init__(self, base: str = BASE, key: str = "") -> None:
        self._base = base
        self._key = key

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The cursor holds what each repository last was, and how many of these have been asked for.

        Raises:
            FetchFailed: if one cannot be read. What was given before it stands.
        """
        papers: dict[str, list[PaperId]] = defaultdict(list)
        for paper, address in wanted.code:
            if name := repository(address):
                papers[name].append(paper)
        known: dict[str, Any] = dict(cursor.get("known") or {})
        for part in in_parts(tuple(papers), IN_A_BATCH, cursor):
            batch = Batch({}, asked_at=client.now(), seen=part.seen, finished=part.last)
            for name in part.names:
                try:
                    stars, at = self._stars(client, name, known)
                except (Missing, BadEntry) as wrong:
                    said = f"GitHub has no repository {name}" if isinstance(wrong, Missing) else str(wrong)
                    batch.rejects.append(Reject(SOURCE, 0, said, name))
                    continue
                seen = Observation(Kind.STARS, SOURCE, stars, at)
                batch.readings += [Reading(paper, seen) for paper in papers[name]]
            batch.cursor = part.cursor | {"known": dict(list(known.items())[-MOST_KNOWN:])}
            yield batch

    def _stars(self, client: Client, name: str, known: dict[str, Any]) -> tuple[int, datetime]:
        etag, before = (known.pop(name, None) or ["", 0])[:2]
        reply = client.get(
            f"{self._base}/repos/{name}",
            source="github.stars",
            budget=GITHUB.budget,
            kinds=(*JSON, "application/vnd.github+json"),
            etag=str(etag),
            headers={"Authorization": f"Bearer {self._key}"} if self._key else None,
        )
        said = {_STARS: before} if reply.unchanged else loose.mapping(reply.json())
        if _STARS not in said:
            raise BadReply(f"GitHub answers with no repository where {name} was asked for")
        stars = loose.count(said[_STARS])
        if stars is None:
            raise BadEntry(f"GitHub does not say how many stars {name} has")
        known[name] = [str(etag) if reply.unchanged else reply.etag, stars]
        return stars, reply.at
