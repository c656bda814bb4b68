"""Training of the compact encoder at the smallest scale. Skipped where PyTorch is absent."""

import os
import signal
from importlib.util import find_spec

import numpy as np
import pytest

from broadsheet.search.encoders.compact import Compact
from broadsheet.search.encoders.training.compact.run import NoTorchError, train
from broadsheet.search.encoders.training.compact.shape import Shape, Steps
from broadsheet.search.encoders.training.texts import BadPapersError
from tests.search.encoders.test_static_training import SUBJECTS, write_papers
from tests.search.encoders.tiny import write_folder

TINY = Shape(vocabulary=300, width=64, layers=2, heads=4, inner=64, bag_batch=64, batch=32, bank=128)
needs_torch = pytest.mark.skipif(not find_spec("torch"), reason="training wants PyTorch, an optional extra")


def quiet(line):
    pass


@pytest.fixture
def papers(tmp_path):
    return write_papers(tmp_path / "papers.jsonl.gz")


@needs_torch
def test_words_of_one_subject_come_together(papers, tmp_path):
    report = train([papers], tmp_path / "compact", Steps(60, 40), shape=TINY, progress=quiet)
    rows = Compact(tmp_path / "compact").encode(" ".join(SUBJECTS).split())
    near = rows @ rows.T - 9 * np.eye(40)
    of_its_subject = near.argmax(1) // 10 == np.arange(40) // 10
    assert of_its_subject.mean() > 0.5  # by chance, a quarter
    assert report.last_loss < report.first_loss - 0.3
    assert report.texts == report.taught == 200


@needs_torch
def test_a_large_model_teaches_papers_and_words(papers, tmp_path):
    teacher = write_folder(tmp_path / "teacher")
    report = train([papers], tmp_path / "compact", Steps(2, 1), teacher=teacher, shape=TINY, progress=quiet)
    assert report.taught == 200
    assert list((tmp_path / "compact" / "training").glob("transformer-teacher-*/*.npy"))


@needs_torch
def test_the_layers_learn_and_not_the_table_alone(papers, tmp_path):
    bag = train([papers], tmp_path / "bag", Steps(20, 0), shape=TINY, progress=quiet)
    whole = train([papers], tmp_path / "whole", Steps(20, 60), shape=TINY, progress=quiet)
    assert whole.last_loss < bag.last_loss


@needs_torch
def test_a_training_that_was_interrupted_gives_what_an_uninterrupted_one_gives(papers, tmp_path):
    from broadsheet.search.encoders.training.compact.learn import StoppedError

    def interrupt(line):
        if line.startswith("step 25 "):
            os.kill(os.getpid(), signal.SIGINT)

    steps = Steps(20, 20)
    with pytest.raises(StoppedError, match="goes on from there"):
        train([papers], tmp_path / "one", steps, shape=TINY, progress=interrupt)
    resumed = train([papers], tmp_path / "one", steps, shape=TINY, progress=quiet)
    straight = train([papers], tmp_path / "two", steps, shape=TINY, progress=quiet)
    assert resumed.version == straight.version
    assert resumed.steps == 40


@needs_torch
def test_the_graph_gives_what_was_learned(papers, tmp_path):
    import torch

    from broadsheet.search.encoders.training.compact.model import Model

    train([papers], tmp_path / "compact", Steps(10, 30), shape=TINY, progress=quiet)
    state = torch.load(tmp_path / "compact" / "training" / "state.pt", weights_only=True)["parameters"]
    model = Model(torch, TINY, state["table"].numpy(), 0, half=False)
    model.parameters = state
    compact = Compact(tmp_path / "compact")
    text = "On compost and tulips: here we study the harbour with care."
    ids = np.array([compact._model.tokens.cut(text)])
    wanted = model.vectors(torch.from_numpy(ids), whole=True)[0].numpy()
    assert compact.encode([text])[0] @ wanted / np.linalg.norm(wanted) > 0.999


@needs_torch
def test_a_folder_that_holds_another_training_is_refused(papers, tmp_path):
    train([papers], tmp_path / "compact", Steps(1, 0), shape=TINY, progress=quiet)
    with pytest.raises(BadPapersError, match="a training of other papers, seed or sizes"):
        train([papers], tmp_path / "compact", Steps(1, 0), seed=1, shape=TINY, progress=quiet)


@needs_torch
def test_only_free_papers_are_learned_from(tmp_path):
    papers = write_papers(tmp_path / "papers.jsonl.gz", source="somewhere")
    with pytest.raises(BadPapersError, match="0 free texts"):
        train([papers], tmp_path / "compact", Steps(1, 0), shape=TINY, progress=quiet)


@pytest.mark.skipif(find_spec("torch") is not None, reason="PyTorch is here")
def test_without_pytorch_it_says_how_to_install_it(papers, tmp_path):
    with pytest.raises(NoTorchError, match=r"pip install 'broadsheet\[train\]'"):
        train([papers], tmp_path / "compact", Steps(1, 0), shape=TINY, progress=quiet)
