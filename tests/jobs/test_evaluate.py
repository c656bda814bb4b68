"""Made-up papers and queries; the encoder is the one that needs no weights."""

import json
from datetime import date
from pathlib import Path

import pytest

from broadsheet.catalog.models import Identifier, Outbox, Paper
from broadsheet.jobs import evaluate, index
from broadsheet.jobs.evaluate import Libraries, NothingJudgedError
from broadsheet.listings.engine import NoIndex
from broadsheet.search import encoders, writer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)
PAPERS = [
    {"_id": "P1", "title": "Otters count pebbles", "text": "We watch otters sort pebbles by the river."},
    {"_id": "P2", "title": "Lanterns of the deep", "text": "Fish glow where no light comes."},
    {"_id": "p2", "title": "Umbrella folding", "text": "A theory of folding umbrellas in the wind."},
]


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path / "data"
    monkeypatch.setitem(settings.OPTIONS.values, "encoder", "hashed")


def folder(path: Path, qrels: str, *, corpus: bool = True) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    queries = {"q1": "otters pebbles", "q2": "folding umbrellas", "q3": "glowing fish"}
    (path / "queries.jsonl").write_text(
        "".join(json.dumps({"_id": one, "text": text}) + "\n" for one, text in queries.items()), "utf-8"
    )
    (path / "qrels.tsv").write_text(qrels, "utf-8")
    if corpus:
        (path / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in PAPERS), "utf-8")
    return path


def test_every_mode_answers_the_same_queries(tmp_path):
    held = folder(tmp_path / "held", "q1\tP1\t1\nq2\tp2\t1\n")
    asked = []
    with Libraries() as libraries:
        found = evaluate.evaluate(held, libraries, today=TODAY, asking=asked.append)
    assert list(found.comparison.means) == ["words", "meaning", "rrf", "hybrid"]
    assert found.comparison.means["words"]["nDCG@10"] == pytest.approx(1.0)
    assert (found.name, found.papers, list(found.queries), found.encoder) == ("held", 3, ["q1", "q2"], "hashed")
    assert sum(asked) == 2


def test_ids_that_differ_by_case_alone_are_two_papers(tmp_path):
    held = folder(tmp_path / "held", "q2\tp2\t1\nq3\tP2\t1\n")
    with Libraries() as libraries:
        found = evaluate.evaluate(held, libraries, ["words"], today=TODAY)
    assert found.comparison.values["words"] == {"q2": pytest.approx(1.0), "q3": pytest.approx(1.0)}


def test_a_query_whose_answers_are_not_here_is_not_asked_and_counted(tmp_path):
    held = folder(tmp_path / "held", "q1\tP1\t1\nq1\tgone\t1\nq2\tgone\t1\n")
    with Libraries() as libraries:
        found = evaluate.evaluate(held, libraries, ["words"], today=TODAY)
    assert (list(found.queries), found.unanswered, found.unknown) == (["q1"], 1, 1)


def test_no_answer_at_all_is_said(tmp_path):
    held = folder(tmp_path / "held", "q1\tgone\t1\n")
    with Libraries() as libraries, pytest.raises(NothingJudgedError, match="held"):
        evaluate.evaluate(held, libraries, today=TODAY)


def test_what_was_made_for_it_goes_when_it_is_over(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "made"))
    (tmp_path / "made").mkdir()
    with Libraries() as libraries:
        evaluate.evaluate(folder(tmp_path / "held", "q1\tP1\t1\n"), libraries, ["words"], today=TODAY)
        assert list((tmp_path / "made").iterdir())
    assert not list((tmp_path / "made").iterdir())


def test_a_kept_index_is_used_again_until_the_papers_change(tmp_path, monkeypatch):
    held, built = folder(tmp_path / "held", "q1\tP1\t1\n"), []
    rebuild = writer.rebuild
    monkeypatch.setattr(writer, "rebuild", lambda *what, **how: built.append(1) or rebuild(*what, **how))
    for papers in (PAPERS, PAPERS, PAPERS[:2]):
        text = "".join(json.dumps(one) + "\n" for one in papers)
        if (held / "corpus.jsonl").read_text("utf-8") != text:
            (held / "corpus.jsonl").write_text(text, "utf-8")
        with Libraries(keep=tmp_path / "kept") as libraries:
            found = evaluate.evaluate(held, libraries, ["words"], today=TODAY)
    assert (len(built), found.papers) == (2, 2)


def test_named_papers_take_the_place_of_a_folders_own_and_are_indexed_once(tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"id": "x1", "title": "Otters", "abstract": "Pebbles."}) + "\n", "utf-8")
    indexed = []
    with Libraries([other]) as libraries:
        for name in ("one", "two"):
            held = folder(tmp_path / name, "q1\tx1\t1\n")
            found = evaluate.evaluate(held, libraries, ["words"], today=TODAY, indexing=indexed.append)
            assert found.papers == 1
    assert sum(indexed) == 1


def test_without_a_corpus_the_papers_of_this_installation_are_searched_by_any_id(tmp_path):
    paper = Paper.objects.create(key="2601.00001", title="Otters count pebbles", published=date(2026, 1, 2))
    for key, scheme in (("2601.00001", "arxiv"), ("10.1000/otter", "doi")):
        Identifier.objects.create(key=key, scheme=scheme, paper=paper)
    Outbox.objects.create(paper=paper.id)
    index.update()
    held = folder(tmp_path / "held", "q1\t10.1000/OTTER\t1\n", corpus=False)
    with Libraries() as libraries:
        found = evaluate.evaluate(held, libraries, ["hybrid"], today=TODAY)
    assert found.comparison.values["hybrid"] == {"q1": pytest.approx(1.0)}


def test_without_a_corpus_and_an_index_it_is_refused(tmp_path):
    held = folder(tmp_path / "held", "q1\tP1\t1\n", corpus=False)
    with Libraries() as libraries, pytest.raises(NoIndex):
        evaluate.evaluate(held, libraries, today=TODAY)


def test_an_encoder_that_does_not_answer_for_the_installation_is_refused(tmp_path):
    paper = Paper.objects.create(key="2601.00001", title="Otters count pebbles")
    Identifier.objects.create(key="2601.00001", scheme="arxiv", paper=paper)
    Outbox.objects.create(paper=paper.id)
    index.update()
    held = folder(tmp_path / "held", "q1\t2601.00001\t1\n", corpus=False)
    with Libraries() as libraries, pytest.raises(NothingJudgedError, match="hashed answers"):
        evaluate.evaluate(held, libraries, encoder=encoders.get("static"), today=TODAY)


def test_a_query_past_all_length_is_told_and_the_others_count(tmp_path):
    held = folder(tmp_path / "held", "q1\tP1\t1\nq4\tP1\t1\n")
    with (held / "queries.jsonl").open("a") as file:
        file.write(json.dumps({"_id": "q4", "text": "umbrella " * 10_000}) + "\n")
    with Libraries() as libraries:
        found = evaluate.evaluate(held, libraries, ["words"], today=TODAY)
    assert list(found.queries) == ["q1"]
    assert "q4" in found.problems[0].reason
