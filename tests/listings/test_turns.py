"""Two searches of a client at once, none longer than a second."""

import multiprocessing
import threading
import time
from pathlib import Path

import pytest

from broadsheet.listings import turns
from broadsheet.listings.turns import OutOfTurn, TooSlow, Turns


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Turns:
    monkeypatch.setattr(turns, "AIM", 0.05)
    monkeypatch.setattr(turns, "MOST_AT_FIRST", 30.0)
    return Turns(tmp_path / "turns")


class Held:
    """A search of ``client`` that runs until it is let go."""

    def __init__(self, two: Turns, client: str) -> None:
        self.go, self.began = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=two.run, args=(client, self.work))
        self.thread.start()
        assert self.began.wait(10)

    def work(self) -> None:
        self.began.set()
        self.go.wait(30)

    def end(self) -> None:
        self.go.set()
        self.thread.join(10)


def test_what_a_search_gives_and_raises_comes_through(two: Turns) -> None:
    assert two.run("192.0.2.7", lambda: 42) == 42
    with pytest.raises(TimeoutError, match="of its own"):
        two.run("192.0.2.7", _raise)


def _raise() -> None:
    raise TimeoutError("of its own")


def test_a_third_search_of_one_client_is_refused_and_another_client_is_not(two: Turns) -> None:
    running = [Held(two, "192.0.2.7"), Held(two, "192.0.2.7")]
    with pytest.raises(OutOfTurn, match="2 searches from your address"):
        two.run("192.0.2.7", lambda: 1)
    assert two.run("192.0.2.8", lambda: 1) == 1
    for one in running:
        one.end()
    assert two.run("192.0.2.7", lambda: 1) == 1


def test_the_third_waits_a_little_for_its_turn(two: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "AIM", 20.0)
    running = [Held(two, "192.0.2.7"), Held(two, "192.0.2.7")]
    threading.Timer(0.1, running[0].end).start()
    assert two.run("192.0.2.7", lambda: 1) == 1
    running[1].end()


def test_a_search_that_takes_too_long_is_left_and_keeps_its_turn_until_it_ends(
    two: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.run("192.0.2.7", lambda: 1)
    monkeypatch.setattr(turns, "MOST", 0.05)
    go, ended = threading.Event(), []
    for _ in range(2):
        with pytest.raises(TooSlow, match="takes too long"):
            two.run("192.0.2.7", lambda: ended.append(go.wait(30)))
    with pytest.raises(OutOfTurn):
        two.run("192.0.2.7", lambda: 1)
    go.set()
    monkeypatch.setattr(turns, "AIM", 20.0)
    monkeypatch.setattr(turns, "MOST", 20.0)
    assert two.run("192.0.2.7", lambda: 1) == 1
    assert ended


def test_the_first_search_of_a_process_may_take_longer(two: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MOST", 0.01)
    two.run("192.0.2.7", lambda: time.sleep(0.1))
    with pytest.raises(TooSlow):
        two.run("192.0.2.7", lambda: time.sleep(0.5))


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_turns_are_counted_over_all_processes_and_go_with_a_killed_one(two: Turns, tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    began = fork.Semaphore(0)

    def search() -> None:
        Turns(tmp_path / "turns").run("192.0.2.7", lambda: (began.release(), time.sleep(60)))

    others = [fork.Process(target=search, daemon=True) for _ in range(2)]
    for other in others:
        other.start()
        assert began.acquire(timeout=20)
    with pytest.raises(OutOfTurn):
        two.run("192.0.2.7", lambda: 1)
    for other in others:
        other.kill()
        other.join()
    assert two.run("192.0.2.7", lambda: 1) == 1
