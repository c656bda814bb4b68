"""What people are told is what the code does."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from broadsheet.cli.root import broadsheet
from broadsheet.config import checks
from tests.house.reference import DOCS, PAGES, walk

ROOT = DOCS.parent
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


@pytest.mark.parametrize("file", PAGES)
def test_reference_page_is_what_the_code_makes_of_it(file: str) -> None:
    assert (DOCS / file).read_text("utf-8") == PAGES[file](), "run `python -m tests.house.reference`"


@pytest.mark.parametrize("file", ["LICENSE", "README.md", "CHANGELOG.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_repository_has_the_pages_that_people_look_for(file: str) -> None:
    assert (ROOT / file).read_text("utf-8").strip()


@pytest.mark.parametrize(("name", "command"), list(walk(broadsheet)))
def test_every_command_has_an_example_that_names_it(name: str, command: click.Command) -> None:
    examples = [line for line in (command.help or "").splitlines() if "broadsheet " in line]
    assert any(name in line for line in examples), f"{name} --help shows no example of {name}"


@pytest.mark.parametrize(
    ("name", "command"), [one for one in walk(broadsheet) if not isinstance(one[1], click.Group)]
)
def test_every_flag_of_a_command_says_what_it_does(name: str, command: click.Command) -> None:
    flags = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.name for one in flags if not one.help] == []
    assert "data" in [one.name for one in flags], f"{name} does not take --data"


def routes(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    for one in patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, here)
        else:
            yield _CONVERTER.sub(r"{\1}", here)


def test_every_route_is_in_a_page_of_the_docs() -> None:
    told = "\n".join(page.read_text("utf-8") for page in DOCS.glob("*.md"))
    named = set(re.findall(r"(?<![\w/])/[\w./{}-]*", told))
    missing = [route for route in routes(get_resolver().url_patterns) if route not in named]
    assert missing == [], "describe them in docs/routes.md"


def test_every_page_route_in_the_docs_exists() -> None:
    told = re.findall(r"^\| `(/[^` ]*)`", (DOCS / "routes.md").read_text("utf-8"), re.MULTILINE)
    assert set(told) - set(routes(get_resolver().url_patterns)) == set()


def test_every_check_is_in_the_operating_page() -> None:
    told = (DOCS / "operating.md").read_text("utf-8")
    ids = set(re.findall(r"(?:W|E)\d{3}", Path(checks.__file__).read_text("utf-8")))
    assert {one for one in ids if f"broadsheet.{one}" not in told} == set()
