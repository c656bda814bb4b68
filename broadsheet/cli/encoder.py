"""`broadsheet encoder`: how the vectors of meaning are learned."""

from pathlib import Path

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import json_flag, say, verb


@click.group(short_help="Train the encoder that gives papers their meaning.")
def encoder() -> None:
    """An encoder turns text into vectors. The one that ships can be trained again from papers.

    \b
    broadsheet encoder train static papers.jsonl.gz --out static.npz
    """


@encoder.group(short_help="Train an encoder.")
def train() -> None:
    """Train an encoder from files of papers.

    \b
    broadsheet encoder train static papers.jsonl.gz --out static.npz
    """


@train.command(short_help="Train the static encoder: a table of word vectors.")
@click.argument("papers", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The weights file.")
@click.option("--minutes", default=20.0, type=click.FloatRange(0.01, 1440), help="How long, counted in steps.")
@click.option(
    "--seed", default=0, type=click.IntRange(0), help="Of all chance: the same seed gives the same weights."
)
@json_flag
@verb
def static(papers: tuple[Path, ...], out: Path, minutes: float, seed: int, as_json: bool) -> int:
    """Train the static encoder on titles and abstracts (JSON Lines). Wants the extra `train` (PyTorch).

    \b
    broadsheet encoder train static papers.jsonl.gz --out static.npz --minutes 20
    """
    from dataclasses import asdict

    from broadsheet.cli import show
    from broadsheet.search.encoders.training.static import NoTorchError, train
    from broadsheet.search.encoders.training.texts import BadPapersError

    try:
        report = train(papers, out, minutes, seed, progress=say)
    except (NoTorchError, BadPapersError) as wrong:
        raise Fault(str(wrong), ExitCode.MISUSED) from wrong
    if as_json:
        show.document(asdict(report))
    else:
        show.table(("", ""), list(asdict(report).items()))
    return ExitCode.DONE


@train.command(short_help="Train the compact encoder: a small transformer.")
@click.argument("papers", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder; a training begun there goes on.",
)
@click.option(
    "--bag-steps", default=150, type=click.IntRange(0), help="Steps of the table of token vectors alone, first."
)
@click.option("--steps", default=3000, type=click.IntRange(1), help="Steps of the whole after that.")
@click.option(
    "--teacher",
    type=click.Path(exists=True, path_type=Path),
    help="A transformer's folder: it reads the papers first, and is learned from.",
)
@click.option(
    "--vectors",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="In place of a teacher, its vectors: a folder with ids.txt and vectors.npy.",
)
@click.option("--half", is_flag=True, help="Multiply in bfloat16, on processors that have it.")
@click.option(
    "--seed", default=0, type=click.IntRange(0), help="Of all chance: the same seed gives the same weights."
)
@json_flag
@verb
def compact(
    papers: tuple[Path, ...],
    out: Path,
    bag_steps: int,
    steps: int,
    teacher: Path | None,
    vectors: Path | None,
    half: bool,
    seed: int,
    as_json: bool,
) -> int:
    """Train the compact encoder on titles and abstracts (JSON Lines). Wants the extra `train`.

    Ended by Ctrl-C, it keeps what it has learned; the same command goes on from there.

    \b
    broadsheet encoder train compact papers.jsonl.gz --out compact --teacher ~/models/all-MiniLM-L6-v2
    """
    from dataclasses import asdict

    from broadsheet.cli import show
    from broadsheet.search.encoders.recipe import BadModelError
    from broadsheet.search.encoders.training.compact.learn import StoppedError
    from broadsheet.search.encoders.training.compact.run import NoTorchError, train
    from broadsheet.search.encoders.training.compact.shape import Steps
    from broadsheet.search.encoders.training.texts import BadPapersError

    try:
        report = train(papers, out, Steps(bag_steps, steps), seed, teacher, vectors, half, progress=say)
    except (NoTorchError, BadPapersError, BadModelError, FileNotFoundError) as wrong:
        raise Fault(str(wrong), ExitCode.MISUSED) from wrong
    except StoppedError as ended:
        raise Fault(str(ended), ExitCode.INTERRUPTED) from ended
    if as_json:
        show.document(asdict(report))
    else:
        show.table(("", ""), list(asdict(report).items()))
    return ExitCode.DONE
