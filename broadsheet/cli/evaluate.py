"""`broadsheet evaluate`: how well search answers judged queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import json_flag, ready, say, verb

if TYPE_CHECKING:
    from broadsheet.jobs.evaluate import Evaluated
    from broadsheet.search.encoders import Encoder

_MODES = ("words", "meaning", "rrf", "hybrid")
_SHOWN = 5


class _Modes(click.ParamType[tuple[str, ...]]):
    """Modes with commas between."""

    name = "modes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        modes = tuple(dict.fromkeys(one.strip() for one in str(value).split(",")))
        for one in modes:
            if one not in _MODES:
                self.fail(f"{one!r} is no mode: choose of {', '.join(_MODES)}", param, ctx)
        return modes


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(short_help="Measure how well search answers judged queries.")
@click.argument(
    "folders",
    metavar="DIR...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--modes",
    default=",".join(_MODES),
    type=_Modes(),
    help="Any of words, meaning, rrf (plain rank fusion of both, a yardstick) and hybrid; the first is compared with.",
)
@click.option(
    "--encoder",
    "chosen",
    multiple=True,
    metavar="NAME",
    help="Whose vectors: a name, or the folder of a transformer; may be given again. Else the option encoder.",
)
@click.option(
    "--corpus",
    multiple=True,
    type=_FILE,
    help="Papers to search, JSON Lines, in place of a folder's own; again for more.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the indexes made for this here, and use them the next time.",
)
@click.option(
    "--losses", default=5, type=click.IntRange(0, 1000), help="How many of the queries that lost most to show."
)
@click.option(
    "--write",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the figures into this Markdown file, in place of older ones of the same.",
)
@json_flag
@verb
def evaluate(
    folders: tuple[Path, ...],
    modes: tuple[str, ...],
    chosen: tuple[str, ...],
    corpus: tuple[Path, ...],
    keep: Path | None,
    losses: int,
    write: Path | None,
    as_json: bool,
) -> int:
    """Ask judged queries and measure the answers: nDCG@10, MRR, recall at 10 and 100, success at 1, whether the modes
    differ by more than chance (Fisher's randomisation test on nDCG@10), and which queries lost most.

    A folder holds queries.jsonl ({"_id": …, "text": …} a line), qrels.tsv (query, paper and grade, split by tabs)
    and, if it brings its own papers, corpus.jsonl ({"_id": …, "title": …, "text": …} a line), as the BEIR benchmarks
    do; each may be packed with gzip. Without a corpus the papers of this installation are searched, and judgments name
    them by any of their ids. Queries are read as the search box reads them.

    \b
    broadsheet evaluate my-queries/
    broadsheet evaluate scifact/ nfcorpus/ --modes words,hybrid --json
    broadsheet evaluate questions/ --corpus papers.jsonl.gz --encoder static --write quality.md
    """
    ready()
    from django.utils import timezone

    from broadsheet.cli import evaluations, show
    from broadsheet.core.day import edition_day
    from broadsheet.jobs import evaluate as job
    from broadsheet.listings.engine import NoIndex
    from broadsheet.search.judged import NotJudgedError

    done: list[Evaluated] = []
    today = edition_day(timezone.now())
    readers: list[Encoder | None] = [_encoder(name) for name in chosen] or [None]
    with job.Libraries(corpus, keep) as libraries:
        for encoder in readers:
            for folder in folders:
                try:
                    with _counted("indexing") as indexing, _counted(f"asking {folder.name}") as asking:
                        found = job.evaluate(
                            folder, libraries, modes, encoder, today=today, indexing=indexing, asking=asking
                        )
                except (NotJudgedError, job.NothingJudgedError) as wrong:
                    say(str(wrong))
                    continue
                except NoIndex as wrong:
                    raise Fault(f"{wrong}: run `broadsheet index rebuild`, or name a corpus") from wrong
                done.append(found)
                _say_problems(found)
                if not as_json:
                    evaluations.tell(found, losses)
    if as_json:
        show.document([evaluations.for_programs(one, losses) for one in done])
    if write is not None and done:
        before = write.read_text("utf-8") if write.exists() else ""
        write.write_text(evaluations.page(done, before), "utf-8")
        say(f"figures written to {write}")
    return ExitCode.DONE if len(done) == len(readers) * len(folders) else ExitCode.NOTHING


def _encoder(name: str) -> "Encoder":
    from broadsheet.search import encoders

    try:
        return encoders.find("", name) if Path(name).is_dir() else encoders.find(name)
    except (encoders.UnknownEncoderError, ImportError, FileNotFoundError, ValueError) as wrong:
        raise Fault(str(wrong), ExitCode.MISUSED) from wrong


def _say_problems(found: "Evaluated") -> None:
    for problem in found.problems[:_SHOWN]:
        say(str(problem))
    if len(found.problems) > _SHOWN:
        say(f"and {len(found.problems) - _SHOWN:,} more lines of {found.name} were left out")
    if found.unanswered:
        say(f"{found.unanswered:,} queries of {found.name} were not asked: no paper that answers them is here")


@contextmanager
def _counted(label: str) -> "Iterator[Any]":
    """What is told how many more are done; a line on stderr that counts them where that is a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    total = 0
    with Console(stderr=True).status(label) as shown:

        def count(more: int) -> None:
            nonlocal total
            total += more
            shown.update(f"{label}: {total:,}")

        yield count
