"""A generation is whole or it is not opened; whoever is killed, one of the last two opens."""

import multiprocessing
import os
import random
import shutil
import signal
from pathlib import Path

import pytest

from broadsheet.search import generation, writer
from broadsheet.search.encoders.hashed import Hashed
from broadsheet.search.engine import SearchEngine
from broadsheet.search.generation import BusyError, NoIndexError, Verifier, open_current
from tests.search.corpus import NETWORKS, OTTERS, RIVERS, changed

STEPS = (
    "before linking", "while adding", "before checksums", "before manifest", "before naming", "before pointing",
    "before swap", "after swap", "while removing",
)  # fmt: skip
RENAMED = changed(OTTERS, title="Otters Weigh Pebbles")


def titles(root: Path) -> list[int]:
    """The papers found by a word that only the renamed title has, after checking every file."""
    found = SearchEngine(open_current(root), Hashed())
    return found.columns.papers[found.words.by_title(RENAMED.title)].tolist()


def die_at(root: Path, step: str) -> None:
    def reached(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    writer.update(root, Hashed(), puts=[RENAMED], deletes=[2], seq=2, step=reached)


def in_child(target, *arguments) -> int:
    child = multiprocessing.get_context("fork").Process(target=target, args=arguments)
    child.start()
    child.join()
    assert child.exitcode is not None
    return child.exitcode


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An index of three papers that has been updated once, so that there is an older generation to remove."""
    root = tmp_path / "index"
    writer.rebuild(root, [OTTERS, NETWORKS], Hashed(), seq=0)
    writer.update(root, Hashed(), puts=[RIVERS], seq=1)
    return root


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_writer_killed_at_any_step_leaves_the_old_or_the_new_index_and_the_next_writer_goes_on(root, step):
    assert in_child(die_at, root, step) == -signal.SIGKILL
    after = open_current(root).manifest
    assert (after.seq, titles(root)) in ((1, []), (2, [1]))
    writer.update(root, Hashed(), puts=[RENAMED], deletes=[2], seq=2)
    assert titles(root) == [1]
    assert open_current(root).manifest.documents == 2
    assert not list(root.glob("*.building"))


def test_a_flipped_byte_anywhere_is_found_and_the_generation_before_opens(root):
    current = open_current(root)
    older = generation.numbers(root)[1]
    files = [file for file in current.path.rglob("*") if file.is_file() and file.stat().st_size]
    # Files shared with the older generation by a hard link would damage both; those are the next test's.
    own = [file for file in files if file.stat().st_nlink == 1]
    assert len(own) > 10
    draw = random.Random(7)
    for file in own:
        raw = file.read_bytes()
        for at in draw.sample(range(len(raw)), min(6, len(raw))):
            file.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << draw.randrange(8)]) + raw[at + 1 :])
            assert open_current(root).manifest.generation == older, f"{file.name} byte {at}"
        file.write_bytes(raw[: len(raw) // 2])
        assert open_current(root).manifest.generation == older, f"{file.name} cut short"
        file.write_bytes(raw)
    assert open_current(root).manifest.generation == current.manifest.generation


def test_a_damaged_file_of_both_generations_leaves_no_index_and_the_message_names_it(root):
    current = open_current(root)
    shared = next(file for file in sorted(current.path.rglob("*.bits")) if file.stat().st_nlink > 1)
    raw = shared.read_bytes()
    shared.write_bytes(bytes([raw[0] ^ 1]) + raw[1:])
    with pytest.raises(NoIndexError, match=r"generation 2: parts/.*\.bits does not match its checksum"):
        open_current(root)


def test_a_missing_file_and_a_foreign_one_are_found(root):
    current = open_current(root)
    older = generation.numbers(root)[1]
    (current.path / "words" / "foreign").write_bytes(b"x")
    assert open_current(root).manifest.generation == older
    (current.path / "words" / "foreign").unlink()
    current.state.unlink()
    assert open_current(root).manifest.generation == older


def test_a_verifier_sees_damage_to_what_it_has_seen_whole(root):
    verifier = Verifier()
    current = open_current(root, verifier)
    raw = current.state.read_bytes()
    current.state.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    assert open_current(root, verifier).manifest.generation < current.manifest.generation


def test_without_a_readable_pointer_the_newest_whole_generation_opens(root):
    newest = open_current(root).manifest.generation
    for raw in (b"", b"00000009\n", b"\xff\xfe", b"00000001 0000000000000000\n"):
        (root / generation.POINTER).write_bytes(raw)
        assert open_current(root).manifest.generation == newest
    (root / generation.POINTER).unlink()
    assert open_current(root).manifest.generation == newest


def test_no_index_says_where_it_looked(tmp_path):
    with pytest.raises(NoIndexError, match="there is no index in"):
        open_current(tmp_path / "nowhere")


def test_a_second_writer_is_told_to_wait(root):
    with generation.writing(root), pytest.raises(BusyError, match="another process is writing"):
        writer.update(root, Hashed(), seq=2)


def test_two_generations_are_kept(root):
    for seq in (2, 3, 4):
        writer.update(root, Hashed(), puts=[changed(OTTERS, votes=seq, title=f"Otters {seq}")], seq=seq)
    assert len(generation.numbers(root)) == 2


def test_the_older_generation_still_answers_after_a_later_update(root):
    older = SearchEngine(open_current(root), Hashed())
    writer.update(root, Hashed(), puts=[RENAMED], deletes=[2, 3], seq=2)
    assert older.columns.papers[older.words.by_title(NETWORKS.title)].tolist() == [2]
    shutil.rmtree(generation.folder(root, 3))
    assert open_current(root).manifest.generation == 2
