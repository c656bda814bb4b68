"""`broadsheet export`: the whole catalogue in a file that `broadsheet import` takes."""

import gzip
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from broadsheet.cli.faults import ExitCode
from broadsheet.cli.start import ready, say, verb


@click.command(short_help="The whole catalogue into a file that import takes.")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl"]),
    default="jsonl",
    help="JSON Lines, as docs/import.md describes them: one line a record.",
)
@verb
def export(file: Path, form: str) -> int:
    """Write every record of every paper to FILE, or to standard output for `-`.

    A FILE that ends in .gz is packed. It appears under its name only when it is whole. Importing it into an empty
    data folder gives the same papers.

    \b
    broadsheet export papers.jsonl.gz
    broadsheet export - | jq -r .title
    """
    ready()
    from broadsheet.jobs.export import export_lines

    written = 0
    with _opened(file) as out:
        for line in export_lines():
            out.write(line)
            written += 1
    if str(file) != "-":
        say(f"{written:,} records written to {file}")
    return ExitCode.DONE if written else ExitCode.NOTHING


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """A stream into ``file``, which keeps its former content until all is written."""
    if str(file) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if file.exists() and not file.is_file():
        # A device or a pipe is written to; a file put in its place would take it away from everybody.
        with file.open("wb") as raw, _packed(file, raw) as out:
            yield out
        return
    whole = file.resolve()
    part = whole.with_name(f"{whole.name}.part")
    try:
        with part.open("wb") as raw:
            with _packed(file, raw) as out:
                yield out
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(whole)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _packed(file: Path, raw: BinaryIO) -> Iterator[BinaryIO]:
    if file.suffix == ".gz":
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as packed:
            yield packed  # type: ignore[misc] # a GzipFile is a binary stream in all but its declared type
    else:
        yield raw
