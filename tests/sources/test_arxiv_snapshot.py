"""The arXiv metadata snapshot, one quirk at a time."""

from datetime import date

import orjson

from broadsheet.core.record import Record, Version
from tests.sources.reading import record, rejected

LINE = {
    "id": "0704.0001",
    "submitter": "Ada Byron",
    "authors": "A. Byron, J. van der Berg, M. King Jr",
    "title": "Folding\n  maps",
    "comments": "12 pages",
    "journal-ref": "J.Maps 12:3,2007",
    "doi": "10.1103/MAPS.12.3",
    "report-no": None,
    "categories": "cs.CG math.CO",
    "license": "http://creativecommons.org/licenses/by/4.0/",
    "abstract": "  We fold maps\nof paper.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [["Byron", "A.", ""], ["van der Berg", "J.", ""], ["King", "M.", "Jr"]],
}


def said(**fields: object) -> Record:
    return record("arxiv", orjson.dumps(LINE | fields))


def test_a_line_as_arxiv_publishes_it() -> None:
    made = said()
    assert (made.source, made.source_id, made.topics) == ("arxiv", "0704.0001", ("cs.CG", "math.CO"))
    assert [one.key for one in made.ids] == ["0704.0001", "10.1103/maps.12.3"]
    assert (made.published, made.updated) == (date(2007, 4, 2), date(2007, 7, 24))
    assert made.versions == (Version(1, date(2007, 4, 2)), Version(2, date(2007, 7, 24)))
    assert (made.journal_ref, made.comment) == ("J.Maps 12:3,2007", "12 pages")
    assert not made.withdrawn


def test_parsed_names_are_put_in_reading_order() -> None:
    assert said().authors == ("A. Byron", "J. van der Berg", "M. King Jr")


def test_without_parsed_names_the_line_is_split() -> None:
    assert said(authors_parsed=[]).authors == ("A. Byron", "J. van der Berg", "M. King Jr")


def test_an_id_of_the_old_style_is_one() -> None:
    assert said(id="hep-th/9901001").source_id == "hep-th/9901001"


def test_a_version_with_a_date_that_is_none_is_still_a_version() -> None:
    assert said(versions=[{"version": "v1", "created": "yesterday"}]).versions == (Version(1),)


def test_a_paper_that_says_it_is_withdrawn_is() -> None:
    assert said(abstract="This paper has been withdrawn by the author due to an error.").withdrawn
    assert said(comments="Withdrawn: the proof has a gap").withdrawn


def test_a_paper_about_withdrawal_is_not() -> None:
    assert not said(
        abstract="We study funds withdrawn from banks.", comments="This paper is on withdrawal"
    ).withdrawn


def test_fields_that_are_null_are_absent() -> None:
    made = said(doi=None, comments=None, license=None, **{"journal-ref": None})
    assert (made.comment, made.licence, made.journal_ref, len(made.ids)) == ("", "", "", 1)


def test_an_id_that_is_none_is_rejected() -> None:
    assert "is not an arXiv id" in rejected("arxiv", orjson.dumps(LINE | {"id": "xyz"})).reason
