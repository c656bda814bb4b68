"""British and American spellings of one word."""

import pytest

from broadsheet.search.stem import spelt_otherwise


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("generalise", "generalize"), ("initialisation", "initialization"), ("optimisers", "optimizers"),
        ("analyses", "analyzes"), ("colour", "color"), ("behavioural", "behavioral"), ("neighbours", "neighbors"),
        ("labours", "labors"),
    ],
)  # fmt: skip
def test_each_side_of_the_atlantic_knows_the_other(british: str, american: str) -> None:
    assert spelt_otherwise(british) == american
    assert spelt_otherwise(american) == british


@pytest.mark.parametrize("word", ["basis", "network", "this", "for", "size", "is", "", "深度"])
def test_other_words_have_one_spelling(word: str) -> None:
    assert spelt_otherwise(word) == ""
