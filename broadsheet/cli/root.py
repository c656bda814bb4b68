"""The command `broadsheet` itself: its verbs, and how each of them ends."""

import os
import sys
from typing import Any, NoReturn

import click

from broadsheet import __version__
from broadsheet.cli import (
    doctor,
    edition,
    encode,
    encoder,
    evaluate,
    export,
    harvest,
    import_,
    index,
    models,
    paper,
    search,
    serve,
    spaces,
    trending,
    work,
)  # fmt: skip
from broadsheet.cli.faults import CutOff, ExitCode, fault_of
from broadsheet.cli.start import data_flag, say

_HELP = """Your field's daily papers, on your own machine.

\b
broadsheet serve                          read today's papers at http://127.0.0.1:8000
broadsheet harvest arxiv --topics cs.LG   take in what a source announces, from now on
broadsheet import papers.jsonl.gz         take papers in from files
broadsheet search "sparse attention"      find papers by words and by meaning
broadsheet doctor                         is everything in order, and what to do if not

Options of Broadsheet itself (host, database, ...) are read from the environment or from broadsheet.toml in the
data folder: `broadsheet doctor --options` lists them.
"""


class _Root(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as gone:
            raise CutOff from gone  # click would end as if nothing had been found
        return code


@click.group(
    cls=_Root, help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, message="broadsheet %(version)s")
@data_flag
def broadsheet() -> None:
    pass


for _verb in (
    serve.serve,
    import_.import_,
    harvest.harvest,
    harvest.sources,
    harvest.coverage,
    work.work,
    work.jobs,
    search.search,
    paper.paper,
    edition.edition,
    trending.trending,
    index.index,
    doctor.doctor,
    export.export,
    encode.encode,
    encoder.encoder,
    evaluate.evaluate,
):
    broadsheet.add_command(_verb)
for _verb in (*spaces.COMMANDS, *models.COMMANDS):
    encoder.encoder.add_command(_verb)


def main() -> NoReturn:
    """Run the command and leave with its exit code; see `faults.ExitCode`."""
    for stream in (sys.stdout, sys.stderr):
        # A title that the terminal's encoding cannot hold is shown escaped: better than no list at all.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr] # a replaced stream (in tests) is a TextIOWrapper too
    sys.exit(_run())


def _run() -> int:
    try:
        return int(broadsheet.main(prog_name="broadsheet", standalone_mode=False) or ExitCode.DONE)
    except click.ClickException as wrong:
        return _misused(wrong)
    except click.Abort:
        say("stopped; what was done so far is kept")
        return ExitCode.INTERRUPTED
    except CutOff:
        # Python would complain once more when it closes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.CUT_OFF
    except BaseException as error:  # a panic inside the search library is no Exception
        if isinstance(error, SystemExit):
            raise
        if _debugging():
            raise
        told = fault_of(error)
        say(str(told))
        return told.code


def _misused(wrong: click.ClickException) -> int:
    message = wrong.format_message()
    context = getattr(wrong, "ctx", None)
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        click.echo(message, err=True)
    else:
        hint = f" See `{context.command_path} --help`." if context else ""
        say(message.rstrip(".") + "." + hint)
    return ExitCode.MISUSED


def _debugging() -> bool:
    from django.conf import settings

    return settings.configured and bool(settings.DEBUG)
