"""A space takes over when it is measured to find as much, and not before."""

from datetime import date

import numpy as np
import pytest

from broadsheet.catalog.models import Outbox, Paper
from broadsheet.jobs import encode, index, spaces
from broadsheet.jobs.cutover import Success, compare, first_sentence
from broadsheet.jobs.spaces import BadSpaceError
from broadsheet.search import encoders
from tests.search.corpus import Second

pytestmark = pytest.mark.django_db
PLACES = ("Harbour", "Meadow", "Tunnel", "Attic", "Glacier", "Orchard", "Desert", "Canal", "Quarry", "Lagoon")
THINGS = ("Kettles", "Lanterns", "Umbrellas", "Ladders", "Violins", "Compasses", "Saddles", "Anvils")


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setitem(settings.OPTIONS.values, "encoder", "hashed")
    monkeypatch.setitem(encoders.ENCODERS, "second", "tests.search.corpus:Second")
    for place in PLACES:
        for thing in THINGS:
            made = Paper.objects.create(
                key=f"{place}-{thing}",
                title=f"{thing} of the {place}",
                abstract=f"In the {place} there are {thing}. They are {thing} of the {place}.",
                published=date(2026, 1, 1),
            )
            Outbox.objects.create(paper=made.id)
    index.update()
    spaces.add("second")


def test_as_good_a_space_may_take_over():
    encode.encode()
    found = compare("second", sample=40)
    assert (found.titles.asked, found.sentences.asked) == (40, 40)
    assert found.titles.new == found.titles.old == 40
    assert found.coverage == 1
    assert 0 < found.overlap <= 1
    assert found.refusals == ()


def test_a_space_that_finds_fewer_papers_is_refused(monkeypatch):
    monkeypatch.setattr(Second, "encode_query", lambda self, text: np.eye(128, dtype=np.float32)[len(text) % 128])
    encode.encode()
    found = compare("second", sample=40)
    assert found.titles.new < found.titles.old
    assert any("second finds fewer papers by their titles" in said for said in found.refusals)


def test_a_space_that_covers_too_few_papers_is_refused_and_measured_on_what_both_cover():
    encode.encode(limit=40)
    found = compare("second")
    assert found.titles.asked == 40
    assert found.refusals == ("second covers 50.0% of the papers: run `broadsheet encode --space second`",)


def test_a_paper_is_encoded_without_the_sentence_that_must_find_it(monkeypatch):
    encode.encode()
    read: list[str] = []
    encode_texts = Second.encode
    monkeypatch.setattr(Second, "encode", lambda self, texts: read.extend(texts) or encode_texts(self, texts))
    compare("second", sample=40)
    papers = [text for text in read if "\n" in text]
    assert len(papers) == 40
    assert not any("In the" in text for text in papers)


def test_a_space_without_vectors_cannot_be_measured():
    with pytest.raises(BadSpaceError, match="holds no vectors of second yet"):
        compare("second")


def test_chance_alone_refuses_nothing():
    assert not Success(200, 190, 187, lost=8, gained=5).is_worse
    assert Success(200, 190, 170, lost=25, gained=5).is_worse
    assert not Success(0, 0, 0, 0, 0).is_worse


def test_first_sentences_that_say_nothing_are_left_out():
    assert first_sentence("We fold umbrellas in rain. They hold.") == ("We fold umbrellas in rain.", "They hold.")
    assert first_sentence("Too short. They hold.") is None
    assert first_sentence("One sentence and no other one") is None
    assert first_sentence("") is None
