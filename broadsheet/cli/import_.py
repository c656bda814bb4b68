"""`broadsheet import`: papers from files."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import json_flag, ready_to_write, say, verb

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadsheet.jobs.importing import ImportProgress, ImportTally


@click.command("import", short_help="Take papers in from files and folders.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@click.option("--again", is_flag=True, help="Read files too that were read to their end before.")
@click.option("--year", type=click.IntRange(1900, 2199), help="The year of dates that are printed without one.")
@click.option("--no-index", is_flag=True, help="Leave the search index for later (`broadsheet index update`).")
@json_flag
@verb
def import_(paths: tuple[Path, ...], again: bool, year: int | None, no_index: bool, as_json: bool) -> int:
    """Take papers in from files and folders; the format is found by looking inside. Gzip and tar are unpacked.

    JSON Lines, JSON of Daily Papers, saved pages of Daily Papers (text or HTML), BibTeX, RIS and the arXiv metadata
    snapshot are read: docs/import.md. Ctrl-C loses nothing, and a second run goes on where the first stopped.
    What cannot be read is counted, and kept with file, line and reason in a rejects file.

    \b
    broadsheet import papers.jsonl.gz
    broadsheet import saved-pages/ references.bib
    broadsheet import --year 2026 page.txt
    broadsheet import arxiv-metadata-oai-snapshot.json --no-index --json
    """
    ready_to_write()
    from broadsheet.cli import show
    from broadsheet.cli.press import bring_up_to_date
    from broadsheet.jobs.importing import ImportRunning, ImportTally, import_paths

    began = time.monotonic()
    seen = ImportTally()

    def note(progress: "ImportProgress") -> None:
        nonlocal seen
        seen = progress.tally
        bar(progress)

    try:
        with _progress_bar() as bar:
            tally = import_paths(paths, progress=note, year=year, again=again)
    except KeyboardInterrupt:
        say(
            f"stopped after {seen.records:,} records; all of them are kept, and the same command goes on from there"
        )
        return ExitCode.INTERRUPTED
    except ImportRunning as wrong:
        raise Fault(str(wrong)) from wrong
    seconds = time.monotonic() - began
    for name, reason in tally.unread:
        say(f"{name}: {reason}")
    if as_json:
        show.document(_for_programs(tally, seconds))
    else:
        _for_people(tally, seconds)
    bring_up_to_date(index=not no_index)
    return ExitCode.DONE if tally.records or tally.skipped else ExitCode.NOTHING


def _for_programs(tally: "ImportTally", seconds: float) -> dict[str, Any]:
    return {
        "files": tally.files,
        "skipped": tally.skipped,
        "added": tally.added,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "rejected": tally.rejected,
        "seconds": round(seconds, 3),
        "unread": [{"file": name, "reason": reason} for name, reason in tally.unread],
        "rejects": [str(file) for file in tally.rejects_files],
    }


def _for_people(tally: "ImportTally", seconds: float) -> None:
    from broadsheet.cli import show

    rate = f"{tally.records / seconds:,.0f} records a second" if tally.records and seconds > 1 else ""
    rows = (
        ("added", tally.added, "new papers"),
        ("changed", tally.changed, "papers of which something new was said"),
        ("unchanged", tally.unchanged, "records that were here already"),
        ("refused", tally.rejected, ", ".join(str(file) for file in tally.rejects_files)),
        ("files", tally.files, rate),
        ("passed over", tally.skipped, "files read to their end before (--again reads them anew)"),
        ("unread", len(tally.unread), "files of which nothing could be read"),
    )
    shown = [row for row in rows if row[1] or row[0] == "added"]
    show.table(("", "", ""), [(name, count, note if count else "") for name, count, note in shown])


@contextmanager
def _progress_bar() -> "Iterator[Callable[[ImportProgress], None]]":
    """A bar on stderr with records, rate and time left; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.text import Text

    columns = (
        TextColumn("{task.fields[file]}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[records]}", markup=False),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    began = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", file="", records="", total=None)

        def bar(progress: "ImportProgress") -> None:
            done = progress.tally.records
            rate = done / max(time.monotonic() - began, 0.001)
            shown.update(
                task,
                total=progress.bytes_total,
                completed=progress.bytes_read,
                file=Text(Path(progress.file).name).plain[:40],
                records=f"{done:,} records, {rate:,.0f}/s",
            )

        yield bar
