"""`broadsheet harvest`, `sources`, `coverage`, `jobs` and `work`, against a small arXiv on this machine."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.jobs.worlds import held
from tests.sources.arxiv_faults import Answer
from tests.sources.arxiv_server import Saying, Server
from tests.sources.arxiv_truth import DAY, NEW_YORK, World

TOPICS = "cs.LG,cs.CL"


def up_to_now(seed: int) -> World:
    """A world whose last announcement day is today, or the last before: its mails have been out for some hours."""
    world = World(seed)
    now = datetime.now(UTC)
    today = (now.astimezone(NEW_YORK) - timedelta(hours=2)).date()
    world.live_through(today - 20 * DAY, today, most=4)
    world.now = now
    return world


def on(data: Path, arxiv: Server, **options: str) -> Command:
    """The command on ``data``, which knows no arXiv but this one."""
    addresses = ",".join(f"arxiv.{route}={address}" for route, address in arxiv.bases.items())
    data.mkdir(exist_ok=True)
    return Command(data).with_options(source_addresses=addresses, private_sources="true", **options)


@pytest.fixture(scope="module")
def arxiv() -> Iterator[Server]:
    with Server(up_to_now(5), page=200) as server:
        yield server


@pytest.fixture(scope="module")
def harvested(arxiv: Server, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A folder into which a week was harvested; tests only read it."""
    command = on(tmp_path_factory.mktemp("harvested") / "data", arxiv)
    command("harvest", "arxiv", "--topics", TOPICS, "--since", "7d")
    return command


@pytest.fixture
def fresh(arxiv: Server, tmp_path: Path) -> Command:
    return on(tmp_path / "data", arxiv)


def of_week(world: World) -> dict[str, date]:
    """The day of each paper announced under the topics within the last week."""
    first = datetime.now(UTC).date() - 7 * DAY
    return {
        one.key: one.announced
        for one in world.public()
        if one.announced and one.announced >= first and set(one.topics) & set(TOPICS.split(","))
    }


def test_a_week_of_two_topics_is_there_each_paper_on_its_day(harvested: Command, arxiv: Server) -> None:
    found, wanted = held(harvested.data), of_week(arxiv.world)
    assert wanted
    for key, day in wanted.items():
        opened, closed = arxiv.world.window(day - DAY)
        # On which day a paper was listed that a moderator held back, only the listing of that day tells.
        if opened <= arxiv.world.papers[key].versions[0] < closed:
            assert [one for one, _ in found[key].days] == [day]
        assert key in found


def test_requests_name_the_program_and_are_three_seconds_apart(harvested: Command, arxiv: Server) -> None:
    """H02: the agent names product and contact, and nothing but metadata is asked for."""
    assert arxiv.log
    assert all(one.headers["User-Agent"].startswith("Broadsheet/") for one in arxiv.log)
    assert {one.path.split("/")[1] for one in arxiv.log} <= {"oai", "rss", "api"}
    assert min(arxiv.gaps, default=3.0) >= 3.0


def test_coverage_says_that_all_is_held_and_ends_with_0(harvested: Command) -> None:
    done = harvested("coverage")
    assert "arxiv cs.CL: " in done.out
    assert "missing" not in done.out
    assert harvested("coverage", "arxiv", "--topic", "cs.LG", "--json").json["coverage"]["rows"]


def test_sources_lists_what_is_ordered_and_how_each_route_is(harvested: Command) -> None:
    done = harvested("sources")
    assert "ordered: cs.CL cs.LG" in done.out
    assert "arxiv.oai (changes): read to its end at " in done.out
    (arxiv,) = [one for one in harvested("sources", "--json").json["sources"] if one["name"] == "arxiv"]
    assert arxiv["seconds_between_requests"] == 3.0


def test_jobs_lists_the_runs_with_what_they_counted(harvested: Command) -> None:
    runs = harvested("jobs", "--json").json["runs"]
    assert {one["target"].split(" ")[2] for one in runs if one["job"] == "harvest"} >= {"oai", "feed"}
    assert all(one["state"] == "done" for one in runs)


