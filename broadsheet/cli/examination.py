"""What `doctor` looks at: each part of the installation, what is wrong with it and the remedy."""

import platform
import pyexpat
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection

from broadsheet import __version__
from broadsheet.cli.start import findings as system_findings
from broadsheet.cli.start import migrations

_PACKAGES = ("Django", "tantivy", "numpy", "granian", "orjson", "math-core")
_KEPT_LINES = 20


class Level(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``name`` is stable, for programs; ``remedy`` is empty where nothing is wrong."""

    level: Level
    name: str
    said: str
    remedy: str = ""


def versions() -> dict[str, str]:
    found = {
        "Broadsheet": __version__,
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "Expat": pyexpat.EXPAT_VERSION.removeprefix("expat_"),
        "System": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
    for package in _PACKAGES:
        try:
            found[package] = installed(package)
        except PackageNotFoundError:
            found[package] = "missing"
    return found


def examine(*, full: bool) -> Iterator[Finding]:
    """Every finding, part by part; a part that cannot be looked at is itself a finding."""
    yield from _system()
    disk = shutil.disk_usage(settings.DATA)
    yield Finding(Level.GOOD, "disk", f"{disk.free / 1e9:.1f} of {disk.total / 1e9:.1f} GB free")
    try:
        waiting = list(_tables())
        yield from waiting
        if any(one.level is Level.ERROR for one in waiting):
            return
        yield from _database(full=full)
        yield from _index(full=full)
    except DatabaseError as wrong:
        yield Finding(
            Level.ERROR,
            "database",
            f"The database cannot be read: {wrong}.",
            "Check the option database and who owns the data folder; else restore a backup (docs/operating.md).",
        )


def _system() -> Iterator[Finding]:
    try:
        said = system_findings()
    except ImportError as wrong:
        yield Finding(Level.ERROR, "installation", f"A part is missing: {wrong}.", "Install Broadsheet again.")
        return
    except DatabaseError as wrong:
        yield Finding(
            Level.ERROR,
            "connection",
            f"The database cannot be opened: {wrong}.",
            "Check the option database, that the data folder exists and that it is yours to write.",
        )
        return
    for one in said:
        level = Level.ERROR if one.level >= checks.ERROR else Level.WARNING
        yield Finding(level, str(one.id), str(one.msg), str(one.hint or ""))
    if not said:
        yield Finding(Level.GOOD, "settings", "versions, data folder, options and connection are as they must be")


def _tables() -> Iterator[Finding]:
    pending, unknown = migrations()
    if unknown:
        yield Finding(
            Level.ERROR,
            "tables",
            f"The database was written by a newer Broadsheet ({unknown[0]}).",
            "Install that release or a later one.",
        )
    elif pending:
        yield Finding(
            Level.ERROR,
            "tables",
            f"{len(pending)} changes to the tables wait ({pending[0]} first).",
            "Make a backup, then run `broadsheet serve` or `broadsheet import`: both bring the tables up to date.",
        )
    else:
        yield Finding(Level.GOOD, "tables", "those of this release")


def _database(*, full: bool) -> Iterator[Finding]:
    from broadsheet.catalog.models import Edition, Paper

    yield Finding(
        Level.GOOD, "catalogue", f"{Paper.objects.count():,} papers in {Edition.objects.count():,} editions"
    )
    if connection.vendor != "sqlite":
        return
    pragma = "integrity_check" if full else "quick_check"
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}({_KEPT_LINES})")
        wrong = [str(row[0]) for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        orphans = cursor.fetchmany(_KEPT_LINES)
    if wrong:
        yield Finding(
            Level.ERROR,
            "integrity",
            f"The database file is damaged: {wrong[0]}"
            + (f" and {len(wrong) - 1} more" if wrong[1:] else "")
            + ".",
            "Stop Broadsheet, keep a copy of the data folder, restore a backup (docs/operating.md).",
        )
    if orphans:
        yield Finding(
            Level.ERROR,
            "foreign keys",
            f"Rows of table {orphans[0][0]} point at rows that are gone.",
            "Restore a backup (docs/operating.md), or export, import into a fresh data folder and compare.",
        )
    if not wrong and not orphans:
        yield Finding(Level.GOOD, "integrity", f"{pragma} and foreign_key_check found nothing")


def _index(*, full: bool) -> Iterator[Finding]:
    from broadsheet.catalog.models import Outbox, Paper
    from broadsheet.search.generation import DamagedError

    papers, waiting = Paper.objects.visible().count(), Outbox.objects.count()
    if not papers:
        return
    try:
        wrong = list(_compared() if full else _counted(papers, waiting))
    except DamagedError as damage:
        wrong = [f"The index is damaged: {damage}"]
    for said in wrong:
        yield Finding(Level.ERROR, "index", f"{said}.", "Run `broadsheet index rebuild`.")
    if not wrong:
        how = "holds the papers, texts and vectors of" if full else "is whole and holds as many papers as"
        yield Finding(Level.GOOD, "index", f"{how} the database ({papers:,})")
    if waiting:
        yield Finding(
            Level.WARNING,
            "outbox",
            f"{waiting:,} changes wait to be brought into the index.",
            "Run `broadsheet index update`; a running `broadsheet serve` does it within seconds.",
        )


def _compared() -> Iterator[str]:
    """Every paper, text and vector; minutes for a million papers."""
    from broadsheet.jobs.index import verify

    found = verify()
    yield from (problem.partition("; run ")[0] for problem in found.problems)
    for how, papers in (
        ("missing from", found.missing),
        ("too many in", found.surplus),
        ("old in", found.different),
    ):
        if papers:
            yield f"{len(papers):,} papers are {how} the index"


def _counted(papers: int, waiting: int) -> Iterator[str]:
    """The checksum of every file, whose vectors they are, and how many papers."""
    from broadsheet.jobs.index import chosen_encoder
    from broadsheet.jobs.spaces import index_root
    from broadsheet.search.generation import NoIndexError, open_current, pointed

    try:
        current = open_current(index_root())
    except NoIndexError as wrong:
        yield str(wrong)
        return
    manifest, encoder = current.manifest, chosen_encoder()
    if pointed(index_root()) != manifest.generation:
        yield f"The newest index is damaged, the one before it (generation {manifest.generation}) serves"
    if not manifest.base.made_by(encoder):
        yield f"The vectors are of {manifest.base}, the encoder is {encoder.name} {encoder.version}"
    if manifest.documents != papers and not waiting:
        yield f"The index holds {manifest.documents:,} papers, the database {papers:,}"


def options() -> list[dict[str, Any]]:
    """Every option with the value in force, where it came from and what it is for; secrets hidden."""
    told = []
    for row in settings.OPTIONS.rows:
        value = settings.OPTIONS[row.name]
        if row.secret and value:
            value = "(hidden)"
        elif isinstance(value, tuple):
            value = ", ".join(value)
        told.append(
            {
                "name": row.name,
                "value": str(value) if not isinstance(value, bool | int) else value,
                "from": settings.OPTIONS.origins[row.name],
                "variable": row.variable,
                "kind": row.kind,
                "help": row.help,
            }
        )
    return told
