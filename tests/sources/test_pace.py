"""Never too fast, over all processes, whatever happens to them and to the clocks."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.sources.arxiv.home import ARXIV
from broadsheet.sources.pace import Budget, MachineClock, Pace, TooEarly
from tests.sources.arxiv_server import Server
from tests.sources.arxiv_truth import World
from tests.sources.harvesting import ToldClock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ARXIVS = Budget("arxiv", 3.0)


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock(NOON)


def ask(folder: Path, clock: ToldClock, lasting: float = 0.0, hold_off: float = 0.0) -> None:
    with Pace(folder, ARXIVS, clock).turn() as turn:
        clock.pass_by(lasting)
        turn.hold_off(hold_off)


def state(folder: Path) -> dict[str, object]:
    read: dict[str, object] = json.loads((folder / "arxiv.json").read_bytes())
    return read


def test_arxiv_is_asked_every_three_seconds_at_the_most() -> None:
    assert ARXIV.budget == ARXIVS


def test_the_first_request_ever_waits_for_nothing(tmp_path: Path, clock: ToldClock) -> None:
    ask(tmp_path, clock)
    assert clock.slept == []


def test_the_gap_counts_from_the_end_of_the_request_before(tmp_path: Path, clock: ToldClock) -> None:
    ask(tmp_path, clock, lasting=7.0)
    ask(tmp_path, clock)
    assert clock.slept == [3.0]


def test_time_that_has_passed_is_not_waited_again(tmp_path: Path, clock: ToldClock) -> None:
    ask(tmp_path, clock)
    clock.pass_by(2.0)
    ask(tmp_path, clock)
    assert clock.slept == [pytest.approx(1.0)]


def test_two_budgets_do_not_wait_for_each_other(tmp_path: Path, clock: ToldClock) -> None:
    ask(tmp_path, clock)
    with Pace(tmp_path, Budget("openreview", 3.0), clock).turn():
        pass
    assert clock.slept == []


@pytest.mark.parametrize("jump", [-7_200.0, 172_800.0])
def test_a_jump_of_the_time_of_day_changes_nothing(tmp_path: Path, clock: ToldClock, jump: float) -> None:
    ask(tmp_path, clock)
    clock.at = datetime.fromtimestamp(clock.wall() + jump, UTC)
    ask(tmp_path, clock)
    assert clock.slept == [3.0]


def test_after_a_restart_of_the_machine_the_whole_gap_is_waited_once(tmp_path: Path, clock: ToldClock) -> None:
    ask(tmp_path, clock)
    later = ToldClock(NOON, started="two")
    ask(tmp_path, later)
    assert later.slept == [3.0]


def test_a_process_that_was_killed_while_asking_costs_the_whole_gap(tmp_path: Path, clock: ToldClock) -> None:
    ask(tmp_path, clock)
    before = state(tmp_path)
    (tmp_path / "arxiv.json").write_text(json.dumps(before | {"asking": True}))
    clock.pass_by(60.0)
    ask(tmp_path, clock)
    assert clock.slept == [3.0]


def test_a_damaged_state_costs_the_whole_gap(tmp_path: Path, clock: ToldClock) -> None:
    (tmp_path / "arxiv.json").write_bytes(b'{"started": "one", "at"')
    ask(tmp_path, clock)
    assert clock.slept == [3.0]


def test_that_one_asks_is_on_disk_before_it_asks(tmp_path: Path, clock: ToldClock) -> None:
    with Pace(tmp_path, ARXIVS, clock).turn():
        assert state(tmp_path)["asking"] is True
    assert state(tmp_path)["asking"] is False


def test_to_be_left_alone_counts_for_all_processes(tmp_path: Path, clock: ToldClock) -> None:
    ask(tmp_path, clock, hold_off=120.0)
    ask(tmp_path, clock)
    assert clock.slept == [120.0]


def test_to_be_left_alone_for_long_is_not_slept_away(tmp_path: Path, clock: ToldClock) -> None:
    ask(tmp_path, clock, hold_off=86_400.0)
    with pytest.raises(TooEarly) as early, Pace(tmp_path, ARXIVS, clock).turn():
        pytest.fail("asked")
    assert early.value.seconds == 86_400.0
    assert clock.slept == []


def test_to_be_left_alone_outlasts_a_restart_of_the_machine(tmp_path: Path, clock: ToldClock) -> None:
    ask(tmp_path, clock, hold_off=600.0)
    clock.pass_by(100.0)
    restarted = ToldClock(clock.at, started="two")
    ask(tmp_path, restarted)
    assert restarted.slept == [pytest.approx(500.0)]


def test_a_clock_set_back_years_after_a_restart_does_not_wait_years(tmp_path: Path, clock: ToldClock) -> None:
    ask(tmp_path, clock, hold_off=600.0)
    wrong = ToldClock(datetime(2001, 1, 1, tzinfo=UTC), started="two")
    ask(tmp_path, wrong)
    assert wrong.slept == [600.0]


def test_a_folder_that_cannot_be_written_lets_nobody_ask(tmp_path: Path, clock: ToldClock) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError), Pace(tmp_path / "file", ARXIVS, clock).turn():
        pytest.fail("asked")


def test_two_threads_take_turns(tmp_path: Path) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(5):
            with Pace(tmp_path, Budget("arxiv", 0.001), MachineClock()).turn():
                inside += 1
                most = max(most, inside)
                time.sleep(0.002)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == 1


ASKING = """
import sys
from pathlib import Path
from broadsheet.sources.http import Client
from broadsheet.sources.pace import Budget
for _ in range(int(sys.argv[3])):
    Client(Path(sys.argv[1]), private=True).get(sys.argv[2], source="test", budget=Budget("arxiv", float(sys.argv[4])))
"""


def asking(folder: Path, server: Server, times: int, gap: float) -> subprocess.Popen[bytes]:
    arguments = [str(folder), server.bases["feed"] + "/cs.CL", str(times), str(gap)]
    return subprocess.Popen([sys.executable, "-c", ASKING, *arguments])


def test_four_processes_keep_the_gap_between_them_and_one_connection(tmp_path: Path) -> None:
    """H01: the pace holds over processes, and there is one connection at a time."""
    with Server(World(1)) as arxiv:
        running = [asking(tmp_path, arxiv, 4, 0.2) for _ in range(4)]
        assert [one.wait(timeout=60) for one in running] == [0, 0, 0, 0]
        assert len(arxiv.log) == 16
        assert min(arxiv.gaps) >= 0.2
        assert arxiv.most_at_once == 1


def test_processes_that_are_killed_leave_the_gap_to_those_that_follow(tmp_path: Path) -> None:
    with Server(World(1)) as arxiv:
        for _ in range(4):
            killed = asking(tmp_path, arxiv, 50, 0.2)
            begun, before = time.monotonic(), len(arxiv.log)
            while len(arxiv.log) < before + 2 and time.monotonic() < begun + 30:
                time.sleep(0.001)
            os.kill(killed.pid, signal.SIGKILL)
            killed.wait()
        assert asking(tmp_path, arxiv, 2, 0.2).wait(timeout=60) == 0
        assert len(arxiv.log) >= 10
        assert min(arxiv.gaps) >= 0.2


def test_three_seconds_are_three_seconds(tmp_path: Path) -> None:
    with Server(World(1)) as arxiv:
        running = [asking(tmp_path, arxiv, 1, 3.0) for _ in range(2)]
        assert [one.wait(timeout=60) for one in running] == [0, 0]
        assert arxiv.gaps[0] >= 3.0
