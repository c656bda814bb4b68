"""BibTeX and RIS, read back by the libraries that people read them with."""

from datetime import date
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import SeparateCoAuthors
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.core import text
from broadsheet.core.card import Card
from broadsheet.core.ids import PaperId
from broadsheet.listings.citations import bibtex, ris
from tests.factories import ABSTRACT, AUTHORS, DAY, TITLE, named

ARXIV = named("2602.01001")


def card(**facts: Any) -> Card:
    known: dict[str, Any] = {
        "paper": 1, "key": "2602.01001", "title": TITLE, "abstract": ABSTRACT, "summary": "", "summary_by": "",
        "authors": AUTHORS, "author_count": 2, "published": DAY, "precision": "day", "topics": ("cs.CL",),
        "keywords": (), "venue": "", "code_url": "", "project_url": "", "pdf_url": "", "thumbnail_url": "",
        "signals": {}, "sources": ("arxiv",), "submitted_by": "", "organization": "",
    }  # fmt: skip
    return Card(**(known | facts))


def fields(shown: Card, known: tuple[PaperId, ...] = ARXIV) -> dict[str, Any]:
    """What a BibTeX library reads of the entry; there must be one entry and nothing it cannot read."""
    library = parse_string(bibtex(shown, known))
    assert not library.failed_blocks
    assert len(library.blocks) == len(library.entries) == 1
    return {field.key: field.value for field in library.entries[0].fields}


def reference(shown: Card, known: tuple[PaperId, ...] = ARXIV) -> dict[str, Any]:
    (entry,) = rispy.loads(ris(shown, known))
    return dict(entry)


def bare(value: str) -> str:
    return value.replace("{", "").replace("}", "").replace("\\", "")


def test_a_preprint_is_cited_with_its_number_and_topic() -> None:
    read = fields(card())

    assert read["title"] == f"{{{TITLE}}}"
    assert read["author"] == "Marlow, Ada and Quist, Bertil"
    assert (read["eprint"], read["archiveprefix"], read["primaryclass"]) == ("2602.01001", "arXiv", "cs.CL")
    assert (read["year"], read["month"], read["url"]) == ("2026", "feb", "https://arxiv.org/abs/2602.01001")


def test_a_paper_of_a_venue_is_cited_with_it() -> None:
    entry = parse_string(bibtex(card(venue="ACL 2026"), named("10.18653/v1/p19-1001"))).entries[0]

    assert entry.entry_type == "inproceedings"
    assert entry["booktitle"] == "ACL 2026"
    assert entry["doi"] == "10.18653/v1/p19-1001"


def test_a_paper_without_authors_or_date_can_be_cited() -> None:
    read = fields(card(authors=(), published=None), ())

    assert set(read) == {"title"}
    assert reference(card(authors=(), published=None), ())["title"] == TITLE


def test_a_month_that_is_not_known_is_not_told() -> None:
    assert "month" not in fields(card(precision="year"))


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("R&D at 5% of #1", r"R\&D at 5\% of \#1"),
        (r"R\&D again", r"R\&D again"),
        ("It costs $5 & $10", r"It costs \$5 \& \$10"),
        ("Sorting in $O(n_1 & n_2)$ & more", r"Sorting in $O(n_1 & n_2)$ \& more"),
        ("snake_case", r"snake\_case"),
        ("{BERT}: a title", "{BERT}: a title"),
        ("An } unbalanced { title", "An  unbalanced  title"),
        ("A title that ends in a backslash\\", "A title that ends in a backslash"),
        ('The "quoted" title', 'The "quoted" title'),
        ("@article{evil, title={x}}", "@article{evil, title={x}}"),
        ("注意力 — Ünïcödé", "注意力 — Ünïcödé"),
    ],
)
def test_a_title_is_written_so_that_tex_can_read_it(title: str, written: str) -> None:
    assert fields(card(title=title))["title"] == f"{{{written}}}"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ada Marlow", "Marlow, Ada"),
        ("Ludwig van Beethoven", "Beethoven, Ludwig van"),
        ("Marlow, Ada", "Marlow, Ada"),
        ("OpenAI", "OpenAI"),
        ("The Lantern and Ladder Team", "{The Lantern and Ladder Team}"),
        ("Ada {Marlow", "Marlow, Ada"),
    ],
)
def test_a_name_is_one_name(name: str, written: str) -> None:
    library = parse_string(
        bibtex(card(authors=(name, "Bertil Quist")), ARXIV), append_middleware=[SeparateCoAuthors()]
    )

    assert library.entries[0]["author"] == [written, "Quist, Bertil"]


def test_ris_says_the_same() -> None:
    read = reference(card(venue="ACL 2026", keywords=("light", "oil")), named("2602.01001", "10.1234/lantern"))

    assert read["type_of_reference"] == "CPAPER"
    assert (read["title"], read["authors"], read["year"]) == (TITLE, ["Marlow, Ada", "Quist, Bertil"], "2026")
    assert (read["secondary_title"], read["doi"]) == ("ACL 2026", "10.1234/lantern")
    assert (read["abstract"], read["keywords"]) == (ABSTRACT, ["light", "oil"])


def test_ris_holds_no_tex() -> None:
    assert reference(card(title=r"Erd\H{o}s in $O(n)$ for \$5"))["title"] == "Erdős in O(n) for $5"


def test_the_cite_key_is_the_surname_the_year_and_a_word_of_the_title() -> None:
    assert (
        parse_string(bibtex(card(authors=("José García",), title="On the Lanterns"), ARXIV)).entries[0].key
        == "garcia2026lanterns"
    )


def test_a_day_of_another_locale_does_not_change_the_month() -> None:
    assert fields(card(published=date(2026, 5, 1)))["month"] == "may"


lines = st.text(
    alphabet=st.characters(exclude_categories=("Cs",)) | st.sampled_from("{}\\$%&#_@,=\"'~ "), max_size=40
).map(text.one_line)


@given(lines.filter(bool), st.lists(lines.filter(bool), max_size=3), lines, lines)
def test_whatever_a_paper_is_called_one_entry_with_its_title_is_read_back(
    title: str, authors: list[str], venue: str, abstract: str
) -> None:
    shown = card(title=title, authors=tuple(authors), venue=venue, abstract=abstract)

    read = fields(shown)
    assert bare(read["title"]) == bare(title)
    assert bare(read.get("booktitle", read.get("howpublished", ""))) == bare(venue)
    reference(shown)


@given(
    lines.filter(lambda line: line and "$" not in line and "\\" not in line and "~" not in line), lines.filter(bool)
)
def test_ris_of_any_paper_is_read_back(title: str, author: str) -> None:
    read = reference(card(title=title, authors=(author,)))

    assert read["title"] == title
    assert len(read["authors"]) == 1
