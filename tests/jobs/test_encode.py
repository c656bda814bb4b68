"""Spaces beside the base are filled newest first, piece by piece, whatever comes between."""

from datetime import date, timedelta

import pytest

from broadsheet.catalog.models import Outbox, Paper
from broadsheet.jobs import encode, index, spaces
from broadsheet.jobs.encode import CannotEncodeError
from broadsheet.jobs.spaces import BadSpaceError
from broadsheet.listings.engine import current_engine
from broadsheet.search import encoders
from broadsheet.search.choice import Choice
from broadsheet.search.generation import open_current
from broadsheet.search.kept import LOG, KeptVectors
from broadsheet.search.living import newest_first
from tests.search.corpus import Second

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setitem(settings.OPTIONS.values, "encoder", "hashed")
    monkeypatch.setitem(encoders.ENCODERS, "second", "tests.search.corpus:Second")
    return tmp_path


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The titles that the second encoder reads, in order."""
    titles: list[str] = []
    encode_texts = Second.encode

    def noting(self, texts):
        if len(texts) != 1 or "\n" in texts[0]:
            titles.extend(text.partition("\n")[0] for text in texts)
        return encode_texts(self, texts)

    monkeypatch.setattr(Second, "encode", noting)
    return titles


def papers(first: int, count: int) -> None:
    """So many papers, each a day after the one before."""
    for number in range(first, first + count):
        made = Paper.objects.create(
            key=f"k{number}",
            title=f"Umbrella {number}",
            abstract=f"It folds in {number} ways.",
            published=FIRST + timedelta(days=number),
        )
        Outbox.objects.create(paper=made.id)


def covered() -> dict[str, int]:
    return {space.name: space.covered for space in open_current(spaces.index_root()).manifest.spaces}


def test_the_newest_papers_are_encoded_first(read):
    papers(1, 6)
    index.update()
    spaces.add("second")
    assert encode.encode(limit=4).missing == {"second": 2}
    assert set(read) == {"Umbrella 6", "Umbrella 5", "Umbrella 4", "Umbrella 3"}
    assert covered() == {"hashed": 6, "second": 4}


def test_a_later_run_goes_on_where_the_first_stopped(read):
    papers(1, 6)
    index.update()
    spaces.add("second")
    encode.encode(limit=4)
    done = encode.encode()
    assert (done.made, done.missing) == ({"second": 2}, {"second": 0})
    assert len(read) == 6
    assert encode.encode().made == {"second": 0}


def test_new_and_changed_papers_are_written_to_every_space_until_it_is_dropped(read):
    papers(1, 3)
    index.update()
    spaces.add("second")
    encode.encode()
    papers(4, 1)
    Paper.objects.filter(key="k2").update(abstract="It no longer folds.")
    Outbox.objects.create(paper=Paper.objects.get(key="k2").id)
    index.update()
    assert covered() == {"hashed": 4, "second": 2}
    encode.encode()
    assert covered() == {"hashed": 4, "second": 4}
    assert set(read[3:]) == {"Umbrella 4", "Umbrella 2"}
    spaces.drop("second")
    papers(5, 1)
    index.update()
    assert covered() == {"hashed": 5}
    assert not (spaces.vectors_root() / "second-2-128").exists()


def test_a_rebuild_does_not_encode_again(read):
    papers(1, 5)
    index.update()
    spaces.add("second")
    encode.encode()
    read.clear()
    index.rebuild()
    assert covered() == {"hashed": 5, "second": 5}
    assert read == []


def test_facts_beside_the_text_change_without_encoding_again(read):
    papers(1, 3)
    index.update()
    spaces.add("second")
    encode.encode()
    read.clear()
    Paper.objects.filter(key="k2").update(venue="Journal of Umbrellas")
    Outbox.objects.create(paper=Paper.objects.get(key="k2").id)
    index.update()
    encode.encode()
    assert covered() == {"hashed": 3, "second": 3}
    assert read == []


def test_a_text_that_changes_while_it_is_encoded_is_encoded_once_in_that_run(read):
    papers(1, 3)
    index.update()
    Paper.objects.filter(key="k2").update(abstract="Changed, and the index does not know yet.")
    spaces.add("second")
    assert encode.encode().made == {"second": 3}
    assert covered() == {"hashed": 3, "second": 2}
    Outbox.objects.create(paper=Paper.objects.get(key="k2").id)
    index.update()
    assert encode.encode().made == {"second": 0}
    assert covered() == {"hashed": 3, "second": 3}


def test_a_paper_deleted_meanwhile_is_passed_over(read):
    papers(1, 3)
    index.update()
    Paper.objects.get(key="k2").delete()
    spaces.add("second")
    assert encode.encode().made == {"second": 2}


def test_vectors_of_deleted_papers_leave_the_log(monkeypatch):
    monkeypatch.setattr(encode, "_USELESS", 2)
    papers(1, 8)
    index.update()
    log = KeptVectors(spaces.vectors_root(), spaces.add("second"))
    encode.encode()
    for paper in Paper.objects.filter(key__in=["k1", "k2", "k3", "k4"]):
        Outbox.objects.create(paper=paper.id)
        paper.delete()
    index.update()
    encode.encode()
    log.load()
    assert log.count == 4
    assert covered() == {"hashed": 4, "second": 4}


def test_a_batch_damaged_in_the_log_is_encoded_again(read, monkeypatch):
    monkeypatch.setattr(encode, "CHUNK", 2)
    papers(1, 6)
    index.update()
    log = KeptVectors(spaces.vectors_root(), spaces.add("second"))
    encode.encode()
    read.clear()
    raw = bytearray((log.folder / LOG).read_bytes())
    raw[60] ^= 1
    (log.folder / LOG).write_bytes(raw)
    assert encode.encode().made == {"second": 2}
    assert set(read) == {"Umbrella 6", "Umbrella 5"}
    log.load()
    assert (log.count, log.damaged) == (6, 0)


def test_searching_uses_what_is_there_while_the_rest_is_encoded(monkeypatch):
    monkeypatch.setattr(encode, "SELDOM", 0.0)
    monkeypatch.setattr(encode, "SHARE", 0)
    monkeypatch.setattr(encode, "CHUNK", 2)
    papers(1, 6)
    index.update()
    spaces.add("second")
    seen = []
    encode.encode(progress=lambda _: seen.append(covered().get("second", 0)))
    assert seen == [0, 2, 4]


def test_the_space_that_serves_is_the_index_own_and_going_back_builds_nothing(monkeypatch):
    papers(1, 5)
    index.update()
    spaces.add("second")
    encode.encode()
    spaces.serve_by("second")
    assert current_engine().search_engine.spaces.serving.name == "second"
    monkeypatch.setattr(Second, "encode", lambda *_: pytest.fail("encoded"))
    spaces.serve_by("hashed")
    assert current_engine().search_engine.spaces.serving.name == "hashed"
    assert Choice.load(spaces.vectors_root()).before == "second"
    assert covered() == {"hashed": 5, "second": 5}


def test_killed_between_choosing_and_following_the_index_follows_later():
    papers(1, 3)
    index.update()
    spaces.add("second")
    encode.encode()
    with pytest.raises(KeyboardInterrupt):
        spaces.serve_by("second", step=_stop_at("before following"))
    assert open_current(spaces.index_root()).manifest.serves == "hashed"
    encode.encode()
    assert open_current(spaces.index_root()).manifest.serves == "second"


@pytest.mark.parametrize("step", ["before forgetting", "before following", "before swap", "before removing"])
def test_killed_while_dropping_the_next_drop_or_run_ends_it(step):
    papers(1, 3)
    index.update()
    spaces.add("second")
    encode.encode()
    with pytest.raises(KeyboardInterrupt):
        spaces.drop("second", step=_stop_at(step))
    spaces.drop("second") if step == "before forgetting" else encode.encode()
    assert covered() == {"hashed": 3}
    assert not (spaces.vectors_root() / "second-2-128").exists()


def test_weights_of_a_new_version_fill_their_space_anew(monkeypatch):
    papers(1, 3)
    index.update()
    spaces.add("second")
    encode.encode()
    monkeypatch.setattr(encoders.find("second"), "version", "3", raising=False)
    assert encode.encode().made == {"second": 3}
    assert open_current(spaces.index_root()).manifest.space("second").version == "3"


def test_what_was_chosen_is_read_from_the_index_where_its_file_is_damaged():
    papers(1, 3)
    index.update()
    spaces.add("second")
    encode.encode()
    spaces.serve_by("second")
    file = spaces.vectors_root() / "spaces.json"
    file.write_bytes(file.read_bytes().replace(b"second", b"secund"))
    choice = spaces.chosen()
    assert (choice.serves, [one.name for one in choice.kept]) == ("second", ["second"])


def test_the_base_and_the_space_that_serves_cannot_be_dropped():
    papers(1, 3)
    index.update()
    spaces.add("second")
    encode.encode()
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


def test_encoding_for_a_space_that_is_not_kept_is_refused():
    papers(1, 1)
    index.update()
    with pytest.raises(CannotEncodeError, match="broadsheet encoder add second"):
        encode.encode(["second"])


def test_an_encoder_that_is_gone_is_told_of_and_the_others_go_on(monkeypatch):
    papers(1, 3)
    index.update()
    spaces.add("second")
    monkeypatch.delitem(encoders.ENCODERS, "second")
    done = encode.encode()
    assert done.made == {}
    assert "the space second cannot be filled" in done.problems[0]


def test_verify_finds_vectors_that_are_not_those_that_were_made():
    papers(1, 6)
    index.update()
    space = spaces.add("second")
    encode.encode()
    assert index.verify().agrees
    log = KeptVectors(spaces.vectors_root(), space)
    current = open_current(spaces.index_root())
    numbers, texts = newest_first(current)
    with log.writing():
        log.append(numbers[:2], texts[:2], -Second().encode(["one", "another"]))
    assert "2 vectors of the space second are not those that were kept" in index.verify().problems[0]


def _stop_at(step: str):
    def reached(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    return reached
