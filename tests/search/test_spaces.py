"""Several spaces side by side: what each covers, which one ranks, and that neither is favoured."""

import multiprocessing
import os
import random
import signal
from pathlib import Path

import numpy as np
import pytest

from broadsheet.ranking.hybrid import Mode, search
from broadsheet.search import encoders, writer
from broadsheet.search.arranging import arrange
from broadsheet.search.document import Document
from broadsheet.search.encoders.hashed import Hashed
from broadsheet.search.engine import SearchEngine
from broadsheet.search.generation import NoIndexError, open_current
from broadsheet.search.kept import KeptVectors
from broadsheet.search.manifest import Space, space_of
from broadsheet.search.spaces import Scale
from tests.search.corpus import Second, asked, changed, many

PAPERS = many(200)


@pytest.fixture(autouse=True)
def second(monkeypatch):
    monkeypatch.setitem(encoders.ENCODERS, "second", "tests.search.corpus:Second")


def keep(root: Path, papers: list[Document]) -> KeptVectors:
    """The vectors of ``papers`` in the second space, kept beside the index."""
    kept = KeptVectors(root / "vectors", space_of(Second()))
    with kept.writing():
        kept.append(
            np.array([one.paper for one in papers], np.int64),
            np.array([one.meaning_hash for one in papers], np.uint64),
            Second().encode([one.meaning for one in papers]),
        )
    return kept


def engine(root: Path) -> SearchEngine:
    return SearchEngine(open_current(root / "index"))


def best(found: SearchEngine, text: str, mode: Mode = Mode.MEANING) -> list[int]:
    return [hit.paper for hit in search(found, asked(text), mode=mode, k=5).hits]


def covered(root: Path) -> dict[str, int]:
    return {space.name: space.covered for space in open_current(root / "index").manifest.spaces}


def test_a_new_space_holds_what_is_kept_and_the_rest_is_marked_as_missing(tmp_path):
    writer.rebuild(tmp_path / "index", PAPERS, Hashed())
    arrange(tmp_path / "index", [keep(tmp_path, PAPERS[:80])], "second")
    assert covered(tmp_path) == {"hashed": 200, "second": 80}
    serving = engine(tmp_path).spaces.serving
    assert serving.name == "second"
    assert np.flatnonzero(serving.held).tolist() == list(range(80))


def test_arranging_what_is_arranged_writes_nothing(tmp_path):
    writer.rebuild(tmp_path / "index", PAPERS, Hashed())
    kept = keep(tmp_path, PAPERS[:80])
    first = arrange(tmp_path / "index", [kept], "second").manifest.generation
    assert arrange(tmp_path / "index", [kept], "second").manifest.generation == first


def test_more_vectors_fill_gaps_and_leave_the_older_generation_as_it_was(tmp_path):
    writer.rebuild(tmp_path / "index", PAPERS, Hashed())
    arrange(tmp_path / "index", [keep(tmp_path, PAPERS[:80])], "second")
    older = engine(tmp_path)
    arrange(tmp_path / "index", [keep(tmp_path, PAPERS[80:150])], "second")
    assert covered(tmp_path)["second"] == 150
    vectors = engine(tmp_path).spaces.serving.vectors.vectors(np.arange(150))
    assert np.allclose(vectors, Second().encode([one.meaning for one in PAPERS[:150]]), atol=0.01)
    assert older.spaces.serving.among(np.arange(200)).tolist() == list(range(80))
    assert SearchEngine(older.generation).generation.manifest.space("second").covered == 80


def test_a_rebuild_takes_kept_vectors_and_does_not_encode(tmp_path, monkeypatch):
    kept = keep(tmp_path, PAPERS)
    monkeypatch.setattr(Second, "encode", lambda *_: pytest.fail("encoded again"))
    writer.rebuild(tmp_path / "index", PAPERS, Hashed(), kept=[kept], serves="second")
    assert covered(tmp_path) == {"hashed": 200, "second": 200}
    assert engine(tmp_path).spaces.serving.name == "second"


