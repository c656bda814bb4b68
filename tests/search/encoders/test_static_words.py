"""The static encoder's own tokenizer."""

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.encoders.words import LONGEST, pieces, words


def test_hyphens_and_punctuation_part_words():
    assert words("Self-supervised pre-training (BERT's).") == ["self", "supervised", "pre", "training", "bert", "s"]


def test_digits_stay_with_their_letters():
    assert words("GPT4 in 3D, 2017") == ["gpt4", "in", "3d", "2017"]


def test_accents_and_ligatures_are_undone():
    assert words("Erdős–Rényi eﬃcient Straße") == ["erdos", "renyi", "efficient", "strasse"]


def test_underscores_of_formulas_part_words():
    assert words("$x_i \\in R_d$") == ["x", "i", "in", "r", "d"]


def test_words_of_other_scripts_are_words():
    assert words("Обучение без забывания") == ["обучение", "без", "забывания"]


def test_a_word_is_spelt_by_itself_and_its_runs_of_four_and_five():
    assert len(pieces("tokamak", 8192)) == 1 + 6 + 5


def test_relatives_share_pieces_and_strangers_do_not():
    shared = set(pieces("tokamak", 8192)) & set(pieces("tokamaks", 8192))
    assert len(shared) >= 8
    assert not set(pieces("tokamak", 8192)) & set(pieces("pergola", 8192))


def test_a_word_without_end_is_spelt_by_its_beginning():
    assert pieces("a" * 1_000_000, 8192) == pieces("a" * LONGEST, 8192)


@given(st.text())
def test_every_word_of_any_text_has_pieces_within_the_buckets(text):
    for word in words(text):
        found = pieces(word, 64)
        assert found
        assert all(0 <= bucket < 64 for bucket in found)


@given(st.text(st.characters(codec="ascii")))
def test_the_quick_way_for_ascii_finds_the_words_of_the_slow_way(text):
    assert words(text) == words(text + " \u00b7")
