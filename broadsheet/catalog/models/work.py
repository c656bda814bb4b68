"""What jobs have done, and what they have yet to do."""

from django.db import models
from django.utils import timezone


class Run(models.Model):
    """One execution of a job: ``cursor`` is where it stopped, ``tally`` what it counted."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        FAILED = "failed"

    job = models.CharField(max_length=40)
    target = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    cursor = models.JSONField(default=dict)
    tally = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "run"
        indexes = [models.Index(fields=["job", "target"], name="run_of_target")]

    def __str__(self) -> str:
        return f"{self.job} {self.target} ({self.state})"


class Outbox(models.Model):
    """A change that the index has not seen. Written in the transaction of the change itself.

    ``paper`` is a number, not a foreign key: a deleted paper must still leave the index.
    """

    class Verb(models.TextChoices):
        PUT = "put"
        DELETE = "delete"

    paper = models.BigIntegerField()
    verb = models.CharField(max_length=6, choices=Verb, default=Verb.PUT)

    class Meta:
        db_table = "outbox"
        verbose_name_plural = "outbox"

    def __str__(self) -> str:
        return f"{self.verb} {self.paper}"
