"""Who may import whom, and the habits that keep the rooms readable."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "broadsheet"

MOST_LINES = 300

# Each of these makes HTML of its own, and its tests try to break out of it.
SAFE_HTML_MADE_IN = {
    "broadsheet/web/tags.py",
}


def files(*endings: str) -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE).parts
        if path.suffix in endings and "vendor" not in inside and "__pycache__" not in inside:
            yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_six_import_contracts_hold() -> None:
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    assert "Contracts: 6 kept, 0 broken." in done.stdout


def test_nobody_reaches_a_model_by_its_name() -> None:
    """A string escapes the import contracts; only migrations, which know no other way, use one."""
    found = [
        name(path)
        for path in files(".py")
        if "get_model(" in path.read_text("utf-8") and "migrations" not in path.parts
    ]
    assert found == []


def test_nobody_imports_a_module_of_the_package_by_its_name() -> None:
    found = [
        f"{name(path)}:{call.lineno}"
        for path in files(".py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) in ("importlib.import_module", "import_module", "__import__")
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and str(call.args[0].value).startswith("broadsheet")
    ]
    assert found == []


def test_only_the_listed_files_call_html_safe() -> None:
    pattern = re.compile(r"\bmark_safe\b|\bSafeString\b|\|\s*safe\b|{%\s*autoescape\s+off")
    found = {
        name(path) for path in files(".py", ".html", ".txt", ".xml") if pattern.search(path.read_text("utf-8"))
    }
    assert found <= SAFE_HTML_MADE_IN
    assert len(SAFE_HTML_MADE_IN) <= 5


def test_only_the_command_line_prints() -> None:
    found = [
        f"{name(path)}:{call.lineno}"
        for path in files(".py")
        if not path.is_relative_to(PACKAGE / "cli")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert found == []


def test_only_config_reads_the_environment() -> None:
    """`setdefault` and assignments hand a flag to the options; reading is what only `config` may do."""
    pattern = re.compile(r"os\.getenv|os\.environ\.get\(|os\.environ\[[^\]]+\](?!\s*=[^=])")
    found = [
        name(path)
        for path in files(".py")
        if not path.is_relative_to(PACKAGE / "config") and pattern.search(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("ending", [".py", ".css", ".html", ".js"])
def test_no_file_is_too_long_to_read_in_one_go(ending: str) -> None:
    lengths = {
        name(path): len(path.read_text("utf-8").splitlines())
        for path in files(ending)
        if "migrations" not in path.parts
    }
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_room_of_leftovers() -> None:
    """A thing that is called utils, helpers, common or misc belongs somewhere else."""
    found = [name(path) for path in files(".py") if path.stem in ("utils", "util", "helpers", "common", "misc")]
    assert found == []
