"""Styles, scripts, fonts: ours and those of others."""

import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.templatetags.static import static

import broadsheet.web
from broadsheet.web import assets

WEB = Path(broadsheet.web.__file__).parent
VENDOR = WEB / "static" / "vendor"
LISTED = re.findall(
    r"^\| `([^`]+)` .* `([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text("utf-8"), re.MULTILINE
)


@pytest.mark.parametrize(("file", "digest"), LISTED)
def test_what_others_made_is_unchanged(file: str, digest: str) -> None:
    assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == digest


def test_all_that_others_made_is_listed_with_its_licence() -> None:
    listed = {file for file, _ in LISTED}
    held = {str(file.relative_to(VENDOR)) for file in VENDOR.rglob("*") if file.is_file()}
    assert held - listed == {
        "README.md",
        "htmx-LICENSE.txt",
        "fonts/newsreader-OFL.txt",
        "fonts/libre-franklin-OFL.txt",
    }


def test_fonts_stay_light() -> None:
    assert sum(file.stat().st_size for file in VENDOR.rglob("*.woff2")) < 250_000


def test_an_address_changes_with_the_content_of_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "base.css"
    monkeypatch.setattr(finders, "find", lambda name: str(file))
    assets.mark.cache_clear()
    marks = set()
    for content in ("a {}", "b {}"):
        file.write_text(content)
        assets.mark.cache_clear()
        marks.add(static("css/base.css"))
    assets.mark.cache_clear()
    assert len(marks) == 2


@pytest.mark.parametrize("file", sorted((WEB / "static" / "css").glob("*.css")), ids=lambda file: file.name)
def test_styles_ask_nobody_else(file: Path) -> None:
    for address in re.findall(r"url\(\"?([^)\"]+)", file.read_text("utf-8")):
        assert (file.parent / address).resolve().is_file(), address


@pytest.mark.parametrize("file", sorted((WEB / "static" / "css").glob("*.css")), ids=lambda file: file.name)
def test_colours_stand_in_one_file(file: Path) -> None:
    if file.name not in ("tokens.css", "print.css"):
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b", file.read_text("utf-8")) == []


@pytest.mark.parametrize("file", sorted((WEB / "templates").iterdir()), ids=lambda file: file.name)
def test_every_template_can_be_read(file: Path) -> None:
    assert get_template(file.name)


def test_scripts_never_make_html_or_code_of_text() -> None:
    pattern = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    found = [file.name for file in (WEB / "static" / "js").glob("*.js") if pattern.search(file.read_text("utf-8"))]
    assert found == []
