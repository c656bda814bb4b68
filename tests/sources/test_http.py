"""The one polite client against a real server, one fault at a time."""

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from broadsheet import __version__
from broadsheet.sources import allowance
from broadsheet.sources.failures import BadReply, Missing, Refused, Unreachable
from broadsheet.sources.http import Client, Reply
from broadsheet.sources.pace import Budget
from broadsheet.sources.wire import Limits
from tests.sources.arxiv_faults import FAULTS, SLOW, Answer, Plan
from tests.sources.arxiv_server import Saying, Server
from tests.sources.arxiv_truth import World
from tests.sources.harvesting import HASTY, QUICK, ToldClock, client

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BUDGET = Budget("arxiv", 3.0)
MINUTES = 60.0
FEED = Answer(b"<rss/>")


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock(NOON)


@pytest.fixture(autouse=True, scope="module")
def bomb() -> None:
    """Built before the clock runs."""
    FAULTS["gzip bomb"](FEED, NOON)


def get(arxiv: Server, folder: Path, clock: ToldClock, asking: Client | None = None) -> Reply:
    asking = asking or client(folder, clock)
    return asking.get(f"{arxiv.home}/rss/cs.CL", source="arxiv", budget=BUDGET)


# Every fault that passes, and how the client takes it: tried again, until the fault is over.
PASSING = sorted(set(FAULTS) - {"a redirect elsewhere", "a redirect to itself"})
# What only reading the XML can tell: the client hands these on, and the parsers refuse them.
FOR_THE_PARSER = {
    "200 with HTML called XML",
    "200 with other XML",
    "XML cut in the middle",
    "XML cut before its last tag",
    "more bytes than announced",
    "a billion laughs",
    "a quadratic blow-up",
    "an entity of a file",
    "a DTD from elsewhere",
    "a hundred thousand levels",
    "invalid UTF-8",
    "a NUL",
    "UTF-7",
}


@pytest.mark.parametrize("fault", sorted(set(PASSING) - FOR_THE_PARSER))
def test_a_fault_that_passes_costs_one_more_request(fault: str, tmp_path: Path, clock: ToldClock) -> None:
    asking = client(tmp_path, clock, limits=HASTY if fault in SLOW else QUICK)
    with Server(World(1), Plan(script=[fault])) as arxiv:
        assert get(arxiv, tmp_path, clock, asking).body.startswith(b"<?xml")
        assert len(arxiv.log) == 2 or (fault in SLOW and len(arxiv.log) > 2)
        assert sum(clock.slept) >= 2.5


@pytest.mark.parametrize("fault", sorted(FOR_THE_PARSER))
def test_what_only_the_parser_can_tell_is_handed_on(fault: str, tmp_path: Path, clock: ToldClock) -> None:
    with Server(World(1), Plan(script=[fault])) as arxiv:
        get(arxiv, tmp_path, clock)
        assert len(arxiv.log) == 1


def test_every_request_says_who_asks_and_how_to_reach_them(tmp_path: Path, clock: ToldClock) -> None:
    """H02: product, version and contact."""
    with Server(World(1)) as arxiv:
        asking = Client(tmp_path, contact="mailto:ada@example.org", private=True, limits=QUICK, clock=clock)
        get(arxiv, tmp_path, clock, asking)
        assert (
            arxiv.log[0].headers["User-Agent"] == f"Broadsheet/{__version__} (daily papers; mailto:ada@example.org)"
        )
        assert arxiv.log[0].headers["Host"] == arxiv.home.removeprefix("http://")


def test_what_is_unchanged_is_not_sent_again(tmp_path: Path, clock: ToldClock) -> None:
    with Server(World(1)) as arxiv:
        asking = client(tmp_path, clock)
        first = get(arxiv, tmp_path, clock, asking)
        second = asking.get(f"{arxiv.home}/rss/cs.CL", source="arxiv", budget=BUDGET, etag=first.etag)
        assert (first.unchanged, second.unchanged, second.body) == (False, True, b"")


