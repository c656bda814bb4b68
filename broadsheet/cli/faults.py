"""What the command line says when something is wrong: one line with the remedy, and an exit code that means something."""

import errno
import traceback
from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """How a command ends. docs/commands.md shows these to people."""

    DONE = 0
    NOTHING = 1
    MISUSED = 2
    SYSTEM = 3
    INTERRUPTED = 130
    CUT_OFF = 141


EXIT_MEANINGS = {
    ExitCode.DONE: "Done.",
    ExitCode.NOTHING: "Nothing was found, nothing could be imported, or `doctor` and `index verify` found something wrong.",
    ExitCode.MISUSED: "Wrong use: an unknown command or flag, a wrong value, a wrong option in the environment or the file.",
    ExitCode.SYSTEM: "The system is at fault: no room on the disk, no index, a port that is taken, a database that cannot be read.",
    ExitCode.INTERRUPTED: "Stopped by Ctrl-C. What was done so far is kept.",
    ExitCode.CUT_OFF: "The program that read the output went away, as `head` does.",
}


class Fault(Exception):
    """A message for people that names what is wrong and the remedy, and how the command ends."""

    def __init__(self, message: str, code: ExitCode = ExitCode.SYSTEM) -> None:
        super().__init__(message)
        self.code = code


class CutOff(Exception):
    """Whoever read the output went away. Nobody is left to tell."""


_DISK_FULL = "there is no room on the disk: free some and run the command again; what was stored so far is whole"

# What SQLite says, and what a person can do about it.
_DATABASE = (
    ("disk is full", _DISK_FULL),
    (
        "no such table",
        "this data folder has no tables yet: run `broadsheet import PATH` or `broadsheet serve` first",
    ),
    ("no such column", "the tables are of an older release: run `broadsheet serve` or `broadsheet import` once"),
    (
        "unable to open",
        "the database file cannot be opened: check that the data folder exists and is yours to write",
    ),
    (
        "readonly",
        "the database cannot be written: check who owns the data folder, and that its disk is not read-only",
    ),
    ("connection", "the database server does not answer: start it, or correct the option database ({said})"),
    ("locked", "another process keeps the database busy: wait for it to end, then run the command again"),
    (
        "malformed",
        "the database file is damaged: restore a backup (docs/operating.md), then `broadsheet index rebuild`",
    ),
    ("not a database", "the database file is not SQLite: restore a backup (docs/operating.md)"),
)


def fault_of(error: BaseException) -> Fault:
    """``error``, whatever it is, as a sentence for people."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error as DatabaseError

    of_search = type(error).__name__ if type(error).__module__.startswith("broadsheet.search.") else ""
    match error:
        case Fault():
            return error
        case ImproperlyConfigured():
            return Fault(str(error), ExitCode.MISUSED)
        case ImportError():
            return Fault(f"a part of this installation is missing or broken ({error}): install Broadsheet again")
        # By name: what is told here may be that the search library itself cannot be imported.
        case _ if of_search == "NoIndexError":
            return Fault(f"{error}: run `broadsheet index rebuild`")
        case _ if of_search == "DamagedError":
            return Fault(f"the index is damaged ({error}): run `broadsheet index rebuild`")
        case _ if of_search in ("BusyError", "EncoderChangedError"):
            return Fault(str(error))
        case DatabaseError():
            said = " ".join(str(error).split())
            remedy = next((remedy for part, remedy in _DATABASE if part in said.lower()), "")
            return Fault(remedy.format(said=said[:200]) or f"the database refuses: {said}")
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return Fault(_DISK_FULL)
        case PermissionError() | FileNotFoundError() | NotADirectoryError() if error.filename:
            what = (error.strerror or "").lower()
            return Fault(
                f"{error.filename}: {what}: check the path and who owns it, or name another folder with --data"
            )
        case OSError():
            named = f"{error.filename}: " if error.filename else ""
            return Fault(f"{named}{(error.strerror or str(error)).lower()}")
        case _ if "No space left on device" in str(error):
            # The search library wraps what the disk says in errors of its own.
            return Fault(_DISK_FULL)
        case MemoryError():
            return Fault("there is not enough memory: stop other programs, or lower the option index_memory")
        case _:
            return Fault(_unexpected(error))


def _unexpected(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return (
        f"unexpected {type(error).__name__}{place}: {error}. This is a fault of Broadsheet: please report it; "
        "BROADSHEET_DEBUG=1 shows where it happened"
    )
