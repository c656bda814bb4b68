"""Training at the smallest scale: made-up papers of four subjects, a few steps. Skipped where PyTorch is absent."""

import gzip
import json
import random

import numpy as np
import pytest

from broadsheet.search.encoders.static import Static

SUBJECTS = (
    "roses soil compost pruning tulips watering hedges seeds blossom greenhouse",
    "sails rudder harbour anchor mast tide keel rowing ferry canal",
    "flour yeast oven dough crust kneading sourdough rye baking loaf",
    "pendulum springs gears hands chime escapement winding dial watchmaker tower",
)


def write_papers(path, count=200, source="arxiv:made-up"):
    chance = random.Random(5)
    with gzip.open(path, "wt") as file:
        for number in range(count):
            own = SUBJECTS[number % 4].split()
            sentences = [f"Here we study {' and '.join(chance.sample(own, 3))} with care." for _ in range(4)]
            paper = {
                "source": source,
                "title": f"On {' '.join(chance.sample(own, 2))}",
                "abstract": " ".join(sentences),
            }
            file.write(json.dumps(paper) + "\n")
    return path


@pytest.fixture
def train():
    pytest.importorskip("torch", reason="training wants PyTorch, an optional extra", exc_type=ImportError)
    from broadsheet.search.encoders.training.static import train

    return lambda *arguments: train(*arguments, progress=lambda line: None)


def test_words_of_one_subject_come_together(train, tmp_path):
    papers = write_papers(tmp_path / "papers.jsonl.gz")
    report = train([papers], tmp_path / "static.npz", 0.4)
    static = Static(tmp_path / "static.npz")
    query, same, other = static.encode(["compost", "tulips", "rudder"])
    assert query @ same > query @ other
    assert report.last_loss < report.first_loss
    assert report.version == static.version
    assert report.texts == 200


def test_the_same_seed_gives_the_same_weights(train, tmp_path):
    papers = write_papers(tmp_path / "papers.jsonl.gz")
    first = train([papers], tmp_path / "first.npz", 0.05)
    again = train([papers], tmp_path / "again.npz", 0.05)
    assert first.version == again.version
    assert np.array_equal(np.load(tmp_path / "first.npz")["rows"], np.load(tmp_path / "again.npz")["rows"])


def test_another_seed_gives_another_space(train, tmp_path):
    papers = write_papers(tmp_path / "papers.jsonl.gz")
    versions = {train([papers], tmp_path / "static.npz", 0.02, seed).version for seed in (0, 1)}
    assert len(versions) == 2
