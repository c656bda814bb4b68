"""A server's readers neither open the index nor wait for it."""

import threading
import time
from pathlib import Path

import pytest

from broadsheet.listings import engine
from broadsheet.listings.engine import NoIndex
from broadsheet.search import writer
from broadsheet.search.encoders.hashed import Hashed
from tests.search.corpus import PAPERS, RIVERS


@pytest.fixture
def root(tmp_path: Path, settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path / "index"


def _until(holds, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_a_new_generation_is_opened_though_nobody_asks(root):
    writer.rebuild(root, PAPERS, Hashed())
    engine.keep_open()
    assert engine.current_engine().generation == 1
    writer.update(root, Hashed(), deletes=[RIVERS.paper], seq=1)
    assert _until(lambda: engine.current_engine().generation == 2)


def test_readers_go_on_with_the_old_index_while_the_new_one_is_opened(root, monkeypatch):
    writer.rebuild(root, PAPERS, Hashed())
    engine.keep_open()
    assert engine.current_engine().generation == 1
    opening, may_open = threading.Event(), threading.Event()
    open_really = engine.open_current

    def slowly(*arguments):
        opening.set()
        may_open.wait(20)
        return open_really(*arguments)

    monkeypatch.setattr(engine, "open_current", slowly)
    writer.update(root, Hashed(), deletes=[RIVERS.paper], seq=1)
    assert opening.wait(20)
    assert engine.current_engine().generation == 1
    may_open.set()
    assert _until(lambda: engine.current_engine().generation == 2)


def test_while_the_first_index_is_opened_readers_are_answered_without_one(root, monkeypatch):
    monkeypatch.setattr(engine, "_PATIENCE", 0.05)
    may_open = threading.Event()
    open_really = engine.open_current
    monkeypatch.setattr(engine, "open_current", lambda *some: may_open.wait(20) and open_really(*some))
    writer.rebuild(root, PAPERS, Hashed())
    engine.keep_open()
    with pytest.raises(NoIndex, match="being opened"):
        engine.current_engine()
    may_open.set()
    assert _until(lambda: engine._holder()._engine is not None)
    assert engine.current_engine().documents == 3
