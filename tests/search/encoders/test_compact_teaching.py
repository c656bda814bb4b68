"""What the compact encoder is taught, and from what: without PyTorch."""

import numpy as np
import pytest

from broadsheet.search.encoders.hashed import Hashed
from broadsheet.search.encoders.training.compact.batches import Batches
from broadsheet.search.encoders.training.compact.papers import Laid
from broadsheet.search.encoders.training.compact.shape import PADDING, START, Shape
from broadsheet.search.encoders.training.compact.teaching import (
    PART,
    SHARE,
    WORD,
    Given,
    first_table,
    given,
    lesson,
    taught_by,
)
from broadsheet.search.encoders.training.compact.views import Views, padded
from broadsheet.search.encoders.training.texts import BadPapersError


def unit(rows, width, seed):
    found = np.random.default_rng(seed).standard_normal((rows, width)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_a_cosine_to_be_learned_is_the_weighed_mean_of_the_teachers_cosines(tmp_path):
    static, large = unit(40, 8, 1), unit(40, 12, 2)
    ids = [str(number) for number in range(40)]
    taught = lesson(ids, static, Given(ids, large), 20, tmp_path / "turn.npy")
    wanted = (1 - SHARE) * static @ static.T + SHARE * large @ large.T
    assert np.allclose(taught.rows @ taught.rows.T, wanted, atol=0.01)


def test_the_first_numbers_of_what_is_taught_say_most(tmp_path):
    taught = lesson([str(number) for number in range(200)], unit(200, 8, 1), None, 8, tmp_path / "turn.npy")
    spread = (taught.rows**2).sum(0)
    assert (np.diff(spread) <= 1e-3).all()


def test_papers_that_a_teacher_has_not_read_are_left_out(tmp_path):
    large = Given(["b", "z"], unit(2, 12, 2))
    taught = lesson(["a", "b", "c"], unit(3, 8, 1), large, 8, tmp_path / "turn.npy")
    assert taught.texts.tolist() == [1]


def test_more_vectors_later_are_taught_in_the_same_space(tmp_path):
    static, large = unit(40, 8, 1), unit(40, 12, 2)
    ids = [str(number) for number in range(40)]
    some = lesson(ids, static, Given(ids[:30], large[:30]), 16, tmp_path / "turn.npy")
    more = lesson(ids, static, Given(ids, large), 16, tmp_path / "turn.npy")
    assert np.allclose(some.rows, more.rows[:30], atol=1e-6)


def test_vectors_of_no_paper_held_are_an_error(tmp_path):
    with pytest.raises(BadPapersError, match="none of the vectors"):
        lesson(["a"], unit(1, 8, 1), Given(["z"], unit(1, 12, 2)), 8, tmp_path / "turn.npy")


def test_vectors_without_an_id_each_are_an_error(tmp_path):
    np.save(tmp_path / "vectors.npy", unit(3, 4, 1).astype(np.float16))
    (tmp_path / "ids.txt").write_text("a\nb\n")
    with pytest.raises(BadPapersError, match="2 ids"):
        given(tmp_path)


def test_a_folder_without_vectors_is_an_error(tmp_path):
    with pytest.raises(BadPapersError, match=r"ids\.txt and vectors\.npy"):
        given(tmp_path)


def test_a_word_begins_as_what_the_teachers_make_of_it(tmp_path):
    static, large = unit(40, 8, 1), unit(40, 12, 2)
    ids = [str(number) for number in range(40)]
    taught = lesson(ids, static, Given(ids, large), 20, tmp_path / "turn.npy")
    words = Given([WORD + "rose", WORD + "sail"], np.stack([large[3], -large[3]]))
    table = first_table(taught, ["rose", "sail", "oven"], static[[3, 3, 3]], words)
    assert table[0] @ taught.rows[3] == pytest.approx(1, abs=0.01)
    assert table[1] @ taught.rows[3] == pytest.approx(1 - 2 * SHARE, abs=0.01)


def test_a_word_that_only_the_static_encoder_has_read_is_guessed(tmp_path):
    static, large = unit(400, 8, 1), unit(12, 12, 2)
    ids = [str(number) for number in range(400)]
    taught = lesson(ids, static, Given(ids, unit(400, 8, 1) @ large[:8]), 20, tmp_path / "turn.npy")
    table = first_table(taught, ["oven"], static[[5]], None)
    assert table[0] @ taught.rows[5] > 0.95


def test_a_mark_begins_as_nothing(tmp_path):
    taught = lesson(["a", "b"], unit(2, 8, 1), None, 8, tmp_path / "turn.npy")
    assert not first_table(taught, [""], np.zeros((1, 8), np.float32), None).any()


def test_a_teacher_that_was_interrupted_goes_on_where_it_was(tmp_path):
    class Tired(Hashed):
        read = 0

        def encode(self, texts):
            if self.read:
                raise KeyboardInterrupt
            self.read += len(texts)
            return super().encode(texts)

    wanted = [(str(number), f"text {number}") for number in range(PART + 3)]
    with pytest.raises(KeyboardInterrupt):
        taught_by(Tired(), wanted, tmp_path, lambda line: None)
    told = []
    rows = taught_by(Hashed(), wanted, tmp_path, told.append).rows
    assert len(told) == 1
    assert np.allclose(rows, Hashed().encode([text for _, text in wanted]), atol=1e-3)


@pytest.mark.parametrize("count", [10, 5000])
def test_the_bank_begins_with_the_batch_and_holds_no_paper_twice(count):
    batches = Batches(unit(count, 64, 4), np.random.default_rng(1))
    for seed in range(5):
        batch, bank = batches.draw(64, 256, np.random.default_rng(seed))
        assert bank[: len(batch)].tolist() == batch.tolist()
        assert len(set(bank.tolist())) == len(bank)
        assert len(batch) == min(64, count)


def test_rows_are_marked_at_the_start_and_filled_up_at_the_end():
    assert padded([np.array([7, 8, 9, 10]), np.array([5])], 4).tolist() == [
        [START, 7, 8, 9],
        [START, 5, PADDING, PADDING],
    ]


def test_views_are_of_their_own_text():
    tokens = np.arange(10, 70, dtype=np.uint16)  # two texts of a title of 4 and two sentences of 13
    laid = Laid(tokens, np.array([0, 4, 17, 30, 34, 47, 60]), np.array([0, 3, 6]), np.ones(70, np.int64))
    views = Views(laid, [[3, 4]], Shape(query=28, text=64))
    for seed in range(20):
        first, second = views.pair(np.array([1]), np.random.default_rng(seed))
        assert set(first[0].tolist()) <= {START, PADDING, 3, 4, *range(40, 70)}
        assert set(second[0].tolist()) <= {START, *range(40, 70)}
