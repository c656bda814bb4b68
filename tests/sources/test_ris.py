"""RIS, one quirk at a time."""

from datetime import date

from broadsheet.core.record import Precision, Record
from tests.sources.reading import read, record, rejected


def reference(*lines: str) -> Record:
    return record("ris", "\n".join(("TY  - JOUR", "TI  - Folding Maps", *lines, "ER  - ", "")))


def test_authors_are_turned_into_reading_order() -> None:
    assert reference("AU  - Byron, Ada", "AU  - Turing, Alan").authors == ("Ada Byron", "Alan Turing")


def test_older_tags_mean_the_same() -> None:
    made = record("ris", "TY  - CONF\nT1  - Maps\nA1  - Byron, Ada\nY1  - 2019\nN2  - We fold.\nER  - \n")
    assert (made.title, made.authors, made.abstract) == ("Maps", ("Ada Byron",), "We fold.")
    assert (made.published, made.precision) == (date(2019, 1, 1), Precision.YEAR)


def test_a_date_with_slashes_is_read_as_far_as_it_goes() -> None:
    assert reference("PY  - 2020/05/03/").published == date(2020, 5, 3)
    assert reference("PY  - 2020///").precision is Precision.YEAR
    assert reference("PY  - 2020/05//Spring").precision is Precision.MONTH


def test_the_doi_and_the_addresses_give_ids() -> None:
    made = reference(
        "DO  - 10.1000/XYZ", "UR  - https://arxiv.org/abs/2401.00001v2", "UR  - https://example.org/a.pdf"
    )
    assert [one.key for one in made.ids] == ["10.1000/xyz", "2401.00001"]
    assert [one.kind for one in made.links] == ["page", "pdf"]


def test_keywords_and_pages_are_kept() -> None:
    made = reference("KW  - maps", "KW  - paper", "T2  - Journal of Maps", "VL  - 3", "SP  - 4", "EP  - 9")
    assert (made.keywords, made.journal_ref) == (("maps", "paper"), "Journal of Maps 3, 4–9")


def test_an_abstract_may_run_over_lines() -> None:
    assert reference("AB  - We fold", "and unfold.").abstract.split() == ["We", "fold", "and", "unfold."]


def test_a_reference_that_is_cut_short_costs_only_itself() -> None:
    cut, good = read("ris", "TY  - JOUR\nTI  - Half\nTY  - JOUR\nTI  - Whole\nER  - \n")
    assert cut.reject is not None
    assert "cut short" in cut.reject.reason
    assert (good.line, good.records[0].title) == (3, "Whole")


def test_a_reference_without_a_title_is_rejected() -> None:
    assert "no title" in rejected("ris", "TY  - JOUR\nAU  - Byron, Ada\nER  - \n").reason


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert record("ris", b"\xef\xbb\xbfTY  - JOUR\r\nTI  - Maps\r\nER  - \r\n").title == "Maps"