def test_without_an_order_each_command_says_how_to_begin(fresh: Command) -> None:
    assert "broadsheet harvest arxiv --topics" in fresh("harvest", code=1).err
    assert "broadsheet harvest arxiv --topics" in fresh("coverage", code=1).err
    assert "`broadsheet sources` shows what is" in fresh("sources", "stop", "arxiv", code=1).err
    assert "not ordered" in fresh("sources").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("harvest", "arxvi"), "'arxvi' is no source: there is arxiv"),
        (("harvest", "arxiv", "--topics", "cs.LG,fishing"), "'fishing' is no topic of arXiv: write one like cs.CL"),
        (("harvest", "arxiv", "--topics", "cs.LG,fishing", "--dry-run"), "'fishing' is no topic of arXiv"),
        (
            ("harvest", "arxiv", "--topics", "cs.LG", "--route", "pigeon"),
            "'pigeon' is no route to arxiv: there is oai",
        ),
        (("harvest", "arxiv", "--since", "yesterday"), "yesterday"),
        (("coverage", "arxvi"), "'arxvi' is no source: there is arxiv"),
        (("sources", "reset", "arxiv.pigeon"), "'arxiv.pigeon' is no route: there is arxiv.oai"),
    ],
)
def test_what_is_not_known_is_named_with_what_there_is(fresh: Command, words: tuple[str, ...], said: str) -> None:
    assert said in fresh(*words, code=2).err


def test_what_is_not_known_is_not_ordered(fresh: Command) -> None:
    fresh("harvest", "arxiv", "--topics", "cs.LG,fishing", code=2)
    assert all(one["ordered"] is None for one in fresh("sources", "--json").json["sources"])


def test_a_dry_run_asks_nothing_and_orders_nothing(tmp_path: Path) -> None:
    with Server(up_to_now(6)) as arxiv:
        command = on(tmp_path / "data", arxiv)
        done = command("harvest", "arxiv", "--topics", TOPICS, "--since", "7d", "--dry-run")
        assert "arxiv by oai: changes of cs.CL cs.LG since" in done.out
        assert not arxiv.log
        assert "not ordered" in command("sources").out


def test_a_source_that_refuses_is_left_alone_until_a_person_has_looked(tmp_path: Path) -> None:
    """H03: 403 is no fault to try again after; the message names the command that ends the rest."""
    with Saying(Answer(b"no", "text/plain", 403)) as arxiv:
        command = on(tmp_path / "data", arxiv)
        words = ("harvest", "arxiv", "--topics", "cs.LG", "--since", "7d", "--route", "feed")
        assert "`broadsheet sources reset arxiv.feed`" in command(*words, code=3).err
        assert len(arxiv.log) == 1
        assert "until a person has looked" in command("harvest", "--route", "feed", code=3).err
        assert len(arxiv.log) == 1
        assert "`broadsheet sources reset arxiv.feed`" in command("sources").out

        command("sources", "reset", "arxiv.feed")
        command("harvest", "--route", "feed", code=3)
        assert len(arxiv.log) == 2


def test_topics_are_added_to_an_order_and_naming_none_keeps_it(tmp_path: Path) -> None:
    with Server(up_to_now(6), page=500) as arxiv:
        command = on(tmp_path / "data", arxiv)
        command("harvest", "arxiv", "--topics", "cs.LG", "--route", "feed")
        command("harvest", "arxiv", "--route", "feed")
        assert "ordered: cs.LG\n" in command("sources").out
        command("harvest", "arxiv", "--topics", "hep-th", "--route", "feed")
        assert "ordered: cs.LG hep-th" in command("sources").out


def test_three_processes_at_once_never_ask_twice_within_three_seconds(tmp_path: Path) -> None:
    """H01: a worker, a worker for once and a manual run share one pace and one connection."""
    with Server(up_to_now(8), page=3) as arxiv:
        command = on(tmp_path / "data", arxiv)
        command("harvest", "arxiv", "--topics", TOPICS, "--since", "7d", "--route", "feed")
        running = [command.start(*words) for words in (("harvest",), ("work", "--once"), ("work",))]
        until = time.monotonic() + 60
        while len(arxiv.log) < 9 and time.monotonic() < until:
            time.sleep(0.1)
        for one in running:
            one.terminate()
        for one in running:
            one.communicate(timeout=60)
        assert len(arxiv.log) >= 8
        assert min(arxiv.gaps) >= 3.0
        assert arxiv.most_at_once == 1
