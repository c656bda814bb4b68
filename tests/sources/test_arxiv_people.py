"""The line of authors as submitters write it."""

import pytest

from broadsheet.sources.arxiv.people import split


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ada Byron", ("Ada Byron",)),
        ("Ada Byron and Alan T. One", ("Ada Byron", "Alan T. One")),
        ("A. One, B. Two, and C. Three", ("A. One", "B. Two", "C. Three")),
        ("A. One (MIT), B. Two (ETH, Zurich)", ("A. One", "B. Two")),
        ("A. One (1), B. Two (1 and 2) ((1) Here, (2) There (far away))", ("A. One", "B. Two")),
        ("A. One (unclosed, B. Two", ("A. One", "B. Two")),
        ("J. King, Jr., B. Two III", ("J. King Jr.", "B. Two III")),
        ("The ATLAS Collaboration", ("The ATLAS Collaboration",)),
        ("A. One, for the ATLAS Collaboration", ("A. One",)),
        (r"Andr\'e W\"urfel", ("André Würfel",)),
        ("A. One; B. Two", ("A. One", "B. Two")),
        ("  \n ", ()),
        ("Sandro Anders, Rolf Andersson", ("Sandro Anders", "Rolf Andersson")),
    ],
)
def test_names(written: str, names: tuple[str, ...]) -> None:
    assert split(written) == names
