"""Editions and the papers' places in them."""

from django.db import models

from broadsheet.catalog.models.papers import Paper
from broadsheet.catalog.querysets import EditionQuerySet, EntryQuerySet


class Edition(models.Model):
    """The papers of one day. ``closed_at`` set: papers and order are frozen.

    ``facets`` counts them by topic, source and code: ``{"topic": {"cs.CL": 41}, …}``.
    """

    day = models.DateField(unique=True)
    closed_at = models.DateTimeField(null=True)
    papers = models.PositiveIntegerField(default=0)
    picked = models.PositiveIntegerField(default=0)
    facets = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        db_table = "edition"

    def __str__(self) -> str:
        return self.day.isoformat()


class Entry(models.Model):
    """A paper's place in an edition: ``picked`` by people or announced with the rest of its day.

    ``position`` counts from 0 over the whole edition once it is closed; ``placed`` is what the source said.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="entries")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="entries")
    picked = models.BooleanField(default=False)
    placed = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=200, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        db_table = "entry"
        constraints = [models.UniqueConstraint(fields=["edition", "paper"], name="paper_in_edition")]
        indexes = [models.Index(fields=["edition", "position"], name="entry_order")]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.paper_id} in {self.edition_id}"
