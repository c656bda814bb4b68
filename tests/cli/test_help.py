"""Help: quick, and with examples."""

import subprocess
import sys

from tests.cli.conftest import Command


def test_help_imports_neither_django_nor_an_engine() -> None:
    """What takes the time of a start is not needed to print help."""
    look = (
        "import sys, broadsheet.cli; "
        "print([one for one in ('django', 'numpy', 'tantivy', 'rich', 'granian') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=30)
    assert done.stdout == "[]\n"


def test_help_of_a_command_shows_examples(broadsheet: Command) -> None:
    out = broadsheet("search", "--help").out
    assert "broadsheet search sparse attention" in out
    assert list(broadsheet.data.iterdir()) == []


def test_version_is_one_line(broadsheet: Command) -> None:
    assert broadsheet("--version").out.startswith("broadsheet 0.")


def test_no_command_shows_the_commands_and_ends_with_2(broadsheet: Command) -> None:
    assert "serve" in broadsheet(code=2).err
