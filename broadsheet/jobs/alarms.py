"""Alarms: what an operator must hear of once, when it begins, and again when it is over.

What is wrong is always read anew from the ledger, so that an alarm can neither be lost nor outlive its cause.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.catalog.models import Alarm as AlarmRow
from broadsheet.catalog.models import Coverage, Order, Route
from broadsheet.mail import operator
from broadsheet.sources import places

_log = logging.getLogger(__name__)
# How far back a hole in the ledger is still an alarm: what could not be mended in a month is history, and on the page.
WINDOW = timedelta(days=30)
# No list read to its end for this long, over a day or over days without announcements.
SILENCE = timedelta(hours=30)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong, in a sentence with the remedy. ``name`` is the same as long as it lasts."""

    name: str
    said: str


def ringing(now: datetime) -> list[Alarm]:
    """Everything that is wrong at ``now``."""
    return [*_holes(now), *_silent(now)]


def _holes(now: datetime) -> list[Alarm]:
    found = []
    for line in Coverage.objects.filter(state__in=Coverage.WRONG, day__gte=(now - WINDOW).date()).order_by(
        "place", "day"
    ):
        if line.state == Coverage.State.LATE:
            said = f"{line.of}: nothing has been announced for {line.day}, which was due; it is asked for again at every run"
        else:
            said = f"{line.of}: {line.missing} of {line.announced} papers announced on {line.day} are missing; they are asked for again at every run"
        found.append(Alarm(f"{line.of} {line.day}", said))
    return found


def _silent(now: datetime) -> list[Alarm]:
    """Places of which no list was read to its end since its last announcement day but one."""
    found = []
    for ordered in Order.objects.order_by("place"):
        try:
            place = places.place(ordered.place)
        except places.UnknownPlace as wrong:
            found.append(Alarm(ordered.place, str(wrong)))
            continue
        last = (
            Route.objects.filter(place=ordered.place, succeeded_at__isnull=False).order_by("-succeeded_at").first()
        )
        since = last.succeeded_at if last and last.succeeded_at else ordered.given_at
        if now - since <= SILENCE:
            continue
        day = since.astimezone(place.zone).date() + timedelta(days=1)
        today = now.astimezone(place.zone).date()
        if any(place.announces(day + timedelta(days=n)) for n in range((today - day).days + 1)):
            failed = Route.objects.filter(place=ordered.place).exclude(failure="").order_by("-failed_at").first()
            why = f" ({failed.failure})" if failed else ""
            found.append(
                Alarm(
                    ordered.place,
                    f"{place.title} has not been read to the end since {since:%Y-%m-%d %H:%M} UTC{why}",
                )
            )
    return found


def sound(now: datetime) -> list[Alarm]:
    """Log, and mail to the operator if there is one, each alarm that is new and each that is over; the new ones."""
    held = {one.name: one for one in ringing(now)}
    before = {row.name: row for row in AlarmRow.objects.all()}
    fresh = [one for name, one in held.items() if name not in before]
    over = [row for name, row in before.items() if name not in held]
    for one in fresh:
        _log.error("alarm: %s", one.said)
    for row in over:
        _log.warning("over: %s", row.said)
    if fresh or over:
        operator.tell([one.said for one in fresh], [row.said for row in over])
    # After the mail: killed in between, it is sent once more, which is better than never.
    AlarmRow.objects.filter(pk__in=[row.pk for row in over]).delete()
    for one in held.values():
        AlarmRow.objects.update_or_create(
            name=one.name, defaults={"said": one.said}, create_defaults={"said": one.said, "began_at": now}
        )
    return fresh
