"""Which spaces are kept and which one serves: chosen, followed by the index, given up, whenever it is killed."""

import pytest

from broadsheet.jobs import encode, spaces
from broadsheet.jobs.spaces import BadSpaceError
from broadsheet.listings.engine import current_engine
from broadsheet.search.choice import Choice
from broadsheet.search.generation import open_current
from tests.jobs import second_space
from tests.jobs.second_space import covered, filled
from tests.search.corpus import Second

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    second_space.prepare(settings, tmp_path, monkeypatch)


def test_the_space_that_serves_is_the_index_own_and_going_back_builds_nothing(monkeypatch):
    filled(5)
    spaces.serve_by("second")
    assert current_engine().search_engine.spaces.serving.name == "second"
    monkeypatch.setattr(Second, "encode", lambda *_: pytest.fail("encoded"))
    spaces.serve_by("hashed")
    assert current_engine().search_engine.spaces.serving.name == "hashed"
    assert Choice.load(spaces.vectors_root()).before == "second"
    assert covered() == {"hashed": 5, "second": 5}


def test_killed_between_choosing_and_following_the_index_follows_later():
    filled(3)
    with pytest.raises(KeyboardInterrupt):
        spaces.serve_by("second", step=_stop_at("before following"))
    assert open_current(spaces.index_root()).manifest.serves == "hashed"
    encode.encode()
    assert open_current(spaces.index_root()).manifest.serves == "second"


@pytest.mark.parametrize("step", ["before forgetting", "before following", "before swap", "before removing"])
def test_killed_while_dropping_the_next_drop_or_run_ends_it(step):
    filled(3)
    with pytest.raises(KeyboardInterrupt):
        spaces.drop("second", step=_stop_at(step))
    spaces.drop("second") if step == "before forgetting" else encode.encode()
    assert covered() == {"hashed": 3}
    assert not (spaces.vectors_root() / "second-2-128").exists()


def test_what_was_chosen_is_read_from_the_index_where_its_file_is_damaged():
    filled(3)
    spaces.serve_by("second")
    file = spaces.vectors_root() / "spaces.json"
    file.write_bytes(file.read_bytes().replace(b"second", b"secund"))
    choice = spaces.chosen()
    assert (choice.serves, [one.name for one in choice.kept]) == ("second", ["second"])


def test_the_base_and_the_space_that_serves_cannot_be_dropped():
    filled(3)
    spaces.serve_by("second")
    with pytest.raises(BadSpaceError, match="second serves"):
        spaces.drop("second")
    with pytest.raises(BadSpaceError, match="encoder of the base"):
        spaces.drop("hashed")
    with pytest.raises(BadSpaceError, match="there is no space third"):
        spaces.drop("third")


def test_what_cannot_be_added_is_refused_with_the_reason(monkeypatch):
    with pytest.raises(BadSpaceError, match="no encoder is called 'nonsense'"):
        spaces.add("nonsense")
    with pytest.raises(BadSpaceError, match="covers every paper already"):
        spaces.add("hashed")


def _stop_at(step: str):
    def reached(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    return reached
