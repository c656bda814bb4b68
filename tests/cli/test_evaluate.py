"""`broadsheet evaluate` on made-up queries over made-up papers."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command, made_up, write_papers

JUDGED = {"glow": ("zebrafish lanterns", "2611.00001"), "boil": ("kettle evaporation", "2611.00002")}


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    folder = tmp_path / "queries"
    folder.mkdir()
    lines = [json.dumps({"_id": name, "text": text}) + "\n" for name, (text, _) in JUDGED.items()]
    (folder / "queries.jsonl").write_text("".join(lines), "utf-8")
    judgments = [f"{name}\t{paper}\t1\n" for name, (_, paper) in JUDGED.items()]
    (folder / "qrels.tsv").write_text("".join(judgments), "utf-8")
    return folder


def test_ones_own_queries_are_asked_of_the_papers_held(library: Command, queries: Path) -> None:
    [found] = library("evaluate", str(queries), "--json").json
    assert (found["set"], found["queries"], found["papers"], found["problems"]) == ("queries", 2, 4, [])
    assert list(found["modes"]) == ["words", "meaning", "rrf", "hybrid"]
    assert found["modes"]["words"]["nDCG@10"] == 1
    assert found["modes"]["hybrid"]["p"]["words"] == 1


def test_the_queries_that_lost_most_are_shown_with_both_figures(library: Command, queries: Path) -> None:
    with (queries / "qrels.tsv").open("a") as file:
        file.write("".join(f"glow\t2611.0000{other}\t1\n" for other in (2, 3, 4)))  # no word of theirs is asked for
    [found] = library("evaluate", str(queries), "--modes", "hybrid,words", "--json", "--losses", "1").json
    [lost] = found["losses"]["words"]
    assert (lost["query"], lost["text"]) == ("glow", "zebrafish lanterns")
    assert lost["words"] < lost["hybrid"]


def test_down_a_pipe_each_mode_is_a_line(library: Command, queries: Path) -> None:
    told, *rows = library("evaluate", str(queries), "--modes", "words,hybrid").rows
    assert told[0].startswith("queries: 2 queries, 4 papers")
    assert [row[0] for row in rows] == ["words", "hybrid"]
    assert rows[0][1] == "1.0000"


def test_a_folder_with_papers_needs_no_installation(broadsheet: Command, queries: Path) -> None:
    papers = write_papers(queries / "corpus.jsonl", [made_up(1, title="Zebrafish lanterns"), made_up(2)])
    with papers.open("a") as file:
        file.write("nonsense\n")
    done = broadsheet.with_options(encoder="hashed")("evaluate", str(queries), "--json")
    assert done.json[0]["papers"] == 2
    assert "corpus.jsonl:3: no JSON" in done.err


def test_the_written_page_holds_figures_and_no_query(library: Command, queries: Path, tmp_path: Path) -> None:
    library("evaluate", str(queries), "--write", str(tmp_path / "quality.md"))
    page = (tmp_path / "quality.md").read_text("utf-8")
    assert "| words | 1.0000 |" in page
    assert "zebrafish" not in page


def test_figures_written_again_take_the_place_of_their_own_kind_alone(
    library: Command, queries: Path, tmp_path: Path
) -> None:
    page = tmp_path / "quality.md"
    page.write_text(
        "# Old head\n\n## another, 7 papers, static\n\nkept\n\n## queries, 4 papers, static\n\ngoes\n", "utf-8"
    )
    library("evaluate", str(queries), "--write", str(page))
    said = page.read_text("utf-8")
    assert "kept" in said
    assert "goes" not in said
    assert said.count("## queries, 4 papers") == 1


def test_a_folder_without_judgments_is_named_and_the_others_are_measured(
    library: Command, queries: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    done = library("evaluate", str(tmp_path / "empty"), str(queries), "--json", code=1)
    assert [one["set"] for one in done.json] == ["queries"]
    assert "empty: there is no queries.jsonl in it" in done.err


def test_without_papers_and_without_an_index_the_remedy_is_told(broadsheet: Command, queries: Path) -> None:
    assert "name a corpus" in broadsheet("evaluate", str(queries), code=3).err


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--modes", "words,magic"), "magic"), (("--encoder", "magic"), "no encoder is called 'magic'")],
)
def test_an_unknown_mode_or_encoder_is_named(
    library: Command, queries: Path, words: tuple[str, ...], said: str
) -> None:
    assert said in library("evaluate", str(queries), *words, code=2).err
