import pytest

from broadsheet.search import writer
from broadsheet.search.encoders.hashed import Hashed
from broadsheet.search.engine import SearchEngine
from broadsheet.search.generation import open_current
from tests.search.corpus import NETWORKS, OTTERS, PAPERS, RIVERS, changed


def engine(root) -> SearchEngine:
    return SearchEngine(open_current(root), Hashed())


def test_a_changed_paper_replaces_what_was_there(tmp_path):
    writer.rebuild(tmp_path, PAPERS, Hashed())
    writer.update(tmp_path, Hashed(), puts=[changed(OTTERS, title="Beavers Build")], seq=5)
    now = engine(tmp_path)
    assert len(now.words.by_title(OTTERS.title)) == 0
    assert now.columns.papers[now.words.by_title("beavers build")].tolist() == [1]
    assert now.generation.manifest.documents == 3
    assert now.generation.manifest.seq == 5


def test_a_deleted_paper_is_gone_from_words_vectors_and_columns(tmp_path):
    writer.rebuild(tmp_path, PAPERS, Hashed())
    writer.update(tmp_path, Hashed(), deletes=[2], seq=1)
    now = engine(tmp_path)
    assert len(now.words.by_id("2512.00002")) == 0
    assert now.columns.rows_of([2]).tolist() == []
    query = Hashed().encode_query(NETWORKS.meaning)
    assert 2 not in now.columns.papers[now.spaces.base.vectors.nearest(query, 3, now.columns.alive)[0]].tolist()


def test_the_same_change_twice_changes_nothing(tmp_path):
    writer.rebuild(tmp_path, PAPERS, Hashed())
    for _ in range(2):
        writer.update(tmp_path, Hashed(), puts=[changed(OTTERS, title="Beavers Build")], deletes=[3], seq=1)
    now = engine(tmp_path)
    assert now.generation.manifest.documents == 2
    assert len(now.words.by_title("Beavers Build")) == 1


def test_figures_that_move_cost_no_new_row(tmp_path):
    writer.rebuild(tmp_path, PAPERS, Hashed())
    writer.update(tmp_path, Hashed(), puts=[changed(OTTERS, votes=99, heat=2.5)], seq=1)
    now = engine(tmp_path)
    assert now.columns.size == 3
    row = now.columns.rows_of([1])[0]
    assert (now.columns.state["votes"][row], now.columns.state["heat"][row]) == (99, 2.5)


def test_the_last_of_several_texts_of_one_paper_counts(tmp_path):
    writer.rebuild(tmp_path, PAPERS, Hashed())
    writer.update(tmp_path, Hashed(), puts=[changed(OTTERS, title="One"), changed(OTTERS, title="Two")], seq=1)
    assert len(engine(tmp_path).words.by_title("One")) == 0
    assert len(engine(tmp_path).words.by_title("Two")) == 1


def test_many_small_updates_leave_few_parts_and_every_row_in_place(tmp_path):
    papers = [changed(NETWORKS, paper=n, key=f"k{n}", ids=(f"k{n}",), title=f"Count {n}") for n in range(1, 40)]
    writer.rebuild(tmp_path, papers[:8], Hashed())
    for seq, paper in enumerate(papers[8:], 1):
        writer.update(tmp_path, Hashed(), puts=[paper], seq=seq)
    now = engine(tmp_path)
    assert len(now.generation.manifest.parts) <= 6
    for paper in papers:
        row = int(now.words.by_id(paper.key)[0])
        assert int(now.columns.papers[row]) == paper.paper
        cosine = now.spaces.base.vectors.cosines(now.words.by_id(paper.key), Hashed().encode_query(paper.meaning))
        assert cosine[0] == pytest.approx(1.0, abs=0.01)
        assert now.columns.published(row) == NETWORKS.published


def test_another_encoder_asks_for_a_rebuild(tmp_path):
    writer.rebuild(tmp_path, PAPERS, Hashed())
    with pytest.raises(writer.EncoderChangedError, match="rebuild"):
        writer.update(tmp_path, Hashed(128), puts=[RIVERS], seq=1)


def test_an_engine_without_the_encoder_of_its_index_goes_on_with_words(tmp_path, caplog):
    made = writer.rebuild(tmp_path, PAPERS, Hashed())
    now = SearchEngine(made, Hashed(128))
    assert now.spaces.serving.encoder is None
    assert "search by meaning rests" in caplog.text


def test_a_rebuild_refuses_a_paper_given_twice(tmp_path):
    with pytest.raises(ValueError, match="1 papers were given twice"):
        writer.rebuild(tmp_path, [OTTERS, OTTERS], Hashed())


def test_an_empty_catalogue_has_an_index_too(tmp_path):
    writer.rebuild(tmp_path, [], Hashed())
    assert engine(tmp_path).columns.size == 0
    writer.update(tmp_path, Hashed(), puts=[OTTERS], seq=1)
    assert len(engine(tmp_path).words.by_title(OTTERS.title)) == 1
