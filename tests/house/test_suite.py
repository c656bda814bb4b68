"""The suite keeps out of the data of the person who runs it, and runs on the database that it is told to."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection


def test_the_suite_has_a_data_folder_of_its_own() -> None:
    assert settings.DATA.parent == Path(tempfile.gettempdir())
    assert settings.DATA.name.startswith("broadsheet-tests-")
    assert settings.OPTIONS.origins["port"] == "default"


def test_the_suite_runs_on_the_database_that_it_is_told_to() -> None:
    told = bool(os.environ.get("BROADSHEET_TEST_DATABASE"))

    assert connection.vendor == ("postgresql" if told else "sqlite")
