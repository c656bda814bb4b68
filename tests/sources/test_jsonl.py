"""Broadsheet's JSON Lines, one quirk at a time."""

from datetime import UTC, date, datetime

import orjson

from broadsheet.core.ids import PaperId, Scheme
from broadsheet.core.record import Link, LinkKind, Placement, Precision, Record, Version
from broadsheet.core.signal import Kind, Observation
from broadsheet.sources.base import UNPLACED
from tests.sources.reading import read, record, rejected


def said(**fields: object) -> Record:
    return record("jsonl", orjson.dumps({"title": "Folding Maps"} | fields))


def test_a_line_with_a_title_is_enough() -> None:
    assert said() == Record(source="jsonl", source_id="", title="Folding Maps")


def test_a_line_without_a_title_is_rejected_with_its_line_and_beginning() -> None:
    first, second = read("jsonl", '{"title": "Kept"}\n{"abstract": "Nameless."}\n')
    assert first.records[0].title == "Kept"
    assert second.reject is not None
    assert (second.reject.line, second.reject.reason) == (2, "its title is missing: every paper needs one")
    assert second.reject.raw == '{"abstract": "Nameless."}'


def test_an_empty_line_is_passed_over_and_still_counted() -> None:
    assert [entry.line for entry in read("jsonl", '\n{"title": "A"}\n\n{"title": "B"}')] == [2, 4]


def test_the_source_is_what_stands_before_the_colon() -> None:
    assert said(source="arxiv:some list+another(md)").source == "arxiv"


def test_sources_that_we_know_by_another_name_get_it() -> None:
    names = [said(source=one).source for one in ("hf-daily", "hf-daily-extra", "acl-anthology", "seeds")]
    assert names == ["huggingface", "huggingface", "acl", "page"]


def test_a_source_that_is_no_name_counts_as_none() -> None:
    assert said(source="<b>me</b>").source == "jsonl"


def test_ids_come_from_every_field_that_holds_one() -> None:
    made = said(
        id="arxiv:2401.00001",
        acl_id="2024.acl-long.7",
        urls={
            "doi": "https://doi.org/10.18653/v1/2024.acl-long.7",
            "page": "https://openreview.net/forum?id=AbCdEf123",
        },
    )
    assert [one.key for one in made.ids] == [
        "2401.00001", "acl:2024.acl-long.7", "10.18653/v1/2024.acl-long.7", "openreview:AbCdEf123",
    ]  # fmt: skip
    assert made.source_id == "2401.00001"


def test_a_collections_own_id_is_kept_as_a_local_one() -> None:
    made = said(id="conf:aaai2021:06384")
    assert made.ids == (PaperId(Scheme.LOCAL, "conf:aaai2021:06384"),)


def test_a_bare_number_is_no_id_since_two_files_may_count_from_one() -> None:
    made = said(id=17)
    assert (made.ids, made.source_id) == ((), "")


def test_a_version_in_the_id_becomes_a_version() -> None:
    assert said(arxiv_id="2401.00001v3").versions == (Version(3),)


def test_a_date_may_be_a_month() -> None:
    made = said(date="2024-05")
    assert (made.published, made.precision) == (date(2024, 5, 1), Precision.MONTH)


def test_without_a_date_the_year_is_taken() -> None:
    made = said(year=2019)
    assert (made.published, made.precision) == (date(2019, 1, 1), Precision.YEAR)


def test_a_date_that_is_none_falls_back_on_the_year() -> None:
    assert said(date="2024-13-40", year=2024).precision is Precision.YEAR


def test_a_paper_of_arxiv_was_announced_on_the_day_it_is_dated() -> None:
    made = said(source="arxiv:list", date="2025-10-23")
    assert made.placements == (Placement(date(2025, 10, 23), UNPLACED, picked=False, by="arxiv"),)


def test_a_paper_of_a_conference_was_announced_nowhere() -> None:
    assert said(source="paperlists", date="2025-10-23").placements == ()


def test_daily_papers_picked_it_and_counted_its_votes_that_day() -> None:
    made = said(hf={"date": "2024-07-08", "upvotes": 6, "comments": 5})
    end = datetime(2024, 7, 8, 23, 59, 59, tzinfo=UTC)
    assert made.placements == (Placement(date(2024, 7, 8), UNPLACED, picked=True, by="huggingface"),)
    assert made.observations == (
        Observation(Kind.VOTES, "huggingface", 6, end),
        Observation(Kind.COMMENTS, "huggingface", 5, end),
    )


def test_votes_read_late_count_where_there_are_no_others() -> None:
    (votes,) = said(hf={"date": "2024-01-02", "upvotes_late": 4}).observations
    assert (votes.kind, votes.value) == (Kind.VOTES, 4)


def test_citations_without_a_moment_are_older_than_any_with_one() -> None:
    (cites,) = said(source="paperlists", cites=25, year=2021).observations
    assert (cites.name, cites.value, cites.seen_at.date()) == ("paperlists.citations", 25, date(2021, 1, 1))


def test_a_listings_and_others_becomes_a_number_of_authors() -> None:
    made = said(authors=["Ada Byron", "Emi Yoshikawa 等 6 位作者"])
    assert (made.authors, made.author_count) == (("Ada Byron", "Emi Yoshikawa"), 6)


