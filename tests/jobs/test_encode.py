"""Spaces beside the base are filled newest first, piece by piece, whatever comes between."""

import pytest

from broadsheet.catalog.models import Outbox, Paper
from broadsheet.jobs import encode, index, spaces
from broadsheet.jobs.encode import CannotEncodeError
from broadsheet.search import encoders
from broadsheet.search.generation import open_current
from broadsheet.search.kept import LOG, KeptVectors
from broadsheet.search.living import newest_first
from tests.jobs import second_space
from tests.jobs.second_space import covered, filled, papers
from tests.search.corpus import Second

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    second_space.prepare(settings, tmp_path, monkeypatch)


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
    filled(3)
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
    filled(5)
    read.clear()
    index.rebuild()
    assert covered() == {"hashed": 5, "second": 5}
    assert read == []


def test_facts_beside_the_text_change_without_encoding_again(read):
    filled(3)
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


def test_weights_of_a_new_version_fill_their_space_anew(monkeypatch):
    filled(3)
    monkeypatch.setattr(encoders.find("second"), "version", "3", raising=False)
    assert encode.encode().made == {"second": 3}
    assert open_current(spaces.index_root()).manifest.space("second").version == "3"


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