def test_new_papers_are_found_at_once_by_the_base_and_gain_their_vector_later(tmp_path):
    kept = keep(tmp_path, PAPERS)
    writer.rebuild(tmp_path / "index", PAPERS, Hashed(), kept=[kept], serves="second")
    new = Document(paper=900, key="k900", title="Kettles that whistle in canon", abstract="Seven kettles whistle.")
    writer.update(tmp_path / "index", Hashed(), puts=[new], seq=1)
    assert covered(tmp_path) == {"hashed": 201, "second": 200}
    assert best(engine(tmp_path), "kettles whistle in canon")[0] == 900
    arrange(tmp_path / "index", [keep(tmp_path, [new])], "second")
    assert covered(tmp_path) == {"hashed": 201, "second": 201}
    assert best(engine(tmp_path), "kettles whistle in canon")[0] == 900


def test_a_changed_text_and_a_deleted_paper_are_not_covered_by_their_old_vectors(tmp_path):
    kept = keep(tmp_path, PAPERS)
    writer.rebuild(tmp_path / "index", PAPERS, Hashed(), kept=[kept], serves="second")
    writer.update(tmp_path / "index", Hashed(), puts=[changed(PAPERS[0], abstract="All new.")], deletes=[2], seq=1)
    arrange(tmp_path / "index", [kept], "second")
    assert covered(tmp_path) == {"hashed": 199, "second": 198}


def test_rows_stay_in_place_while_parts_are_joined(tmp_path):
    kept = keep(tmp_path, PAPERS)
    writer.rebuild(tmp_path / "index", PAPERS[:100], Hashed(), kept=[kept], serves="second")
    for seq, one in enumerate(PAPERS[100:112]):
        writer.update(tmp_path / "index", Hashed(), puts=[one], seq=seq)
        if seq % 5 == 0:
            arrange(tmp_path / "index", [kept], "second")
    arrange(tmp_path / "index", [kept], "second")
    now = engine(tmp_path)
    papers = now.columns.papers
    expected = Second().encode([PAPERS[paper - 1].meaning for paper in papers.tolist()])
    assert np.allclose(now.spaces.serving.vectors.vectors(np.arange(112)), expected, atol=0.01)
    assert covered(tmp_path) == {"hashed": 112, "second": 112}


def test_going_back_to_the_base_and_dropping_a_space_need_no_rebuild(tmp_path):
    kept = keep(tmp_path, PAPERS)
    writer.rebuild(tmp_path / "index", PAPERS, Hashed(), kept=[kept], serves="second")
    arrange(tmp_path / "index", [kept], "hashed")
    assert engine(tmp_path).spaces.serving.name == "hashed"
    assert covered(tmp_path) == {"hashed": 200, "second": 200}
    arrange(tmp_path / "index", [], "hashed")
    assert covered(tmp_path) == {"hashed": 200}
    assert not list(engine(tmp_path).generation.path.rglob("second.*"))


def test_weights_of_another_version_never_read_the_old_vectors(tmp_path, monkeypatch):
    kept = keep(tmp_path, PAPERS)
    writer.rebuild(tmp_path / "index", PAPERS, Hashed(), kept=[kept], serves="second")
    monkeypatch.setattr(encoders.get("second"), "version", "3", raising=False)
    now = engine(tmp_path)
    assert now.spaces.serving.name == "hashed"
    newer = KeptVectors(tmp_path / "vectors", Space("second", "3", 128))
    arrange(tmp_path / "index", [newer], "second")
    assert covered(tmp_path) == {"hashed": 200}


def test_a_space_that_covers_a_handful_of_papers_does_not_rank_yet(tmp_path):
    writer.rebuild(tmp_path / "index", PAPERS, Hashed())
    arrange(tmp_path / "index", [keep(tmp_path, PAPERS[:10])], "second")
    assert engine(tmp_path).spaces.serving.name == "hashed"


@pytest.mark.parametrize("half", [PAPERS[::2], PAPERS[1::2]])
def test_half_covered_a_known_paper_is_first_whichever_space_holds_it(tmp_path, half):
    writer.rebuild(tmp_path / "index", PAPERS, Hashed())
    arrange(tmp_path / "index", [keep(tmp_path, half)], "second")
    now = engine(tmp_path)
    assert [best(now, one.title)[0] for one in PAPERS[:40]] == [one.paper for one in PAPERS[:40]]


