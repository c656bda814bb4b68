"""Named filters over papers and editions, the same on SQLite and PostgreSQL."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

from broadsheet.core.day import Period

if TYPE_CHECKING:
    from broadsheet.catalog.models import Edition, Entry, Paper  # noqa: F401 (names in generics)


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible(self) -> "PaperQuerySet":
        return self.filter(withdrawn=False)

    def with_key(self, key: str) -> "PaperQuerySet":
        """The paper that any of its names ``key`` names."""
        return self.filter(identifiers__key=key)

    def by_author(self, author_key: str) -> "PaperQuerySet":
        return self.filter(authorships__author__key=author_key)

    def newest_first(self) -> "PaperQuerySet":
        return self.order_by(models.F("published").desc(nulls_last=True), "-id")


class EditionQuerySet(models.QuerySet["Edition"]):
    def with_papers(self) -> "EditionQuerySet":
        return self.filter(papers__gt=0)

    def before(self, day: date) -> "EditionQuerySet":
        return self.with_papers().filter(day__lt=day).order_by("-day")

    def after(self, day: date) -> "EditionQuerySet":
        return self.with_papers().filter(day__gt=day).order_by("day")

    def latest_until(self, day: date) -> "EditionQuerySet":
        return self.with_papers().filter(day__lte=day).order_by("-day")


class EntryQuerySet(models.QuerySet["Entry"]):
    def in_period(self, period: Period) -> "EntryQuerySet":
        return self.filter(edition__day__gte=period.first, edition__day__lte=period.last)
