"""Pages of OAI-PMH into records, one quirk at a time. The samples are ours, in arXiv's shapes."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from broadsheet.core.record import Record, Version, checked
from broadsheet.sources.arxiv.announced import announcements
from broadsheet.sources.arxiv.oai import adapt, parse
from broadsheet.sources.arxiv.oai.parse import Item
from broadsheet.sources.base import BadEntry
from broadsheet.sources.failures import BadReply
from broadsheet.sources.place import Announced
from tests.sources import arxiv_words as words

SAMPLES = Path(__file__).parent / "samples" / "arxiv"
RAW = parse.page((SAMPLES / "oai-raw.xml").read_bytes())
ATTENTION, OLD, DELETED, NAMELESS = RAW.items


def page(inner: str, when: str = "2026-11-20T03:00:00Z") -> bytes:
    return (
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>{when}</responseDate>{inner}</OAI-PMH>'
    ).encode()


def item(
    *versions: str,
    datestamp: str = "2026-11-18",
    categories: str = "cs.CL",
    comments: str = "",
    abstract: str = "Text",
) -> Item:
    listed = "".join(f'<version version="v{n}"><date>{at}</date></version>' for n, at in enumerate(versions, 1))
    document = page(
        "<ListRecords><record><header><identifier>oai:arXiv.org:2611.00001</identifier>"
        f"<datestamp>{datestamp}</datestamp></header><metadata>"
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2611.00001</id>{listed}<title>Folded Maps</title>'
        f"<authors>Ada Byron</authors><categories>{categories}</categories><comments>{comments}</comments>"
        f"<abstract>{abstract}</abstract></arXivRaw></metadata></record></ListRecords>"
    )
    return parse.page(document).items[0]


def day_of(made: Record) -> date | None:
    return made.placements[0].day if made.placements else None


def test_a_page_says_when_it_was_made_and_how_it_goes_on() -> None:
    assert RAW.at == datetime(2026, 11, 20, 3, 14, 15, tzinfo=UTC)
    assert RAW.token == "verb%3DListRecords%26skip%3D4"
    assert not RAW.error


def test_a_record_with_its_history() -> None:
    made = checked(adapt.record(ATTENTION))
    assert (made.source, made.source_id, made.title) == ("arxiv", "1706.03762", "Attention Is All You Need")
    assert made.versions == (
        Version(1, date(2017, 6, 12)),
        Version(2, date(2017, 6, 19)),
        Version(7, date(2023, 8, 2)),
    )
    assert (made.published, made.updated) == (date(2017, 6, 12), date(2023, 8, 2))
    assert (made.topics, made.comment) == (("cs.CL", "cs.LG"), "15 pages, 5 figures")
    assert made.licence == "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
    assert made.abstract == "A made-up abstract, in two lines & with $a<b$."
    assert not made.withdrawn


def test_places_of_work_are_no_authors() -> None:
    assert adapt.record(ATTENTION).authors == ("Ashish Vaswani", "Noam Shazeer", "Niki Parmar", "Jakob Uszkoreit")


def test_names_in_tex_are_names_and_a_collaboration_stays_out() -> None:
    assert adapt.record(OLD).authors == ("J. Müller", "Ø. Hansen")


def test_an_old_id_a_journal_and_a_doi() -> None:
    made = adapt.record(OLD)
    assert [one.key for one in made.ids] == ["hep-th/9901001", "10.1016/s0550-3213(98)00846-6"]
    assert made.journal_ref == "Nucl.Phys. B543 (1999) 1-10"


def test_a_last_version_of_type_i_is_a_withdrawal() -> None:
    assert adapt.record(OLD).withdrawn
    assert not adapt.record(ATTENTION).withdrawn


@pytest.mark.parametrize(
    ("comments", "abstract", "withdrawn"),
    [
        ("This paper has been withdrawn by the author due to an error", "Text", True),
        ("Withdrawn", "Text", True),
        ("", "This submission has been withdrawn by arXiv administrators", True),
        ("12 pages", "We study how the paper market was withdrawn from", False),
        ("12 pages; the figures were withdrawn", "Text", False),
    ],
)
def test_a_withdrawal_is_also_told_in_words(comments: str, abstract: str, withdrawn: bool) -> None:
    assert (
        adapt.record(item("Tue, 17 Nov 2026 12:00:00 GMT", comments=comments, abstract=abstract)).withdrawn
        is withdrawn
    )


def test_a_deleted_record_has_a_name_and_nothing_else() -> None:
    assert DELETED.deleted
    assert adapt.source_id(DELETED) == "2611.00003"


def test_a_record_without_a_title_is_refused_by_its_name() -> None:
    with pytest.raises(BadEntry, match=r"2611\.00004 has no title"):
        adapt.record(NAMELESS)


def test_the_other_format_has_names_in_parts_and_no_history() -> None:
    (only,) = parse.page((SAMPLES / "oai-arxiv.xml").read_bytes()).items
    made = adapt.record(only)
    assert made.authors == ("Carl Lagoze", "Michael Nelson Jr", "The OAI")
    assert (made.published, made.versions, made.placements) == (date(2008, 4, 15), (), ())


def test_asked_for_twice_a_record_is_the_same_to_the_letter() -> None:
    again = parse.page(
        (SAMPLES / "oai-raw.xml").read_bytes().replace(b"2026-11-20T03:14:15Z", b"2026-11-21T09:00:00Z")
    )
    assert [adapt.record(one) for one in again.items[:2]] == [adapt.record(ATTENTION), adapt.record(OLD)]


def test_a_paper_is_of_the_day_for_which_it_was_submitted() -> None:
    made = adapt.record(item("Tue, 17 Nov 2026 18:59:59 GMT"))
    assert day_of(made) == date(2026, 11, 18)
    assert not made.placements[0].certain


def test_a_paper_that_a_moderator_held_back_is_of_the_day_on_which_it_came() -> None:
    assert day_of(adapt.record(item("Tue, 17 Nov 2026 18:00:00 GMT", datestamp="2026-11-23"))) == date(2026, 11, 23)


def test_a_record_edited_on_a_saturday_was_announced_by_friday() -> None:
    assert day_of(adapt.record(item("Thu, 19 Nov 2026 18:00:00 GMT", datestamp="2026-11-21"))) == date(2026, 11, 20)


def test_a_second_version_leaves_a_paper_on_its_day() -> None:
    made = adapt.record(
        item("Tue, 17 Nov 2026 18:00:00 GMT", "Thu, 19 Nov 2026 10:00:00 GMT", datestamp="2026-11-20")
    )
    assert day_of(made) == date(2026, 11, 18)


def test_a_day_on_which_arxiv_edits_old_records_announces_none_of_them() -> None:
    made = adapt.record(item("Mon, 12 Jun 2017 17:57:34 GMT", datestamp="2026-11-18"))
    assert made.placements == ()
    assert list(announcements(made, ())) == []


def test_a_record_edited_weeks_later_stays_on_its_day() -> None:
    assert day_of(adapt.record(item("Tue, 20 Oct 2026 17:00:00 GMT", datestamp="2026-11-18"))) == date(2026, 10, 21)


def test_a_paper_seen_before_and_replaced_now_is_told_of_no_earlier_than_it_can_have_come() -> None:
    """If it was held back and seen on a later day than it was submitted for, that day must stay the earliest told."""
    replaced = item("Tue, 10 Nov 2026 18:00:00 GMT", "Wed, 18 Nov 2026 10:00:00 GMT", datestamp="2026-11-19")
    assert day_of(adapt.record(replaced, read_on=date(2026, 11, 18))) == date(2026, 11, 18)


@pytest.mark.parametrize("versions", [1, 2])
def test_an_old_paper_that_is_edited_is_told_of_no_day_again(versions: int) -> None:
    old = ("Tue, 6 Oct 2026 17:00:00 GMT", "Wed, 7 Oct 2026 10:00:00 GMT")[:versions]
    assert day_of(adapt.record(item(*old, datestamp="2026-11-18"), read_on=date(2026, 11, 17))) is None


def test_a_paper_that_the_list_before_missed_still_has_its_day() -> None:
    missed = item("Tue, 17 Nov 2026 18:00:00 GMT", datestamp="2026-11-18")
    assert day_of(adapt.record(missed, read_on=date(2026, 11, 19))) == date(2026, 11, 18)


def test_a_paper_is_new_under_its_first_topic_and_a_cross_list_under_the_others() -> None:
    made = adapt.record(item("Tue, 17 Nov 2026 18:00:00 GMT", categories="cs.CL cs.LG stat.ML"))
    told = [(one.topic, one.kind) for one in announcements(made, ())]
    assert told == [("cs.CL", Announced.NEW), ("cs.LG", Announced.CROSS), ("stat.ML", Announced.CROSS)]


def test_only_the_topics_that_were_asked_for_are_told_of() -> None:
    made = adapt.record(item("Tue, 17 Nov 2026 18:00:00 GMT", categories="cs.CL cs.LG stat.ML"))
    told = [(one.topic, one.kind) for one in announcements(made, ("stat", "cs", "math"))]
    assert told == [("stat", Announced.CROSS), ("cs", Announced.NEW)]


@pytest.mark.parametrize(
    "document",
    [
        b"<html><body>Rate exceeded.</body></html>",
        page(""),
        page("<Identify/>"),
        page("<ListRecords/>").replace(b"2026-11-20T03:00:00Z", b"just now"),
        page("<ListRecords>")[:-20],
        words.oai_list(datetime(2026, 11, 20, tzinfo=UTC), [], "").encode()[:-3],
    ],
)
def test_what_is_no_whole_page_is_refused(document: bytes) -> None:
    with pytest.raises(BadReply):
        parse.page(document)


def test_an_error_has_a_code_and_words() -> None:
    refused = parse.page(page('<error code="badResumptionToken">It died.</error>'))
    assert (refused.error, refused.said, refused.items) == ("badResumptionToken", "It died.", [])


@pytest.mark.parametrize(
    "header", ["", "<header/>", "<header><identifier>x</identifier><datestamp>soon</datestamp></header>"]
)
def test_a_record_with_a_broken_header_costs_only_itself(header: str) -> None:
    good = words.oai_record(adaptable())
    made = parse.page(page(f"<ListRecords><record>{header}</record>{good}</ListRecords>"))
    assert (len(made.items), len(made.broken)) == (1, 1)


def adaptable() -> "words.Paper":
    at = datetime(2026, 11, 17, 12, tzinfo=UTC)
    return words.Paper("2611.00009", "Quiet Codes", ("Ada Byron",), ("cs.CL",), [at], at)


def test_versions_without_a_date_or_a_number_are_no_reason_to_lose_a_paper() -> None:
    made = adapt.record(item("yesterday"))
    assert (made.versions, made.published, made.placements) == ((Version(1),), None, ())
