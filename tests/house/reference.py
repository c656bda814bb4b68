"""The reference pages that are made from the code: docs/options.md and docs/commands.md.

``python -m tests.house.reference`` writes them; ``test_documents.py`` fails where they are not what it would write.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from broadsheet.cli.faults import EXIT_MEANINGS
from broadsheet.cli.root import broadsheet
from broadsheet.config.options import OPTIONS, Option

DOCS = Path(__file__).resolve().parents[2] / "docs"
_MADE = "<!-- Made from the code by `python -m tests.house.reference`; a test fails when it is stale. -->"


def options_page() -> str:
    lines = [
        "# Options",
        "",
        _MADE,
        "",
        "An option is read from the environment (`BROADSHEET_PORT=8001`); where it is not set there, from the file",
        "`broadsheet.toml` in the data folder (`port = 8001`), or from the file that `BROADSHEET_CONFIG` names; else it has",
        "its default. A wrong value, or a name in the file that is no option, stops every command with a message that names",
        "it. `broadsheet doctor --options` shows the values in force and where each came from; values of secret options are",
        "shown nowhere.",
        "",
        "| in the file | in the environment | takes | default | what it is for |",
        "|---|---|---|---|---|",
        *(_option_row(one) for one in OPTIONS),
    ]
    return "\n".join(lines) + "\n"


def _option_row(one: Option) -> str:
    kind = f"{one.kind}, secret" if one.secret else one.kind
    return f"| `{one.name}` | `{one.variable}` | {kind} | {_default(one)} | {_cell(one.help)} |"


def _default(one: Option) -> str:
    match one.default:
        case bool():
            return f"`{str(one.default).lower()}`"
        case tuple():
            return f"`{', '.join(one.default)}`" if one.default else ""
        case "":
            return "the folder for data of your system" if one.name == "data" else ""
        case _:
            return f"`{one.default}`"


def commands_page() -> str:
    lines = [
        "# Commands",
        "",
        _MADE,
        "",
        "Results go to standard output, everything else to standard error. At a terminal results are tables; down a pipe",
        "each row is a line with its fields split by tabs; with `--json` the result is one JSON document. Every command",
        "takes `--data DIR` and `--help`, and `--data` may stand before the command as well.",
        "",
        "## How a command ends",
        "",
        "| code | meaning |",
        "|---|---|",
        *(f"| {code.value} | {_cell(meaning)} |" for code, meaning in EXIT_MEANINGS.items()),
        "",
        "An error is one line that names what is wrong and the remedy. `BROADSHEET_DEBUG=1` shows where a fault of",
        "Broadsheet itself happened.",
    ]
    for name, command in walk(broadsheet):
        lines += ["", *_command(name, command)]
    return "\n".join(lines) + "\n"


def walk(group: click.Group, before: str = "broadsheet") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups before what is in them."""
    for name, command in sorted(group.commands.items()):
        full = f"{before} {name}"
        yield full, command
        if isinstance(command, click.Group):
            yield from walk(command, full)


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    yield f"## {name}"
    yield ""
    yield f"`{name} {' '.join(command.collect_usage_pieces(context))}`"
    for part in inspect.cleandoc(command.help or "").split("\n\n"):
        yield ""
        if part.startswith("\b\n"):
            yield from ("```sh", *part.splitlines()[1:], "```")
        else:
            yield from part.splitlines()
    flags = [one for one in command.params if isinstance(one, click.Option) and one.name != "data"]
    if flags:
        yield from ("", "| flag | takes | default | what it does |", "|---|---|---|---|")
        yield from (_flag_row(one, context) for one in flags)


def _flag_row(one: click.Option, context: click.Context) -> str:
    default = ""
    if one.required:
        default = "must be given"
    elif isinstance(one.default, str | int | float) and not isinstance(one.default, bool) and one.default != "":
        default = f"`{one.default}`"
    return f"| `{'`, `'.join(one.opts)}` | {_takes(one, context)} | {default} | {_cell(one.help or '')} |"


def _takes(one: click.Option, context: click.Context) -> str:
    if one.is_flag:
        return ""
    if isinstance(one.type, click.types._NumberRangeBase):
        return f"{one.type.min} to {one.type.max}" if one.type.max is not None else f"{one.type.min} or more"
    if isinstance(one.type, click.Choice):
        return ", ".join(f"`{choice}`" for choice in one.type.choices)
    return _cell(one.make_metavar(context))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES = {"options.md": options_page, "commands.md": commands_page}

if __name__ == "__main__":
    for file, page in PAGES.items():
        (DOCS / file).write_text(page(), "utf-8")