def test_half_covered_neither_half_crowds_out_the_other(tmp_path):
    writer.rebuild(tmp_path / "index", PAPERS, Hashed())
    arrange(tmp_path / "index", [keep(tmp_path, PAPERS[::2])], "second")
    now = engine(tmp_path)
    first = []
    for number in range(17):
        aim = now.direction(asked(f"umbrella canvas{number} weather{number % 13}"))
        assert aim is not None
        first += aim.nearest(10)[0].tolist()
    share = sum(row % 2 == 0 for row in first) / len(first)
    assert 0.35 < share < 0.65


def test_cosines_of_rows_are_those_that_the_nearest_have(tmp_path):
    writer.rebuild(tmp_path / "index", PAPERS, Hashed())
    arrange(tmp_path / "index", [keep(tmp_path, PAPERS[::2])], "second")
    aim = engine(tmp_path).direction(asked("umbrella 17 canvas3 weather5"))
    assert aim is not None
    rows, cosines = aim.nearest(50)
    assert np.allclose(aim.cosines(rows), cosines)
    masked = np.zeros(200, bool)
    masked[rows[20:30]] = True
    assert aim.nearest(5, masked)[0].tolist() == rows[20:25].tolist()


def test_seeds_that_the_new_space_lacks_are_looked_up_in_the_base(tmp_path):
    writer.rebuild(tmp_path / "index", PAPERS, Hashed())
    arrange(tmp_path / "index", [keep(tmp_path, PAPERS[:100])], "second")
    now = engine(tmp_path)
    for seed in (5, 150):
        aim = now.toward(now.columns.rows_of([seed]))
        assert aim is not None
        assert now.columns.papers[aim.nearest(1)[0]].tolist() == [seed]


def test_a_scale_is_the_straight_line_between_mean_and_spread_of_both():
    theirs = np.array([0.5, 0.4, 0.3], np.float32)
    ours = np.array([0.9, 0.7, 0.5], np.float32)
    read = Scale(theirs, ours).of(np.array([0.4, 0.35, 0.525, 0.25, 0.9], np.float32))
    assert read.tolist() == pytest.approx([0.7, 0.6, 0.95, 0.4, 1.0], abs=1e-5)


STEPS = (
    "before linking", "before filling", "before checksums", "before manifest", "before naming", "before pointing",
    "before swap", "after swap", "while removing",
)  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_killed_at_any_step_of_arranging_the_old_or_the_new_arrangement_opens(tmp_path, step):
    kept = keep(tmp_path, PAPERS[:80])
    writer.rebuild(tmp_path / "index", PAPERS, Hashed())
    arrange(tmp_path / "index", [kept], "hashed")
    kept = keep(tmp_path, PAPERS[80:150])

    def die() -> None:
        def reached(name: str) -> None:
            if name == step:
                os.kill(os.getpid(), signal.SIGKILL)

        arrange(tmp_path / "index", [kept], "second", step=reached)

    child = multiprocessing.get_context("fork").Process(target=die)
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    after = open_current(tmp_path / "index").manifest
    assert (after.serves, covered(tmp_path)["second"]) in (("hashed", 80), ("second", 150))
    assert best(engine(tmp_path), PAPERS[120].title)[0] == PAPERS[120].paper
    arrange(tmp_path / "index", [kept], "second")
    assert covered(tmp_path) == {"hashed": 200, "second": 150}
    assert not list((tmp_path / "index").glob("*.building"))


def test_every_flipped_byte_of_the_vector_files_is_found(tmp_path):
    kept = keep(tmp_path, PAPERS[:150])
    writer.rebuild(tmp_path / "index", PAPERS, Hashed(), kept=[kept], serves="second")
    current = open_current(tmp_path / "index")
    files = [file for file in current.path.rglob("*") if file.suffix in (".i8", ".scale", ".bits", ".held", ".u64")]
    files += list(current.path.glob("*.centre.npy"))
    assert {file.name.partition(".")[0] for file in files} == {"hashed", "second", "meaning"}
    draw = random.Random(11)
    for _ in range(300):
        file = draw.choice(files)
        raw = file.read_bytes()
        at = draw.randrange(len(raw))
        file.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << draw.randrange(8)]) + raw[at + 1 :])
        with pytest.raises(NoIndexError, match="does not match its checksum"):
            open_current(tmp_path / "index")
        file.write_bytes(raw)
    assert open_current(tmp_path / "index").manifest.generation == current.manifest.generation