def test_marks_and_workplaces_of_a_conference_list_are_no_part_of_a_name() -> None:
    made = said(authors=["Kuk-Jin Yoon*", "Masataka Goto (AIST (Japan))*", "Wei-Lun (Harry) Chao"])
    assert made.authors == ("Kuk-Jin Yoon", "Masataka Goto", "Wei-Lun (Harry) Chao")


def test_a_name_without_a_letter_is_no_name() -> None:
    assert said(authors=["Ada Byron", ":", ""]).authors == ("Ada Byron",)


def test_authors_may_be_one_text() -> None:
    assert said(authors="Ada Byron, Alan Turing and Emmy Noether").authors == (
        "Ada Byron", "Alan Turing", "Emmy Noether",
    )  # fmt: skip


def test_authors_may_be_objects() -> None:
    made = said(authors=[{"name": "Ada Byron"}, {"given": "Alan", "family": "Turing"}, 7, None])
    assert made.authors == ("Ada Byron", "Alan Turing")


def test_the_primary_category_comes_first_and_codes_of_other_classifications_go() -> None:
    made = said(
        arxiv_id="2401.00001",
        primary_category="cs.CV",
        categories=["cs.AI", "cs.CV", "68T45 (Machine vision), 68T07", "I.2.7", "cs.CL, cs.LG"],
    )
    assert made.topics == ("cs.CV", "cs.AI", "cs.CV", "cs.CL", "cs.LG")


def test_topics_of_another_field_are_kept_as_they_are() -> None:
    assert said(categories=["Paediatric cardiology"]).topics == ("Paediatric cardiology",)


def test_keywords_of_people_and_of_machines_stand_together() -> None:
    assert said(keywords=["maps"], ai_keywords=["paper folding"]).keywords == ("maps", "paper folding")


def test_the_authors_own_summary_is_preferred_to_a_machines() -> None:
    made = said(tldr="We fold maps.", ai_summary="Maps are folded.")
    assert (made.summary, made.summary_by) == ("We fold maps.", "the authors")


def test_a_machines_summary_says_whose_it_is() -> None:
    assert said(ai_summary="Maps are folded.", hf={"date": "2024-07-08"}).summary_by == "Hugging Face"


def test_a_paper_its_venue_did_not_take_is_not_shown_as_published_there() -> None:
    made = said(venue="ICLR 2018", status="Reject")
    assert (made.venue, made.comment) == ("", "Submitted to ICLR 2018")


def test_how_it_was_presented_stands_in_the_comment() -> None:
    made = said(venue="ICLR 2018", status="Oral")
    assert (made.venue, made.comment) == ("ICLR 2018", "Oral")


def test_a_repository_without_a_scheme_is_still_a_link() -> None:
    made = said(urls={"github": "github.com:someone/maps.git"})
    assert made.links == (Link(LinkKind.CODE, "https://github.com/someone/maps"),)


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    assert said(urls={"page": "javascript:alert(1)"}).links == ()


def test_a_title_may_be_a_number() -> None:
    assert said(title=1984).title == "1984"


def test_a_title_that_is_a_list_is_rejected() -> None:
    assert "its title is not text" in rejected("jsonl", '{"title": ["A", "B"]}').reason


def test_nan_is_read_as_absent() -> None:
    assert record("jsonl", '{"title": "A", "cites": NaN, "year": Infinity}').observations == ()


def test_lone_surrogates_do_not_lose_the_paper() -> None:
    assert record("jsonl", r'{"title": "A \ud800 B"}').title == "A B"


def test_nul_characters_are_taken_out() -> None:
    made = record("jsonl", r'{"title": "A\u0000B", "id": "conf:x\u0000:1", "venue": "V\u0000"}')
    assert (made.title, made.venue, made.source_id) == ("AB", "V", "conf:x:1")


def test_bytes_that_are_not_utf8_are_rejected_with_the_remedy() -> None:
    assert "is not UTF-8: save the file as UTF-8" in rejected("jsonl", b'{"title": "Caf\xe9"}').reason


def test_a_byte_order_mark_does_no_harm() -> None:
    assert record("jsonl", b'\xef\xbb\xbf{"title": "A"}').title == "A"


def test_json_nested_without_end_is_rejected() -> None:
    assert "nested" in rejected("jsonl", '{"title": "A", "x": ' + "[" * 200_000 + "]" * 200_000 + "}").reason


def test_a_line_that_is_json_but_no_object_is_rejected() -> None:
    assert "not a JSON object" in rejected("jsonl", "[1, 2]").reason


def test_a_line_over_the_limit_is_rejected_and_the_next_one_read() -> None:
    long = b'{"title": "' + b"a" * (9 << 20) + b'"}\n'
    first, second = read("jsonl", long + b'{"title": "B"}\n')
    assert first.reject is not None
    assert (first.reject.reason, len(first.reject.raw)) == ("the line is longer than 8 MB", 2_000)
    assert (second.line, second.records[0].title) == (2, "B")


def test_an_abstract_of_five_megabytes_is_a_record() -> None:
    assert len(said(abstract="word " * 1_000_000).abstract) == 5_000_000


def test_unknown_fields_are_left_alone() -> None:
    assert said(colour="blue", categories_partial=True) == said()
