"""Corrections from the words of the papers."""

from pathlib import Path

import numpy as np
import pytest

from broadsheet.search.guard import admit
from broadsheet.search.spelling import Speller

COUNTS = {
    "attention": 900, "transformer": 5_000, "tranformer": 4, "diffusion": 800, "model": 9_000, "network": 7_000,
    "neural": 6_000, "reinforcement": 700, "supervised": 900, "self": 950, "casual": 40, "causal": 20_000,
    "graph": 3_000, "grape": 20, "quick": 90, "rare": 2, "gpt4": 900, "zhang": 3_000, "zihan": 60,
}  # fmt: skip


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller.build(COUNTS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("atention", "attention"),
        ("attentiion", "attention"),
        ("attantion", "attention"),
        ("attnetion", "attention"),
        ("difusoin", "diffusion"),
        ("nueral", "neural"),
        ("ttention", "attention"),
        ("grpah", "graph"),
    ],
)
def test_a_missing_added_wrong_or_swapped_letter_is_corrected(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correction(typed) == meant


def test_two_slips_are_too_many_for_a_short_word(speller: Speller) -> None:
    assert speller.correction("grxxh") is None


def test_the_nearest_word_goes_before_the_most_common(speller: Speller) -> None:
    assert speller.correction("graps") == "graph"
    assert speller.correction("grabe") == "grape"


def test_a_slip_that_some_papers_share_is_corrected(speller: Speller) -> None:
    assert speller.correction("tranformer") == "transformer"


def test_a_word_that_papers_use_is_left_alone(speller: Speller) -> None:
    assert speller.correction("casual") is None
    assert speller.correction("attention") is None


def test_a_form_of_the_same_stem_is_no_slip(speller: Speller) -> None:
    assert speller.correction("transformers") is None


def test_a_missing_space_is_put_in(speller: Speller) -> None:
    assert speller.correction("selfsupervised") == "self supervised"


def test_what_is_like_nothing_is_left_alone(speller: Speller) -> None:
    assert speller.correction("qwertyuiop") is None


@pytest.mark.parametrize("word", ["", "abc", "gpt5", "naïve", "a" * 25, "学学学学"])
def test_short_long_numbered_and_foreign_words_are_left_alone(speller: Speller, word: str) -> None:
    assert speller.correction(word) is None


def test_words_of_fewer_than_three_papers_are_not_known(speller: Speller) -> None:
    assert speller.count("rare") == 0
    assert speller.count("graph") == 3_000


def suggested(speller: Speller, text: str) -> str | None:
    suggestion = speller.suggest(admit(text))
    return suggestion.text if suggestion else None


def test_every_misspelt_word_of_a_search_is_corrected_in_its_place(speller: Speller) -> None:
    suggestion = speller.suggest(admit('Difusion "modle" -grpah OR title:nueral since:30d'))
    assert suggestion is not None
    assert suggestion.text == 'diffusion "modle" -graph OR title:neural since:30d'
    assert suggestion.changed == (("Difusion", "diffusion"), ("grpah", "graph"), ("nueral", "neural"))


@pytest.mark.parametrize(
    "text",
    ['"atention"', "author:zhan", "ATENTION", "atention4", "atenti*", "https://atention.org", "10.1234/atention",
     "like:atention", "graph attention"],
)  # fmt: skip
def test_quoted_words_names_acronyms_and_ids_are_left_alone(speller: Speller, text: str) -> None:
    assert suggested(speller, text) is None


def test_a_hyphenated_word_is_corrected_part_by_part(speller: Speller) -> None:
    assert suggested(speller, "self-supervsed") == "self-supervised"


def test_a_pasted_text_is_left_alone(speller: Speller) -> None:
    assert suggested(speller, "atention " * 40) is None


def test_a_vocabulary_is_kept_in_one_file(speller: Speller, tmp_path: Path) -> None:
    speller.save(tmp_path / "words.npy")
    again = Speller.load(tmp_path / "words.npy")
    assert len(again) == len(speller)
    assert again.correction("nueral") == "neural"


def test_a_file_cut_short_is_told_with_a_remedy(speller: Speller, tmp_path: Path) -> None:
    speller.save(tmp_path / "words.npy")
    whole = (tmp_path / "words.npy").read_bytes()
    (tmp_path / "words.npy").write_bytes(whole[:-40])
    with pytest.raises(ValueError, match=r"words\.npy is no vocabulary .*rebuild the index"):
        Speller.load(tmp_path / "words.npy")


def test_another_array_is_no_vocabulary(tmp_path: Path) -> None:
    np.save(tmp_path / "words.npy", np.arange(3))
    with pytest.raises(ValueError, match="rebuild the index"):
        Speller.load(tmp_path / "words.npy")


def test_an_empty_vocabulary_corrects_nothing(tmp_path: Path) -> None:
    Speller.build({}).save(tmp_path / "words.npy")
    assert Speller.load(tmp_path / "words.npy").correction("anything") is None


def test_a_function_word_that_no_paper_has_is_no_misspelling() -> None:
    speller = Speller.build({"chen": 900, "where": 3})
    assert speller.suggest(admit("when")) is None


def test_a_word_that_the_encoder_has_learned_is_no_misspelling() -> None:
    speller = Speller.build({"shot": 900})
    assert speller.suggest(admit("short"), is_learned=lambda word: word == "short") is None
    suggestion = speller.suggest(admit("short"))
    assert suggestion is not None
    assert suggestion.text == "shot"


def test_a_search_in_another_language_is_not_corrected(speller: Speller) -> None:
    assert speller.suggest(admit("modelle difusion hassrede netzwerken")) is None
    suggestion = speller.suggest(admit("difusion modl grpah netzwerken"))
    assert suggestion is not None
    assert suggestion.text == "diffusion model graph netzwerken"


def test_a_slip_that_leaves_the_stem_as_it_was_is_no_word_of_another_language(speller: Speller) -> None:
    suggestion = speller.suggest(admit("difusion modells"))
    assert suggestion is not None
    assert suggestion.text.startswith("diffusion")
