"""What training reads and draws; needs no PyTorch."""

import gzip
import json

import numpy as np
import pytest

from broadsheet.search.encoders.training.save import save
from broadsheet.search.encoders.training.static import NoTorchError, train
from broadsheet.search.encoders.training.texts import BUCKETS, BadPapersError, Text, corpus, read
from broadsheet.search.encoders.training.views import Sampler

TEXT = Text("Pruning roses", ("Roses are cut in winter.", "Hedges are cut in summer.", "Soil rests in autumn."))
FIELDS = {"title": "Pruning roses", "abstract": "Roses are cut in the winter. Hedges are cut in the summer."}


def papers_file(path, *papers):
    path.write_text("\n".join(paper if isinstance(paper, str) else json.dumps(paper) for paper in papers))
    return path


@pytest.mark.parametrize(
    ("source", "read_it"), [("arxiv:x", 1), ("hf-daily", 1), ("acl-anthology", 1), ("seeds", 0)]
)
def test_only_records_of_free_sources_are_read(tmp_path, source, read_it):
    path = papers_file(tmp_path / "papers.jsonl", {"source": source} | FIELDS)
    assert len(list(read([path]))) == read_it


def test_abstracts_are_cut_into_sentences(tmp_path):
    path = papers_file(tmp_path / "papers.jsonl", {"source": "arxiv"} | FIELDS)
    assert next(read([path])).sentences == ("Roses are cut in the winter.", "Hedges are cut in the summer.")


def test_zipped_files_are_read(tmp_path):
    path = tmp_path / "papers.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps({"source": "arxiv"} | FIELDS).encode()))
    assert next(read([path])).title == "Pruning roses"


@pytest.mark.parametrize("line", ["{", "[]", '{"source": "arxiv", "title": "no abstract"}'])
def test_a_line_that_is_no_paper_is_named(tmp_path, line):
    path = papers_file(tmp_path / "papers.jsonl", {"source": "arxiv"} | FIELDS, line)
    with pytest.raises(BadPapersError, match=r"papers\.jsonl, line 2: not a paper"):
        list(read([path]))


def test_too_few_texts_are_refused():
    with pytest.raises(BadPapersError, match="too little to train on"):
        corpus([TEXT], np.random.default_rng(0))


def test_a_word_of_five_texts_has_a_row_and_a_rarer_one_is_spelt():
    held = corpus([TEXT] * 5 + [Text("Roses", ("Zinnias in winter.",))], np.random.default_rng(0))
    assert "roses" in held.vocabulary
    assert "zinnias" not in held.vocabulary
    assert len(held.frequency) == len(held.vocabulary) + BUCKETS
    assert held.rows.max() >= len(held.vocabulary)


def test_no_place_of_a_text_is_in_both_views():
    rng = np.random.default_rng(0)
    held = corpus([TEXT] * 5, rng)
    sampler = Sampler(held, rng)
    texts = np.arange(5)
    at, owner = sampler._lay_out(texts)
    for kind in range(4):
        sentence = sampler._sentence_of[at] - held.texts[texts][owner]
        first, second = sampler._split(texts, at, owner, sentence, np.full(5, kind))
        assert first.any()
        assert not (first & second).any()


def test_a_whole_text_is_one_bag_with_repeated_words_counted_logarithmically():
    rng = np.random.default_rng(0)
    held = corpus([TEXT] * 400, rng)
    bags = Sampler(held, rng).whole(np.arange(400))
    cut = held.vocabulary.index("cut")
    assert len(bags.sizes) == 400
    assert np.median(bags.weights[bags.rows == cut]) == pytest.approx(np.log(3))


def test_saved_rows_are_kept_to_half_a_step_of_their_scale(tmp_path):
    rows = np.random.default_rng(0).standard_normal((10, 256)).astype(np.float32)
    save(tmp_path / "static.npz", ["a", "b"], rows, "Apache-2.0")
    with np.load(tmp_path / "static.npz") as file:
        back = file["rows"] * file["scale"][:, None]
        assert np.abs(back - rows).max() <= file["scale"].max() / 2 + 1e-6
    assert [path.name for path in tmp_path.iterdir()] == ["static.npz"]


def test_training_without_pytorch_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(NoTorchError, match=r"pip install 'broadsheet\[train\]'"):
        train([], tmp_path / "static.npz", 1)
