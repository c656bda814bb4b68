"""BibTeX, one quirk at a time."""

from datetime import date

from broadsheet.core.ids import PaperId, Scheme
from broadsheet.core.record import Precision, Record, Version
from tests.sources.reading import read, record, rejected


def entry(fields: str) -> Record:
    return record("bibtex", "@article{key, title = {Folding Maps}, " + fields + "}")


def test_accents_and_protecting_braces_become_plain_text() -> None:
    assert record("bibtex", r"@misc{k, title = {The {BERT} {\'e}tude of \& Gr{\"o}bner {\ss}}}").title == (
        "The BERT étude of & Gröbner ß"
    )


def test_a_formula_keeps_its_braces() -> None:
    assert record("bibtex", r"@misc{k, title = {On $x^{2}$ {Maps}}}").title == "On $x^{2}$ Maps"


def test_names_are_turned_into_reading_order() -> None:
    made = entry(r"author = {Byron, Ada and Johannes van der Berg and {The Map Group} and M{\"u}ller, Jr., Emil}")
    assert made.authors == ("Ada Byron", "Johannes van der Berg", "The Map Group", "Emil Müller Jr.")


def test_and_others_is_nobody() -> None:
    assert entry("author = {Byron, Ada and others}").authors == ("Ada Byron",)


def test_eprint_with_its_version_and_class_is_an_arxiv_paper() -> None:
    made = entry("eprint = {2401.00001v2}, archivePrefix = {arXiv}, primaryClass = {cs.CG}")
    assert made.ids == (PaperId(Scheme.ARXIV, "2401.00001"),)
    assert (made.versions, made.topics, made.source_id) == ((Version(2),), ("cs.CG",), "2401.00001")


def test_an_eprint_of_another_archive_is_no_arxiv_id() -> None:
    assert entry("eprint = {2401.00001}, eprinttype = {hal}").ids == ()


def test_the_id_that_a_search_engine_writes_into_the_journal_is_found() -> None:
    made = entry("journal = {arXiv preprint arXiv:1706.03762}")
    assert ([one.key for one in made.ids], made.venue) == (["1706.03762"], "")


def test_a_doi_with_escaped_signs_is_read() -> None:
    assert [one.key for one in entry(r"doi = {https://doi.org/10.1007/978-3\_12}").ids] == ["10.1007/978-3_12"]


def test_an_address_of_a_paper_page_gives_its_id() -> None:
    made = entry(r"url = {https://aclanthology.org/2024.acl-long.7}")
    assert [one.key for one in made.ids] == ["acl:2024.acl-long.7"]
    assert made.links[0].url == "https://aclanthology.org/2024.acl-long.7"


def test_a_month_may_be_a_macro_a_word_or_a_number() -> None:
    assert [entry(f"year = 2017, month = {month}").published for month in ("jan", "{January}", "{1}", '"jan"')] == [
        date(2017, 1, 1)
    ] * 4


def test_a_month_that_is_none_leaves_the_year() -> None:
    made = entry("year = {2017}, month = {Spring}")
    assert (made.published, made.precision) == (date(2017, 1, 1), Precision.YEAR)


def test_macros_of_the_file_are_filled_in_and_joined() -> None:
    made = read("bibtex", '@string{conf = "Maps"}\n@misc{k, title = "On " # conf # " in " # 2024}')[0].records[0]
    assert made.title == "On Maps in 2024"


def test_venue_and_pages_make_a_reference() -> None:
    made = entry("journal = {Journal of Maps}, volume = 12, number = 3, pages = {45--67}, year = 2017")
    assert (made.venue, made.journal_ref) == ("Journal of Maps", "Journal of Maps 12(3), 45–67")


def test_two_entries_of_one_key_are_two_papers() -> None:
    assert len(read("bibtex", "@misc{k, title={A}}\n@misc{k, title={B}}")) == 2


def test_a_field_given_twice_counts_once() -> None:
    assert record("bibtex", "@misc{k, title = {First}, title = {Second}}").title == "First"


def test_comments_and_preambles_are_no_entries() -> None:
    made = read("bibtex", '% notes\n@comment{jabref-meta: x}\n@preamble{"\\newcommand"}\n\n@misc{k, title={A}}\n')
    assert [(one.line, one.records[0].title) for one in made] == [(5, "A")]


def test_an_entry_that_is_never_closed_costs_only_itself() -> None:
    broken, good = read("bibtex", "@misc{k, title = {Open, author = {X}\n}\n@misc{l, title = {Good}}\n")
    assert broken.reject is not None
    assert (broken.line, broken.reject.raw[:8]) == (1, "@misc{k,")
    assert "not valid BibTeX" in broken.reject.reason
    assert good.records[0].title == "Good"


def test_an_entry_without_a_title_is_rejected() -> None:
    assert rejected("bibtex", "@misc{k, author = {Byron, Ada}}").reason == "the entry has no title"


def test_an_old_file_in_windows_encoding_is_read() -> None:
    assert record("bibtex", "@misc{k, title = {Café}}".encode("cp1252")).title == "Café"


def test_keywords_are_split() -> None:
    assert entry("keywords = {maps, paper folding}").keywords == ("maps", "paper folding")
