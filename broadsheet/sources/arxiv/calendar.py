"""When arXiv announces what: submissions, mailings and announcement days.

From arXiv's own page on availability (info.arxiv.org/help/availability): a mailing goes out at 20:00 in New York,
Sunday to Thursday. It holds what was submitted up to 14:00 of its day, that of Sunday what was submitted up to
Friday, 14:00. A *deferred* mailing, around holidays, leaves its papers to the next.

Its listing and its feeds bear the date of the next morning, Monday to Friday: that is the **announcement day** here
and everywhere else in Broadsheet. So the paper submitted on Thursday at 15:00 is of Monday, as is that mailing.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
CUT_OFF = time(14, 0)
MAILED_AT = time(20, 0)

_DAY = timedelta(days=1)
_THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 3, 4, 5, 6

# Evenings without a mailing, as arXiv's page listed them that year or as its listings then showed.
_DEFERRED = {
    2023: ((1, 16), (6, 14), (6, 19), (7, 4), (9, 4), (11, 23), (12, 25), (12, 27)),
    2025: ((1, 1), (1, 20), (6, 19), (7, 6), (9, 1), (11, 27), (12, 25)),
    2026: ((1, 1), (1, 19), (6, 21), (7, 5)),
}
# Those of these years are known up to the day given; what comes after is presumed, as for years not named.
_KNOWN_UNTIL = {2023: date(2023, 12, 31), 2025: date(2025, 12, 23), 2026: date(2026, 8, 20)}


def announcement_day(submitted: datetime) -> date:
    """The announcement day of a paper submitted at ``submitted`` (with a zone), if no moderator holds it back."""
    local = submitted.astimezone(ZONE)
    # What comes in at 14:00 sharp is late. Wall-clock time decides, so changes of the clock need no case of their own.
    closed = local.date() if local.time() < CUT_OFF else local.date() + _DAY
    evening = closed
    while not is_mailing(evening) or closes_on(evening) < closed:
        evening += _DAY
    return evening + _DAY


def closes_on(evening: date) -> date:
    """The day at whose 14:00 the mailing of ``evening`` closes."""
    return evening - 2 * _DAY if evening.weekday() == _SUNDAY else evening


def is_mailing(evening: date) -> bool:
    """Whether a mailing goes out on ``evening``, as far as is known."""
    return evening.weekday() not in (_FRIDAY, _SATURDAY) and evening not in _deferred(evening.year)


def is_announcement_day(day: date) -> bool:
    """Whether there is a listing of ``day``, as far as is known."""
    return is_mailing(day - _DAY)


def announces(day: date) -> bool | None:
    """As `is_announcement_day`, but None where the holiday is presumed or arXiv defers mailings at short notice.

    None means: if it comes, good; if not, no alarm.
    """
    evening = day - _DAY
    if evening.weekday() in (_FRIDAY, _SATURDAY):
        return False
    if evening <= _KNOWN_UNTIL.get(evening.year, date.min):
        return evening not in _deferred(evening.year)
    around_new_year = (evening.month, evening.day) >= (12, 23) or (evening.month, evening.day) <= (1, 2)
    return None if around_new_year or evening in _deferred(evening.year) else True


def next_announcement_day(day: date) -> date:
    """The first announcement day after ``day``."""
    day += _DAY
    while not is_announcement_day(day):
        day += _DAY
    return day


def last_announcement_day(day: date) -> date:
    """The last announcement day up to and with ``day``."""
    while not is_announcement_day(day):
        day -= _DAY
    return day


def announced_by(moment: datetime) -> date:
    """The last announcement day whose mailing had gone out at ``moment`` (with a zone)."""
    local = moment.astimezone(ZONE)
    evening = local.date() if local.time() >= MAILED_AT else local.date() - _DAY
    return last_announcement_day(evening + _DAY)


def mailed_at(day: date) -> datetime:
    """When the mailing of the announcement day ``day`` goes out."""
    return datetime.combine(day - _DAY, MAILED_AT, ZONE)


def window(day: date) -> tuple[datetime, datetime]:
    """From when to when (not included) a paper is submitted to be announced on the announcement day ``day``."""
    before = day - 2 * _DAY
    while not is_mailing(before):
        before -= _DAY
    return (
        datetime.combine(closes_on(before), CUT_OFF, ZONE),
        datetime.combine(closes_on(day - _DAY), CUT_OFF, ZONE),
    )


@lru_cache(maxsize=64)
def _deferred(year: int) -> frozenset[date]:
    known = {date(year, month, day) for month, day in _DEFERRED.get(year, ())}
    until = _KNOWN_UNTIL.get(year, date.min)
    return frozenset(known | {day for day in _presumed(year) if day > until})


def _presumed(year: int) -> set[date]:
    """The holidays that arXiv has kept every year; one on a Friday or Saturday moved the mailing of Sunday."""
    fixed = [date(year, 1, 1), date(year, 6, 19), date(year, 7, 4), date(year, 12, 25)]
    moved = {
        day + timedelta(days=_SUNDAY - day.weekday()) if day.weekday() in (_FRIDAY, _SATURDAY) else day
        for day in fixed
    }
    return moved | {_nth(year, 1, 0, 3), _nth(year, 9, 0, 1), _nth(year, 11, _THURSDAY, 4)}


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
