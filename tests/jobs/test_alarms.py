"""Alarms: when they ring, and that the operator hears of each exactly twice: when it begins and when it is over."""

import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Sink
from django.conf import LazySettings

from broadsheet.catalog.models import Alarm, Coverage, Order, Route
from broadsheet.jobs import alarms

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 17, 17, tzinfo=UTC)
TODAY = date(2026, 11, 17)


class Box(Sink):
    """A relay that keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.letters.append(message)


@pytest.fixture
def order() -> Order:
    Route.objects.create(place="arxiv", route="oai", scope="cs.CL", succeeded_at=NOW)
    return Order.objects.create(place="arxiv", topics=["cs.CL"], since=date(2026, 11, 16))


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mailed(settings: LazySettings, free_port: int) -> LazySettings:
    """The options ``operator`` and ``smtp``, for a relay on this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", free_port, False
    settings.OPTIONS = with_options(
        settings.OPTIONS, operator="keeper@example.org", smtp=f"smtp://127.0.0.1:{free_port}"
    )
    return settings


def with_options(held: Any, **others: str) -> Any:
    return {**{name: held[name] for name in ("site_name", "operator", "smtp")}, **others}


@pytest.fixture
def box(mailed: LazySettings) -> Iterator[Box]:
    box = Box()
    relay = Controller(box, hostname="127.0.0.1", port=mailed.EMAIL_PORT)
    relay.start()
    yield box
    relay.stop()


def late(day: date = TODAY, topic: str = "cs.CL") -> None:
    Coverage.objects.create(place="arxiv", topic=topic, day=day, state="late")


def test_the_operator_gets_one_letter_when_it_begins_and_one_when_it_is_over(order: Order, box: Box) -> None:
    late()
    for _ in range(3):
        alarms.sound(NOW)
    (began,) = box.letters
    assert began["To"] == "keeper@example.org"
    assert "nothing has been announced for 2026-11-17" in " ".join(began["Subject"].split())
    assert "arxiv cs.CL: nothing has been announced for 2026-11-17, which was due" in began.get_payload()
    assert began["Auto-Submitted"] == "auto-generated"

    Coverage.objects.update(state="complete")
    for _ in range(3):
        alarms.sound(NOW)
    _, over = box.letters
    assert "over: arxiv cs.CL" in over.get_payload()


def test_ten_topics_that_are_late_at_once_are_one_letter(order: Order, box: Box) -> None:
    for number in range(10):
        late(topic=f"cs.{number}")
    alarms.sound(NOW)
    (letter,) = box.letters
    assert letter.get_payload().count("which was due") == 10


def test_a_relay_that_is_down_is_logged_and_stops_nothing(
    order: Order, mailed: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    late()
    assert len(alarms.sound(NOW)) == 1
    assert "the operator cannot be told by mail" in caplog.text
    assert "option smtp" in caplog.text
    assert Alarm.objects.count() == 1


def test_without_an_operator_nothing_is_sent(order: Order, box: Box, settings: LazySettings) -> None:
    settings.OPTIONS = with_options(settings.OPTIONS, operator="")
    late()
    assert len(alarms.sound(NOW)) == 1
    assert not box.letters


def test_what_a_place_says_cannot_write_the_letters_headers(order: Order, box: Box) -> None:
    Order.objects.update(given_at=NOW - timedelta(days=9))
    Route.objects.update(
        succeeded_at=NOW - timedelta(days=5), failed_at=NOW, failure="it said\r\nBcc: all@example.org\r\n\r\nhello"
    )
    alarms.sound(NOW)
    (letter,) = box.letters
    assert letter["Bcc"] is None
    assert letter["To"] == "keeper@example.org"


def rings_after(last: datetime, now: datetime) -> bool:
    """Whether silence since ``last`` rings at ``now``."""
    Route.objects.update(succeeded_at=last)
    return any(one.name == "arxiv" for one in alarms.ringing(now))


NIGHTS = SimpleNamespace(
    thursday=datetime(2026, 11, 19, 5, tzinfo=UTC),
    friday=datetime(2026, 11, 20, 5, tzinfo=UTC),
    monday=datetime(2026, 11, 23, 5, tzinfo=UTC),
)


def test_h15_silence_of_thirty_hours_rings_on_working_days(order: Order) -> None:
    """H15: no success for 30 h from Sunday to Thursday."""
    assert not rings_after(NIGHTS.thursday, NIGHTS.thursday + timedelta(hours=29))
    assert rings_after(NIGHTS.thursday, NIGHTS.thursday + timedelta(hours=31))


def test_h15_silence_over_a_weekend_rings_on_monday_only(order: Order) -> None:
    """H15: after the listing of Friday nothing is due till Monday morning."""
    assert not rings_after(NIGHTS.friday, NIGHTS.friday + timedelta(hours=66))
    assert rings_after(NIGHTS.friday, NIGHTS.monday + timedelta(hours=13))


@pytest.mark.parametrize("evening", [date(2026, 1, 1), date(2026, 1, 19), date(2026, 6, 21), date(2026, 7, 5)])
def test_h15_a_holiday_of_arxivs_list_is_no_alarm(order: Order, evening: date) -> None:
    """H15: the morning after an evening without a mailing has no listing, and nobody is told of it."""
    last = datetime(evening.year, evening.month, evening.day, 6, tzinfo=UTC)
    assert not rings_after(last, last + timedelta(hours=36))
