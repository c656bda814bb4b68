"""What the verbs have in common: flags, the start of Django, tables brought up to date."""

import fcntl
import logging
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from broadsheet.cli.faults import ExitCode, Fault

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

Verb = TypeVar("Verb", bound=Callable[..., Any])


def _use_folder(context: click.Context, _: click.Parameter, folder: Path | None) -> None:
    if folder is not None:
        os.environ["BROADSHEET_DATA"] = str(folder.expanduser().absolute())


data_flag = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    expose_value=False,
    is_eager=True,
    callback=_use_folder,
    help="The data folder. Else BROADSHEET_DATA, else the folder for data of your system.",
)
json_flag = click.option("--json", "as_json", is_flag=True, help="One JSON document for programs.")


def verb(function: Verb) -> Verb:
    """The flags of every verb."""
    return data_flag(function)


class Day(click.ParamType[date]):
    """A day, written 2026-02-10."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from broadsheet.core.day import BadPeriod, PeriodKind, parse_period

        if isinstance(value, date):
            return value
        try:
            return parse_period(PeriodKind.DAY, str(value)).first
        except BadPeriod as wrong:
            self.fail(str(wrong), param, ctx)


def ready() -> None:
    """Options read and Django set up; the tables may still be missing or old."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    import django

    django.setup()
    # A verb says itself what a person should know; the log lines of a server would say it twice.
    logging.getLogger("broadsheet").setLevel(logging.ERROR)


def ready_to_write() -> bool:
    """As `ready`, and the tables are those of this release. Returns whether any had to be made or changed."""
    ready()
    from django.conf import settings

    settings.DATA.mkdir(parents=True, exist_ok=True)
    # Two commands started at once on a fresh folder must not both make the tables.
    with (settings.DATA / "migrate.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        pending, unknown = migrations()
        if unknown:
            raise Fault(
                f"the database was written by a newer Broadsheet ({unknown[0]}): install that release or a later one"
            )
        if pending:
            from django.core.management import call_command

            call_command("migrate", verbosity=0, interactive=False)
    return bool(pending)


def migrations() -> tuple[list[str], list[str]]:
    """Migrations that wait, and migrations in the database that this release does not know."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    pending = [f"{one.app_label}.{one.name}" for one, _ in executor.migration_plan(leaves)]
    here = executor.loader.disk_migrations or {}
    ours = {app for app, _ in here}
    held = executor.loader.applied_migrations or {}
    return pending, sorted(f"{app}.{name}" for app, name in held if app in ours and (app, name) not in here)


def findings() -> "list[CheckMessage]":
    """What Django's and Broadsheet's own checks say of the options, the folder and a live connection, worst first."""
    from django.conf import settings
    from django.core import checks

    said = checks.run_checks(databases=["default"], include_deployment_checks=settings.OPTIONS["https"])
    return sorted((one for one in said if not one.is_silenced()), key=lambda one: (-one.level, str(one.id)))


def warn_of_findings() -> None:
    """Print them to stderr.

    Raises:
        Fault: if one of them is an error.
    """
    from django.core import checks

    wrong = findings()
    for one in wrong:
        level = "error" if one.level >= checks.ERROR else "warning"
        say(f"{level} {one.id}: {one.msg}" + (f" {one.hint}" if one.hint else ""))
    if any(one.level >= checks.ERROR for one in wrong):
        raise Fault("it cannot start like this: mend what is said above", ExitCode.SYSTEM)


def say(line: str) -> None:
    """A line for the person at the terminal, on stderr: stdout is for results."""
    print(f"broadsheet: {line}", file=sys.stderr, flush=True)
