"""The settings of a public site pass Django's own examination."""

import os
import re
import subprocess
import sys
from pathlib import Path

# Of the machine, not of the settings: an old SQLite or Expat is told, and nothing here can change it.
OF_THE_MACHINE = {"broadsheet.W001", "broadsheet.W002", "broadsheet.W005", "broadsheet.E005"}


def said_of(tmp_path: Path, **options: str) -> set[str]:
    """The ids of what ``check --deploy`` finds with these options."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BROADSHEET_", "DJANGO_"))}
    ours = {f"BROADSHEET_{name.upper()}": value for name, value in options.items()}
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--settings", "broadsheet.config.settings"],
        env={**kept, **ours, "BROADSHEET_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "System check identified" in done.stdout + done.stderr
    return set(re.findall(r"\((\w+\.[WE]\d+)\)", done.stdout + done.stderr)) - OF_THE_MACHINE


def test_a_public_site_has_nothing_to_mend(tmp_path: Path) -> None:
    public = {"https": "true", "host": "0.0.0.0", "allowed_hosts": "papers.example.org"}
    assert said_of(tmp_path, **public) == set()


def test_a_public_site_that_names_no_hosts_shows_errors_or_has_a_short_secret_is_told(tmp_path: Path) -> None:
    open_wide = {"https": "true", "host": "0.0.0.0", "debug": "true", "secret_key": "short"}
    assert {"broadsheet.W006", "broadsheet.E007", "broadsheet.E008"} <= said_of(tmp_path, **open_wide)
