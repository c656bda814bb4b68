"""`broadsheet doctor`: is everything in order, and what to do about what is not."""

import sys

import click

from broadsheet.cli.faults import ExitCode
from broadsheet.cli.start import json_flag, ready, verb


@click.command(short_help="Is everything in order, and what to do if not.")
@click.option("--full", is_flag=True, help="Read all of the database, and compare every paper with the index.")
@click.option("--options", "only_options", is_flag=True, help="List every option with its value and its origin.")
@json_flag
@verb
def doctor(full: bool, only_options: bool, as_json: bool) -> int:
    """Look at versions, disk, settings, database, index and spaces of vectors; say what is wrong and the remedy.

    Ends with 1 if something is wrong enough to be called an error.

    \b
    broadsheet doctor
    broadsheet doctor --full
    broadsheet doctor --options
    broadsheet doctor --json | jq '.findings[] | select(.level != "good")'
    """
    ready()
    from broadsheet.cli import show
    from broadsheet.cli.examination import Level, examine, options, versions
    from broadsheet.cli.examination_spaces import examine_spaces

    if only_options:
        _options(options(), as_json=as_json)
        return ExitCode.DONE
    found = [*examine(full=full), *examine_spaces()]
    ill = any(one.level is Level.ERROR for one in found)
    if as_json:
        show.document(
            {"well": not ill, "versions": versions(), "findings": found, "options": options()},
        )
    else:
        click.echo(", ".join(f"{name} {number}" for name, number in versions().items()))
        marks = {Level.GOOD: "ok", Level.WARNING: "warning", Level.ERROR: "ERROR"}
        colours = {Level.GOOD: "green", Level.WARNING: "yellow", Level.ERROR: "red"}
        for one in found:
            mark = click.style(f"{marks[one.level]:<8}", fg=colours[one.level] if sys.stdout.isatty() else None)
            click.echo(f"{mark}{one.name}: {one.said}")
            if one.remedy:
                click.echo(f"{'':<8}{one.remedy}")
    return ExitCode.NOTHING if ill else ExitCode.DONE


def _options(rows: list[dict[str, object]], *, as_json: bool) -> None:
    from broadsheet.cli import show

    if as_json:
        show.document(rows)
    else:
        columns = ("name", "value", "from", "help")
        show.table(columns, ([row[column] for column in columns] for row in rows))
