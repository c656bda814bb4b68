"""The completeness ledger: what each place said it announced, and whether all of it is held.

A place is harvested by one or more routes (a feed, a list of changes, a query). Each route keeps its own cursor, and
what it tells of an announcement day is noted beside what the others tell, so that one that is late or wrong is seen.
"""

from django.db import models
from django.utils import timezone


class Order(models.Model):
    """A standing order: the place ``place`` is harvested, of it these ``topics`` (none: all it has)."""

    place = models.CharField(max_length=40, unique=True)
    topics = models.JSONField(default=list)
    since = models.DateField(null=True)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "harvest_order"

    def __str__(self) -> str:
        return f"{self.place} {' '.join(self.topics)}".strip()


class Route(models.Model):
    """How far one route to a place has come, for one ``scope`` (its topics, joined by spaces).

    ``asked_at`` is the place's own clock when the last list that was read to its end was begun. ``holder`` may store
    what it fetches until ``held_until``; whoever has lost the route to another stores nothing more.
    """

    place = models.CharField(max_length=40)
    route = models.CharField(max_length=20)
    scope = models.CharField(max_length=1_000, blank=True)
    cursor = models.JSONField(default=dict)
    asked_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)
    holder = models.CharField(max_length=40, blank=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "route"
        constraints = [models.UniqueConstraint(fields=["place", "route", "scope"], name="route_of_place")]

    def __str__(self) -> str:
        return f"{self.place} by {self.route} {self.scope}".strip()


class Announcement(models.Model):
    """That a route told of a paper announced under a topic on a day of the place.

    ``certain``: read in the listing of that day; otherwise concluded from when the paper was submitted.
    """

    place = models.CharField(max_length=40)
    route = models.CharField(max_length=20)
    day = models.DateField()
    topic = models.CharField(max_length=500, blank=True)
    source_id = models.CharField(max_length=420)
    kind = models.CharField(max_length=15)
    certain = models.BooleanField(default=False)

    class Meta:
        db_table = "announcement"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "day", "topic", "source_id", "route"], name="announcement_by_route"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} in {self.place} {self.topic} on {self.day}"


class Coverage(models.Model):
    """A line of the ledger: how complete one announcement day of one topic is.

    ``announced`` counts distinct papers over all routes, ``held`` those of them in the catalogue, ``missing`` the
    rest; ``disputed`` counts those that a route which read this day whole does not tell of. ``listed`` names the
    routes that read the day's own listing to its end.
    """

    class State(models.TextChoices):
        QUIET = "quiet"  # nothing is announced on this day
        WAITING = "waiting"  # not yet due
        COMPLETE = "complete"
        MISSING = "missing"
        LATE = "late"

    # What somebody should hear of, and all of which more is still to come.
    WRONG = (State.LATE, State.MISSING)
    LACKING = (*WRONG, State.WAITING)

    place = models.CharField(max_length=40)
    topic = models.CharField(max_length=500, blank=True)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    announced = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    disputed = models.PositiveIntegerField(default=0)
    listed = models.JSONField(default=list)
    checked_at = models.DateTimeField(default=timezone.now)
    complete_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "coverage"
        constraints = [models.UniqueConstraint(fields=["place", "day", "topic"], name="coverage_of_day")]
        verbose_name_plural = "coverage"

    @property
    def of(self) -> str:
        """What the line is of: the place and, if it has topics, the topic."""
        return f"{self.place} {self.topic}".strip()

    def __str__(self) -> str:
        return f"{self.place} {self.topic} {self.day}: {self.state}"


class Alarm(models.Model):
    """Something that the operator has been told is wrong, for as long as it is. ``name`` is its name all that time."""

    name = models.CharField(max_length=200, unique=True)
    said = models.TextField()
    began_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "alarm"

    def __str__(self) -> str:
        return self.said
