"""The verbs that read: search, paper, edition, trending."""

import pytest

from tests.cli.conftest import Command


def test_search_finds_a_paper_by_its_title(library: Command) -> None:
    first = library("search", "zebrafish lanterns").rows[0]
    assert first == ["1", "2611.00001", "2026-02-10", "0", "Zebrafish lanterns for nocturnal parsing"]


def test_search_for_programs_tells_total_and_reasons(library: Command) -> None:
    found = library("search", "zebrafish", "--mode", "words", "--json").json
    assert found["total"] == 1
    assert found["papers"][0]["id"] == "2611.00001"
    assert found["papers"][0]["reasons"][0]["kind"] == "words"
    assert found["facets"]["topic"] == {"cs.CL": 1}


def test_search_keeps_to_the_filters(library: Command) -> None:
    def ids(*flags: str) -> set[str]:
        return {one["id"] for one in library("search", "we fold", "--json", *flags).json["papers"]}

    assert ids("--topic", "cs.LG") == {"2611.00002"}
    assert ids("--has-code") == {"2611.00001"}
    assert ids("--since", "2026-02-11") == {"2611.00003"}
    assert "2611.00003" not in ids("--until", "2026-02-10")


def test_search_goes_on_behind_its_cursor(library: Command) -> None:
    first = library("search", "we fold", "--json", "--limit", "3").json
    rest = library("search", "we fold", "--json", "--limit", "3", "--cursor", first["next"]).json
    met = [one["id"] for found in (first, rest) for one in found["papers"]]
    assert len(set(met)) == len(met) == first["total"] == 4
    assert "next" not in rest


def test_search_refuses_a_cursor_that_is_none(library: Command) -> None:
    assert "leave cursor out" in library("search", "we fold", "--cursor", "abc", code=2).err


def test_search_that_finds_nothing_says_so_and_ends_with_1(library: Command) -> None:
    done = library("search", "umbrella", "--since", "2199-01-01", code=1)
    assert done.out == ""
    assert "no paper was found" in done.err


def test_search_refuses_a_query_past_all_length(library: Command) -> None:
    done = library("search", "umbrella " * 10_000, code=2)
    assert "8,000" in done.err


@pytest.mark.parametrize("query", ["(" * 5_000 + "umbrella", 'umbrella "', "umbrella \udcff author:"])
def test_search_survives_what_people_paste(library: Command, query: str) -> None:
    assert library("search", "--json", "--", query).json["total"] > 0


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2026-2-1"])
def test_a_day_that_is_none_is_named(library: Command, day: str) -> None:
    done = library("search", "umbrella", "--since", day, code=2)
    assert day in done.err
    assert "2026-02-10" in done.err


def test_titles_cannot_steer_the_terminal(library: Command) -> None:
    out = library("search", "tricks", "--limit", "1").out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_paper_is_found_by_any_of_its_names(library: Command) -> None:
    for name in ("2611.00003", "arXiv:2611.00003v2", "https://arxiv.org/abs/2611.00003"):
        assert library("paper", name, "--json").json["title"] == "Seventeen ways to sort a drawer"


def test_paper_as_bibtex_and_ris(library: Command) -> None:
    assert library("paper", "2611.00003", "--bibtex").out.startswith("@")
    assert library("paper", "2611.00003", "--ris").out.startswith("TY  - ")


def test_paper_for_people_shows_its_facts(library: Command) -> None:
    out = library("paper", "2611.00003").out
    assert "Seventeen ways to sort a drawer" in out
    assert "Ada Invented" in out
    assert "huggingface.votes 41" in out


def test_paper_that_is_not_here_ends_with_1(library: Command) -> None:
    assert "2611.99999" in library("paper", "2611.99999", code=1).err


def test_edition_of_a_day_a_week_and_a_month(library: Command) -> None:
    day = library("edition", "2026-02-11", "--json").json
    assert [one["id"] for one in day["papers"]] == ["2611.00003"]
    assert day["previous"] == "2026-02-10"
    assert day["closed"] is True
    assert library("edition", "2026-W07", "--json").json["total"] == 4
    assert library("edition", "2026-02", "--json").json["total"] == 4


def test_edition_without_a_name_is_the_latest(library: Command) -> None:
    assert library("edition", "--json").json["period"]["name"] == "2026-02-11"


def test_edition_of_an_empty_day_names_its_neighbours(library: Command) -> None:
    done = library("edition", "2026-02-15", code=1)
    assert "2026-02-11" in done.err


def test_edition_that_is_no_period_is_refused(library: Command) -> None:
    done = library("edition", "2026-02-31", code=2)
    assert "2026-02-31" in done.err


def test_trending_puts_the_most_voted_first_and_says_why(library: Command) -> None:
    first = library("trending", "--window", "all", "--json").json["papers"][0]
    assert first["id"] == "2611.00003"
    assert "41" in " ".join(why["sentence"] for why in first["reasons"])


def test_every_reading_verb_tells_of_an_empty_folder_what_to_do(broadsheet: Command) -> None:
    for words in (["search", "umbrella"], ["edition"], ["export", "-"]):
        done = broadsheet(*words, code=3)
        assert "broadsheet import" in done.err