@pytest.mark.parametrize(
    ("ahead", "told"), [(timedelta(hours=-3), timedelta(hours=-3)), (timedelta(hours=3), timedelta())]
)
def test_the_time_of_a_reply_is_theirs_and_never_later_than_ours(
    ahead: timedelta, told: timedelta, tmp_path: Path, clock: ToldClock
) -> None:
    """H05: a clock that is ahead skips no day, on whatever route."""
    world = World(1)
    world.now = clock.at + ahead
    with Server(world) as arxiv:
        assert get(arxiv, tmp_path, clock).at == clock.at + told


def test_a_date_of_change_is_told_back(tmp_path: Path, clock: ToldClock) -> None:
    with Saying(Answer(b"<a/>", headers=(("Last-Modified", "Sun, 22 Nov 2026 05:00:00 GMT"),))) as arxiv:
        asking = client(tmp_path, clock)
        first = get(arxiv, tmp_path, clock, asking)
        asking.get(f"{arxiv.home}/rss/cs.CL", source="arxiv", budget=BUDGET, modified=first.modified)
        assert arxiv.log[1].headers["If-Modified-Since"] == "Sun, 22 Nov 2026 05:00:00 GMT"


def test_a_packed_body_is_unpacked(tmp_path: Path, clock: ToldClock) -> None:
    with Saying(Answer(gzip.compress(b"<rss>x</rss>"), headers=(("Content-Encoding", "gzip"),))) as arxiv:
        assert get(arxiv, tmp_path, clock).body == b"<rss>x</rss>"


def test_retry_after_in_seconds_is_obeyed(tmp_path: Path, clock: ToldClock) -> None:
    """H03: as seconds."""
    with Saying(Answer(b"", "text/plain", 503, (("Retry-After", "300"),)), FEED) as arxiv:
        get(arxiv, tmp_path, clock)
        assert clock.slept == [300.0]


def test_retry_after_as_a_date_counts_from_the_servers_own_clock(tmp_path: Path, clock: ToldClock) -> None:
    """H03: as a date."""
    theirs = NOON + timedelta(days=2)
    headers = (
        ("Date", format_datetime(theirs, usegmt=True)),
        ("Retry-After", format_datetime(theirs + timedelta(seconds=240), usegmt=True)),
    )
    later = allowance.retry_after({name.lower(): value for name, value in headers}, NOON.timestamp())
    assert later == 240.0


def test_retry_after_in_the_past_is_no_wait_of_days(tmp_path: Path) -> None:
    past = format_datetime(NOON - timedelta(days=9), usegmt=True)
    assert allowance.retry_after({"retry-after": past}, NOON.timestamp()) == 0.0


def test_retry_after_of_a_day_ends_the_run_and_holds_for_the_next(tmp_path: Path, clock: ToldClock) -> None:
    with Saying(Answer(b"", "text/plain", 429, (("Retry-After", "86400"),)), FEED) as arxiv:
        with pytest.raises(Unreachable) as first:
            get(arxiv, tmp_path, clock)
        assert first.value.after == 86_400.0
        with pytest.raises(Unreachable):
            get(arxiv, tmp_path, clock)
        assert len(arxiv.log) == 1
        clock.pass_by(86_401.0)
        get(arxiv, tmp_path, clock)


def test_it_gives_up_after_six_tries_with_growing_pauses(tmp_path: Path, clock: ToldClock) -> None:
    """H03: six tries, then the next run."""
    with Saying(Answer(b"", status=500)) as arxiv, pytest.raises(Unreachable, match="answers 500"):
        get(arxiv, tmp_path, clock)
    assert len(arxiv.log) == 6
    assert all(later > before * 1.4 for before, later in zip(clock.slept, clock.slept[1:], strict=False))
    assert max(clock.slept) <= 30 * MINUTES


