"""All that the tables hold, in a form that two histories can be compared by: numbers of rows left out."""

from typing import Any

from broadsheet.catalog import models

Rows = list[tuple[Any, ...]]


def everything() -> dict[str, Rows]:
    """Table -> its rows, in order. Rows name each other by their keys; times of writing are left out, and the
    outbox, which is what changed and not what is."""
    paper = models.Paper.objects
    return {
        "paper": _rows(
            paper.values_list(
                "key", "title", "abstract", "summary", "summary_by", "authors", "author_count", "published",
                "precision", "updated", "topics", "keywords", "venue", "journal_ref", "comment", "licence",
                "language", "links", "submitted_by", "organization", "sources", "signals", "origins", "withdrawn",
                "listed_on", "points", "heat",
            )
        ),
        "identifier": _rows(models.Identifier.objects.values_list("key", "scheme", "paper__key")),
        "record": _rows(
            (source, source_id, key, title_key, bytes(payload), version, seen_at)
            for source, source_id, key, title_key, payload, version, seen_at in models.Record.objects.values_list(
                "source", "source_id", "paper__key", "title_key", "payload", "version", "seen_at"
            )
        ),
        "version": _rows(models.Version.objects.values_list("paper__key", "number", "at")),
        "authorship": _rows(models.Authorship.objects.values_list("paper__key", "author__key", "position")),
        "edition": _rows(
            models.Edition.objects.filter(papers__gt=0).values_list("day", "papers", "picked", "facets", "note")
        ),
        "entry": _rows(
            models.Entry.objects.values_list("edition__day", "paper__key", "picked", "placed", "position", "by")
        ),
        "observation": _rows(
            models.Observation.objects.values_list(
                "record__source", "record__source_id", "record__paper__key", "source", "kind", "value", "seen_at"
            )
        ),
    }  # fmt: skip


def outbox() -> list[tuple[int, str]]:
    return list(models.Outbox.objects.order_by("id").values_list("paper", "verb"))


def _rows(values: Any) -> Rows:
    return sorted((tuple(row) for row in values), key=repr)
