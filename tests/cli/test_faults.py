"""Whatever goes wrong is told in one line with the remedy, and the exit code says whose fault it is."""

import errno

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from broadsheet.cli.faults import ExitCode, fault_of
from broadsheet.search.generation import BusyError, DamagedError, NoIndexError
from broadsheet.search.writer import EncoderChangedError


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (OperationalError("database or disk is full"), "free some"),
        (OSError(errno.ENOSPC, "No space left on device"), "free some"),
        (ValueError("An IO error occurred: 'No space left on device (os error 28)'"), "free some"),
        (OperationalError("no such table: paper"), "broadsheet import"),
        (OperationalError("database is locked"), "wait"),
        (OperationalError("database disk image is malformed"), "restore a backup"),
        (OperationalError("connection failed: refused"), "option database"),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/papers"), "/srv/papers"),
        (NoIndexError("there is no index"), "index rebuild"),
        (DamagedError("a byte differs"), "index rebuild"),
        (BusyError("another process is writing the index; wait for it"), "wait"),
        (EncoderChangedError("run `broadsheet index rebuild`"), "index rebuild"),
        (ImportError("no module named tantivy"), "install"),
        (KeyError("what"), "report"),
    ],
)
def test_a_fault_of_the_system_names_the_remedy(error: Exception, remedy: str) -> None:
    told = fault_of(error)
    assert remedy in str(told)
    assert "\n" not in str(told)
    assert told.code == ExitCode.SYSTEM


def test_a_wrong_option_is_wrong_use() -> None:
    assert fault_of(ImproperlyConfigured("BROADSHEET_PORT is 'x'")).code == ExitCode.MISUSED


def test_a_fault_of_ours_names_the_place() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0
    assert "test_faults.py" in str(fault_of(caught.value))


def test_a_panic_of_a_library_is_told_like_any_other() -> None:
    class Panic(BaseException):
        """As pyo3 raises them: no Exception."""

    assert "Panic" in str(fault_of(Panic("index out of bounds")))
