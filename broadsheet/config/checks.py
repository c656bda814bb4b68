"""What must be so before Broadsheet starts, as Django system checks: each with an id, what is wrong and the remedy.

``broadsheet serve`` prints what they find and stops at an error; ``broadsheet doctor`` shows them all.
docs/operating.md lists the ids.
"""

import os
import pyexpat
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Warned
from django.db import connections

# From 3.7.0, two connections that reset the write-ahead log at once could lose pages; mended in 3.51.3.
WAL_RESET_SINCE = (3, 7, 0)
WAL_RESET_MENDED = (3, 51, 3)
EXPAT_LEAST = (2, 6, 0)

GIGABYTE = 1_000_000_000
DISK_ERROR = GIGABYTE // 5
DISK_WARNING = GIGABYTE

_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "glusterfs", "ceph", "lustre", "fuse.sshfs"}
_LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1", "[::1]"}
_LEAST_SECRET = 32

Apps = Sequence[AppConfig] | None


def version(parts: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in parts)


@register()
def sqlite_version(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    found = sqlite3.sqlite_version_info
    if "sqlite" not in settings.DATABASES["default"]["ENGINE"]:
        return []
    if not WAL_RESET_SINCE <= found < WAL_RESET_MENDED:
        return []
    return [
        Warned(
            f"SQLite {version(found)} can corrupt a database that several processes write (the WAL-reset fault of "
            f"{version(WAL_RESET_SINCE)} to 3.51.2).",
            hint=f"Use a Python whose SQLite is {version(WAL_RESET_MENDED)} or newer (or one that your system has "
            "mended), or PostgreSQL by the option database. Until then keep backups: docs/operating.md.",
            id="broadsheet.W001",
        )
    ]


@register()
def expat_version(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    if pyexpat.version_info >= EXPAT_LEAST:
        return []
    return [
        Warned(
            f"Expat {version(pyexpat.version_info)} is weak against XML bombs.",
            hint=f"Use a Python whose Expat is {version(EXPAT_LEAST)} or newer before you read feeds of strangers.",
            id="broadsheet.W002",
        )
    ]


@register()
def data_folder(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    folder: Path = settings.DATA
    if not folder.is_dir():
        return [
            Error(
                f"The data folder {folder} is not there.",
                hint="Create it, or name another with --data.",
                id="broadsheet.E003",
            )
        ]
    if not os.access(folder, os.W_OK | os.X_OK):
        return [
            Error(
                f"The data folder {folder} cannot be written.",
                hint="Make it yours (chown), or name another with --data.",
                id="broadsheet.E003",
            )
        ]
    kind = _file_system(folder)
    if kind in _NETWORK:
        return [
            Warned(
                f"The data folder {folder} is on a network file system ({kind}), where locks do not hold.",
                hint="Keep the data on a disk of this machine; copy backups over the network instead.",
                id="broadsheet.W004",
            )
        ]
    return []


@register()
def disk_space(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    if not settings.DATA.is_dir():
        return []
    free = shutil.disk_usage(settings.DATA).free
    if free >= DISK_WARNING:
        return []
    kind, name = (Error, "E005") if free < DISK_ERROR else (Warned, "W005")
    return [
        kind(
            f"The disk of the data folder has {free / GIGABYTE:.2f} GB left.",
            hint="Free some: building an index needs about as much room as the index itself.",
            id=f"broadsheet.{name}",
        )
    ]


@register()
def hosts(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    options = settings.OPTIONS
    public = options["host"] not in _LOCAL_HOSTS
    found: list[CheckMessage] = []
    if public and options.origins["allowed_hosts"] == "default":
        found.append(
            Warned(
                f"Broadsheet listens on {options['host']} but answers only to localhost: others get an error.",
                hint="Name the hosts that readers type: BROADSHEET_ALLOWED_HOSTS=papers.example.org,192.0.2.7",
                id="broadsheet.W006",
            )
        )
    if public and options["debug"]:
        found.append(
            Error(
                f"debug is on while Broadsheet listens on {options['host']}: errors would show secrets to strangers.",
                hint="Unset BROADSHEET_DEBUG, or listen on 127.0.0.1.",
                id="broadsheet.E007",
            )
        )
    return found


@register()
def secret(app_configs: Apps, **_: Any) -> list[CheckMessage]:
    if len(settings.SECRET_KEY) >= _LEAST_SECRET:
        return []
    return [
        Error(
            f"The secret key has fewer than {_LEAST_SECRET} characters: signed links could be forged.",
            hint="Unset BROADSHEET_SECRET_KEY (one is made and kept in the data folder), or give a longer one.",
            id="broadsheet.E008",
        )
    ]


@register(Tags.database)
def live_connection(app_configs: Apps, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Asks a connection what it really does: a setting that was meant but not taken shows here."""
    if "default" not in (databases or ()) or connections["default"].vendor != "sqlite":
        return []
    wanted = {"journal_mode": ("wal",), "synchronous": (2, 3), "foreign_keys": (1,), "mmap_size": (0, None)}
    wrong = []
    with connections["default"].cursor() as cursor:
        for pragma, good in wanted.items():
            cursor.execute(f"PRAGMA {pragma}")
            row = cursor.fetchone()
            value = row[0] if row else None
            if value not in good:
                wrong.append(f"{pragma} is {value}, not {good[0]}")
        cursor.execute("PRAGMA busy_timeout")
        if (wait := cursor.fetchone()[0]) < 5000:
            wrong.append(f"busy_timeout is {wait} ms, not 5000 or more")
    if (mode := settings.DATABASES["default"]["OPTIONS"].get("transaction_mode")) != "IMMEDIATE":
        wrong.append(f"transactions begin {mode or 'DEFERRED'}, not IMMEDIATE")
    if not wrong:
        return []
    return [
        Error(
            "The database connection is not set as it must be: " + "; ".join(wrong) + ".",
            hint="A commit could be lost or writers refused. If the folder's file system has no shared memory "
            "(journal_mode stays delete), move the data folder to a local disk.",
            id="broadsheet.E009",
        )
    ]


def _file_system(folder: Path) -> str:
    """The kind of file system ``folder`` is on, as Linux names it; empty where that cannot be told."""
    try:
        mounts = Path("/proc/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for mount in mounts:
        _, place, name, *_rest = mount.split(" ")
        place = place.replace("\\040", " ")
        if folder.is_relative_to(place) and len(place) >= len(best):
            best, kind = place, name
    return kind
