"""Models of others at the command line: what is said where one cannot be had or written."""

import importlib.util
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.search.encoders.tiny import write_folder


def test_a_name_that_the_hub_cannot_know_is_told_with_an_example(broadsheet: Command, tmp_path: Path) -> None:
    said = broadsheet("encoder", "fetch", "MiniLM", str(tmp_path / "out"), code=3).err

    assert "'MiniLM' is no name on the hub: say owner/model" in said
    assert not (tmp_path / "out").exists()


def test_a_hub_that_does_not_answer_is_told(broadsheet: Command, tmp_path: Path) -> None:
    broadsheet.options["HF_ENDPOINT"] = "http://127.0.0.1:9"

    said = broadsheet("encoder", "fetch", "acme/small", str(tmp_path / "out"), code=3).err

    assert "acme/small could not be fetched" in said


@pytest.mark.skipif(importlib.util.find_spec("sentence_transformers") is not None, reason="it is installed")
def test_an_export_names_what_it_wants(broadsheet: Command, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "tiny")

    assert (
        "pip install 'broadsheet[export]'"
        in broadsheet("encoder", "export", str(folder), str(tmp_path / "out"), code=2).err
    )


def test_a_model_in_a_folder_answers_searches(broadsheet: Command, tmp_path: Path) -> None:
    papers = tmp_path / "papers.jsonl"
    papers.write_text(
        "\n".join(
            json.dumps(
                {
                    "id": f"2602.0000{at}",
                    "title": title,
                    "abstract": title,
                    "authors": ["A. Writer"],
                    "published": "2026-02-10",
                }
            )
            for at, title in enumerate(("Otters", "Sparse attention", "Graphs of a query"), 1)
        )
    )
    folder = write_folder(tmp_path / "tiny")
    broadsheet("import", str(papers))
    broadsheet("encoder", "add", str(folder))
    broadsheet("encode")
    broadsheet("encoder", "use", "transformer-tiny", "--anyway")

    found = broadsheet("search", "attention sparse", "--mode", "meaning", "--json").json

    assert found["papers"][0]["title"] == "Sparse attention"
    serving = [one for one in broadsheet("encoder", "list", "--json").json if one["serves"]]
    assert [(one["name"], one["covered"], one["folder"]) for one in serving] == [
        ("transformer-tiny", 3, str(folder))
    ]
