"""Saved replies of the Daily Papers API, one quirk at a time."""

import io
from datetime import UTC, date, datetime
from typing import Any

import orjson

from broadsheet.core.record import Link, LinkKind, Placement
from broadsheet.sources import registry
from broadsheet.sources.base import About
from tests.sources.reading import TODAY, read

DAY_END = datetime(2026, 2, 10, 23, 59, 59, tzinfo=UTC)


def item(number: int = 1, votes: int = 0, **paper: Any) -> dict[str, Any]:
    return {
        "paper": {"id": f"2602.{number:05}", "title": f"Paper {number}", "upvotes": votes} | paper,
        "numComments": 2,
    }


def listed(*items: object, name: str = "2026-02-10.json") -> list[Any]:
    return read("huggingface", orjson.dumps(items), name)


def test_the_day_is_the_name_of_the_file() -> None:
    (entry,) = listed(item(), name="hf/2026-02-10.json")
    assert entry.records[0].placements == (Placement(date(2026, 2, 10), 0, picked=True, by="huggingface"),)


def test_without_a_day_in_the_name_the_item_tells_when_it_was_submitted() -> None:
    (entry,) = listed(item(submittedOnDailyAt="2026-02-10T00:01:56.908Z"), name="saved.json")
    assert entry.records[0].placements[0].day == date(2026, 2, 10)


def test_without_any_day_it_has_no_place_and_still_its_votes() -> None:
    (entry,) = listed(item(votes=4, publishedAt="2026-02-02T13:59:39.000Z"), name="saved.json")
    made = entry.records[0]
    assert made.placements == ()
    assert made.observations[0].seen_at.date() == date(2026, 2, 2)


def test_places_are_by_votes_and_equal_votes_stay_in_order() -> None:
    entries = listed(item(1, 3), item(2, 9), item(3, 3))
    assert [(one.records[0].title, one.records[0].placements[0].position) for one in entries] == [
        ("Paper 1", 1), ("Paper 2", 0), ("Paper 3", 2),
    ]  # fmt: skip


def test_votes_comments_and_stars_are_read_at_the_end_of_the_day() -> None:
    (entry,) = listed(item(votes=78, githubStars=26))
    readings = [(one.name, one.value, one.seen_at) for one in entry.records[0].observations]
    assert readings == [
        ("huggingface.votes", 78, DAY_END), ("huggingface.comments", 2, DAY_END), ("github.stars", 26, DAY_END),
    ]  # fmt: skip


def test_links_to_code_project_picture_and_film_are_kept() -> None:
    one = item(githubRepo="https://github.com/a/maps.git", projectPage="https://maps.example.org") | {
        "thumbnail": "https://cdn.example.org/1.png",
        "mediaUrls": ["https://cdn.example.org/1.mp4"],
    }
    assert listed(one)[0].records[0].links == (
        Link(LinkKind.PAGE, "https://huggingface.co/papers/2602.00001"),
        Link(LinkKind.CODE, "https://github.com/a/maps"),
        Link(LinkKind.PROJECT, "https://maps.example.org"),
        Link(LinkKind.THUMBNAIL, "https://cdn.example.org/1.png"),
        Link(LinkKind.MEDIA, "https://cdn.example.org/1.mp4"),
    )


def test_a_summary_names_its_model_if_the_reply_does() -> None:
    plain, named = listed(item(1, ai_summary="Maps."), item(2, ai_summary="Maps.", ai_summary_model="A model"))
    assert (plain.records[0].summary_by, named.records[0].summary_by) == ("Hugging Face", "A model")


def test_an_item_may_be_the_text_of_a_python_dict() -> None:
    (entry,) = listed(repr(item(7, 5, summary="It's folded.", ai_summary=None)))
    assert (entry.records[0].title, entry.records[0].abstract) == ("Paper 7", "It's folded.")


def test_votes_inside_such_a_text_count_for_its_place() -> None:
    entries = listed(repr(item(1, 1)), repr(item(2, 8)))
    assert [one.records[0].placements[0].position for one in entries] == [1, 0]


def test_a_text_that_is_code_is_not_run() -> None:
    (entry,) = listed("__import__('os').getcwd()")
    assert "not a Python dict" in entry.reject.reason


def test_a_text_too_long_for_an_item_is_not_even_parsed() -> None:
    (entry,) = listed("{" + " " * 300_000)
    assert "more than 256 KB" in entry.reject.reason


def test_a_text_nested_without_end_is_rejected() -> None:
    (entry,) = listed("[" * 50_000)
    assert "not a Python dict" in entry.reject.reason


def test_a_list_may_be_wrapped_in_an_object_that_tells_the_day() -> None:
    raw = orjson.dumps({"status": "success", "date": "2025-01-10", "count": 1, "data": [item()]})
    (entry,) = read("huggingface", raw, "reply.json")
    assert entry.records[0].placements[0].day == date(2025, 1, 10)


def test_summary_and_authors_may_be_missing() -> None:
    made = listed(item())[0].records[0]
    assert (made.abstract, made.authors) == ("", ())


def test_hidden_authors_stay_hidden() -> None:
    authors = [{"name": "Ada Byron", "hidden": False}, {"name": "Somebody", "hidden": True}]
    assert listed(item(authors=authors))[0].records[0].authors == ("Ada Byron",)


def test_the_submitter_is_a_full_name_or_else_a_handle() -> None:
    full, handle = listed(
        item(1) | {"submittedBy": {"fullname": "Grace H", "name": "grace"}},
        item(2, submittedOnDailyBy={"user": "gh"}),
    )
    assert (full.records[0].submitted_by, handle.records[0].submitted_by) == ("Grace H", "gh")


def test_an_item_without_an_arxiv_id_is_rejected_and_the_others_stay() -> None:
    bad, good = listed(item(id="../../etc/passwd"), item(2))
    assert "is not an arXiv id" in bad.reject.reason
    assert good.records[0].title == "Paper 2"


def test_an_item_that_is_no_item_is_rejected() -> None:
    assert ["no object" in one.reject.reason for one in listed(17, None, {"paper": []})] == [True, True, True]


def test_an_empty_list_is_a_day_without_papers() -> None:
    assert registry.detect(b"[]\n") is registry.named("huggingface")
    assert listed() == []


def test_reading_goes_on_after_the_items_already_taken() -> None:
    raw = io.BytesIO(orjson.dumps([item(1, 1), item(2, 2)]))
    rest = list(registry.named("huggingface").read(raw, About("2026-02-10.json", TODAY), start=1))
    assert [(one.position, one.records[0].placements[0].position) for one in rest] == [(2, 0)]