def test_pauses_differ_from_one_installation_to_another(tmp_path: Path) -> None:
    slept = []
    for seed in (1, 2):
        with Saying(Answer(b"", status=500), FEED) as arxiv:
            clock = ToldClock(NOON)
            get(arxiv, tmp_path / str(seed), clock, client(tmp_path / str(seed), clock, seed=seed))
            slept += clock.slept
    assert slept[0] != slept[1]


@pytest.mark.parametrize("status", [401, 403, 418])
def test_a_refusal_is_for_a_person(status: int, tmp_path: Path, clock: ToldClock) -> None:
    """H03: 403 and what is not known stop the route."""
    with Saying(Answer(b"no", "text/plain", status), FEED) as arxiv:
        with pytest.raises(Refused, match=f"answers {status}"):
            get(arxiv, tmp_path, clock)
        clock.pass_by(30 * 86_400.0)
        with pytest.raises(Refused, match="until a person has looked"):
            get(arxiv, tmp_path, clock)
        assert len(arxiv.log) == 1
        client(tmp_path, clock).breaker("arxiv").reset()
        get(arxiv, tmp_path, clock)


@pytest.mark.parametrize("status", [400, 404, 410])
def test_what_is_not_there_is_no_reason_to_leave_the_source_alone(
    status: int, tmp_path: Path, clock: ToldClock
) -> None:
    with Saying(Answer(b"no", "text/plain", status), FEED) as arxiv:
        with pytest.raises(Missing):
            get(arxiv, tmp_path, clock)
        get(arxiv, tmp_path, clock)


def test_failures_in_a_row_let_the_source_rest(tmp_path: Path, clock: ToldClock) -> None:
    with Saying(Answer(b"", status=500)) as arxiv:
        for _ in range(3):
            with pytest.raises(Unreachable):
                get(arxiv, tmp_path, clock)
        with pytest.raises(Unreachable, match="Left alone after 3 failures"):
            get(arxiv, tmp_path, clock)
        assert len(arxiv.log) == 18
        clock.pass_by(5 * MINUTES + 1)
        arxiv.answers = [FEED]
        get(arxiv, tmp_path, clock)
        assert client(tmp_path, clock).breaker("arxiv").health().failures == 0


def test_another_source_is_not_held_up_by_one_that_rests(tmp_path: Path, clock: ToldClock) -> None:
    """H14: a breaker of its own for each source."""
    with Saying(Answer(b"no", "text/plain", 403), FEED) as arxiv:
        with pytest.raises(Refused):
            get(arxiv, tmp_path, clock)
        client(tmp_path, clock).get(f"{arxiv.home}/x", source="another", budget=BUDGET)


def test_the_time_for_one_request_is_limited_in_all(tmp_path: Path, clock: ToldClock) -> None:
    """H13: time."""
    quick = Limits(connect=1.0, silence=5.0, whole=0.3)
    with Server(World(1), Plan(script=["a byte at a time"] * 6)) as arxiv:
        with pytest.raises(Unreachable, match=r"no whole answer within 0\.3 seconds in all"):
            get(arxiv, tmp_path, clock, client(tmp_path, clock, limits=quick))
        assert max(arxiv.gaps) < 5


def test_a_body_larger_than_allowed_is_not_read_on(tmp_path: Path, clock: ToldClock) -> None:
    """H13: size."""
    small = Limits(connect=1.0, silence=1.0, whole=5.0, packed=1 << 20, body=1 << 20)
    with (
        Saying(Answer(b"<a>" + b"x" * (2 << 20))) as arxiv,
        pytest.raises(BadReply, match="a body of more than 1 MB"),
    ):
        get(arxiv, tmp_path, clock, client(tmp_path, clock, limits=small))


def test_the_server_does_not_choose_what_breaks_the_state_of_a_source(tmp_path: Path, clock: ToldClock) -> None:
    (tmp_path / "arxiv.health.json").write_bytes(b'{"failures": "many", "x": 1}')
    with Server(World(1)) as arxiv:
        get(arxiv, tmp_path, clock)
