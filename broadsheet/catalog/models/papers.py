"""Papers, their names, their records and what these said of them.

Lists that are always read whole with their paper (its authors' names, topics, links, last signals) are JSON
columns; what is joined or counted on its own has a table.
"""

from django.db import models
from django.utils import timezone

from broadsheet.catalog.querysets import PaperQuerySet


class Paper(models.Model):
    """A work, as merged from its records. ``key`` is its name in URLs.

    ``listed_on`` is the day of the last edition it is in; ``points`` and ``heat`` are set by the tally.
    """

    key = models.CharField(max_length=420, unique=True)
    title = models.TextField()
    abstract = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    summary_by = models.CharField(max_length=200, blank=True)
    authors = models.JSONField(default=list)
    author_count = models.PositiveIntegerField(default=0)
    published = models.DateField(null=True, db_index=True)
    precision = models.CharField(max_length=5, default="day")
    updated = models.DateField(null=True)
    topics = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    venue = models.CharField(max_length=300, blank=True)
    journal_ref = models.CharField(max_length=500, blank=True)
    comment = models.TextField(blank=True)
    licence = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=20, blank=True)
    links = models.JSONField(default=dict)
    submitted_by = models.CharField(max_length=200, blank=True)
    organization = models.CharField(max_length=200, blank=True)
    sources = models.JSONField(default=list)
    signals = models.JSONField(default=dict)
    origins = models.JSONField(default=dict)
    withdrawn = models.BooleanField(default=False)
    listed_on = models.DateField(null=True, db_index=True)
    points = models.FloatField(default=0.0, db_index=True)
    heat = models.FloatField(default=0.0, db_index=True)
    added_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = PaperQuerySet.as_manager()

    class Meta:
        db_table = "paper"
        indexes = [models.Index(fields=["changed_at"], name="paper_changed")]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"


class Identifier(models.Model):
    """A name of a paper. ``key`` is ``core.ids.PaperId.key``; a paper may have several."""

    key = models.CharField(max_length=420, primary_key=True)
    scheme = models.CharField(max_length=20)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="identifiers")

    class Meta:
        db_table = "identifier"

    def __str__(self) -> str:
        return self.key


class Record(models.Model):
    """What a source has said of a paper: ``payload`` is a ``core.record.Record``, packed (see ``payload.py``)."""

    source = models.CharField(max_length=40)
    source_id = models.CharField(max_length=420)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="records")
    title_key = models.CharField(max_length=16, db_index=True)
    payload = models.BinaryField()
    version = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    stored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "record"
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="record_of_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"


class Version(models.Model):
    """A numbered text of a paper."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    at = models.DateField(null=True)

    class Meta:
        db_table = "version"
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="version_of_paper")]

    def __str__(self) -> str:
        return f"{self.paper_id} v{self.number}"


class Author(models.Model):
    """A name on papers. ``key`` is ``core.text.name_key``: two people who write alike share it until claimed."""

    key = models.CharField(max_length=150, unique=True)

    class Meta:
        db_table = "author"

    def __str__(self) -> str:
        return self.key


class Authorship(models.Model):
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="authorships")
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="authorships")
    position = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "authorship"
        constraints = [models.UniqueConstraint(fields=["paper", "author"], name="author_of_paper")]

    def __str__(self) -> str:
        return f"{self.author_id} of {self.paper_id}"


class Observation(models.Model):
    """One reading of one signal. It goes with the record that told it wherever that goes."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="observations")
    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    value = models.PositiveIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "observation"
        constraints = [
            models.UniqueConstraint(fields=["record", "source", "kind", "seen_at"], name="observation_at")
        ]

    def __str__(self) -> str:
        return f"{self.source}.{self.kind} of record {self.record_id}: {self.value}"
