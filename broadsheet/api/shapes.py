"""Cards in the shape of the Daily Papers API.

Fields that the official client reads only at the level of the item (title, numComments, ai_summary, githubRepo …)
stand there as well as in ``paper``, so that it shows them. Fields of our own are added, never put in the place
of one that clients know.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from broadsheet.core.card import Card, Segment
from broadsheet.core.signal import Kind


def object_id(text: str) -> str:
    """24 hex digits that stay the same for the same text, where clients expect an object id."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def paper(card: Card) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": card.key,
        "authors": [
            {"_id": object_id(f"{card.key}|{name}"), "name": name, "hidden": False} for name in card.authors
        ],
        "publishedAt": moment(card.published),
        "title": card.title,
        "summary": card.abstract or card.summary,
        "upvotes": upvotes(card),
        "discussionId": object_id(card.key),
    }
    if card.day:
        shape["submittedOnDailyAt"] = moment(card.day)
    if card.submitted_by:
        shape["submittedOnDailyBy"] = user(card.submitted_by)
    shape |= _told(card)
    shape |= {
        "authorCount": card.author_count,
        "topics": list(card.topics),
        "venue": card.venue,
        "sources": list(card.sources),
        "signals": card.signals,
    }
    if card.withdrawn:
        shape["withdrawn"] = True
    return shape


def item(card: Card) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "paper": paper(card),
        "publishedAt": moment(card.published),
        "title": card.title,
        "summary": card.abstract or card.summary,
        "thumbnail": card.thumbnail_url,
        "numComments": comments(card),
        "upvotes": upvotes(card),
        "isAuthorParticipating": False,
    }
    if card.submitted_by:
        shape["submittedBy"] = user(card.submitted_by)
    return shape | _told(card)


def found(card: Card) -> dict[str, Any]:
    """An item of a search: with its matches marked, its score and the reasons it is there."""
    return item(card) | {
        "upvoted": False,
        "highlightedTitle": segments(card.title_segments, card.title),
        "highlightedSummary": segments(card.abstract_segments, card.abstract or card.summary),
        "score": card.score,
        "reasons": [
            {"kind": reason.kind, "text": reason.sentence, "weight": round(reason.weight, 4)}
            for reason in card.reasons
        ],
    }


def user(name: str) -> dict[str, Any]:
    return {
        "_id": object_id(name),
        "avatarUrl": "",
        "fullname": name,
        "name": name,
        "user": name,
        "isPro": False,
        "type": "user",
    }


def segments(marked: Sequence[Segment], whole: str) -> list[dict[str, str]]:
    shown = marked or (Segment(whole),)
    return [{"type": "highlight" if one.hit else "text", "text": one.text} for one in shown]


def upvotes(card: Card) -> int:
    """Votes given here; of a paper nobody voted on here, those it had on Daily Papers. Never the sum."""
    return card.votes or card.their_votes


def comments(card: Card) -> int:
    return card.count(Kind.COMMENTS, "broadsheet") or card.their_comments


def moment(day: date | None) -> str | None:
    return datetime.combine(day, time(), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z") if day else None


def _told(card: Card) -> dict[str, Any]:
    """What is left out when it is not known, as clients expect."""
    told = {
        "ai_summary": card.summary,
        "ai_keywords": list(card.keywords),
        "githubRepo": card.code_url,
        "githubStars": card.stars,
        "projectPage": card.project_url,
        "organization": {
            "_id": object_id(card.organization),
            "name": card.organization,
            "fullname": card.organization,
            "avatar": "",
        }
        if card.organization
        else None,
    }
    return {name: value for name, value in told.items() if value}
