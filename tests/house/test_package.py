"""What an installed Broadsheet holds."""

import fnmatch
import tomllib
from pathlib import Path

import pytest
from setuptools import find_packages

from broadsheet.cli.edition import edition
from broadsheet.cli.search import search
from broadsheet.cli.trending import trending
from broadsheet.config.options import BadOption, settle
from broadsheet.listings.edition import Order
from broadsheet.listings.search import Mode, Sort
from broadsheet.listings.trending import Window
from broadsheet.search.encoders import BASES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "broadsheet"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def choices(command: object, flag: str) -> set[str]:
    return next(set(one.type.choices) for one in command.params if one.name == flag)  # type: ignore[attr-defined]


def test_every_data_file_goes_into_the_wheel() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["broadsheet"]
    left_out = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and path.suffix not in (".py", ".pyc")
        and not any(fnmatch.fnmatch(path.relative_to(PACKAGE).as_posix(), _glob(pattern)) for pattern in patterns)
    ]
    assert left_out == []


def _glob(pattern: str) -> str:
    """fnmatch lets * cross folders, so that ``**/*.css`` is ``*.css``."""
    return pattern.removeprefix("**/")


def test_every_folder_with_code_is_a_package_of_the_wheel() -> None:
    found = set(find_packages(str(ROOT), include=["broadsheet*"]))
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert {".".join(path.relative_to(ROOT).parts) for path in folders} == found


def test_flags_offer_what_the_listings_know() -> None:
    """The choices are written out beside the flags so that --help need not import the listings."""
    assert choices(edition, "sort") == {one.value for one in Order}
    assert choices(trending, "window") == {one.value for one in Window}
    assert choices(search, "sort") == {one.value for one in Sort}
    assert choices(search, "mode") == {one.value for one in Mode}


def test_every_base_can_be_chosen_and_no_other() -> None:
    for encoder in BASES:
        assert settle({"BROADSHEET_ENCODER": encoder, "BROADSHEET_DATA": "/nowhere"})["encoder"] == encoder
    with pytest.raises(BadOption) as wrong:
        settle({"BROADSHEET_ENCODER": "other", "BROADSHEET_DATA": "/nowhere"})
    assert all(encoder in str(wrong.value) for encoder in BASES)
