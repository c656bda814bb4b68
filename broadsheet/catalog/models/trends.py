"""What is trending, as the tally last found it: derived from readings, and made anew from them when it is gone."""

from django.db import models

from broadsheet.catalog.models.papers import Paper


class Trend(models.Model):
    """The heat of a paper over a window (``ranking.trending.Window``) in which it gained something."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="trends")
    window = models.CharField(max_length=5)
    heat = models.FloatField()

    class Meta:
        db_table = "trend"
        constraints = [models.UniqueConstraint(fields=["paper", "window"], name="trend_of_paper")]
        indexes = [models.Index(fields=["window", "-heat", "-paper"], name="trend_order")]

    def __str__(self) -> str:
        return f"{self.paper_id} over a {self.window}: {self.heat:.2f}"


class Tallied(models.Model):
    """How far the tally has come: one row.

    Windows end with the day ``until``. Papers that changed after ``changed_at``, and readings numbered above
    ``reading``, have not been counted. ``facets`` counts the trending papers of each window as an edition's does.
    Without the row all papers are counted: a release with another formula takes it away in a migration.
    """

    until = models.DateField()
    changed_at = models.DateTimeField()
    reading = models.BigIntegerField(default=0)
    facets = models.JSONField(default=dict)

    class Meta:
        db_table = "tallied"
        verbose_name_plural = "tallied"

    def __str__(self) -> str:
        return f"tallied until {self.until}"
