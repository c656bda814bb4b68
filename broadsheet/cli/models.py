"""`broadsheet encoder fetch|export`: models that others trained, as encoders."""

from pathlib import Path

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import json_flag, say, verb


@click.command(short_help="Fetch a sentence-transformers model from the Hugging Face hub.")
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--revision", default="main", show_default=True, help="A branch, tag or commit, to have one and no other."
)
@json_flag
@verb
def fetch(name: str, out: Path, revision: str, as_json: bool) -> int:
    """Fetch the model NAME into the new folder OUT: its weights as ONNX and safetensors, its tokenizer, its small files.
    Forms of weights that can hold code are left. Nothing else of Broadsheet ever asks the hub. Wants the extra `onnx`.

    \b
    broadsheet encoder fetch sentence-transformers/all-MiniLM-L6-v2 ~/models/all-MiniLM-L6-v2
    """
    from broadsheet.cli import show
    from broadsheet.sources.hub import HubError, fetch_model

    try:
        fetched = fetch_model(name, out, revision)
    except (HubError, FileExistsError) as wrong:
        raise Fault(str(wrong)) from wrong
    if as_json:
        show.document({"folder": str(out), "files": fetched})
    else:
        say(
            f"{out}: {len(fetched)} files; `broadsheet encoder export` makes them quicker, `broadsheet encoder add` uses them"
        )
    return ExitCode.DONE


@click.command(short_help="Write a sentence-transformers model as ONNX, a quarter the size.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--precision",
    default="int8",
    show_default=True,
    type=click.Choice(["int8", "fp32"]),
    help="Eight bits a number, or the numbers as they are.",
)
@json_flag
@verb
def export(folder: Path, out: Path, precision: str, as_json: bool) -> int:
    """Write the model in FOLDER (safetensors) as the new folder OUT with model.onnx, which runs without PyTorch.

    The cosines told are those between what PyTorch and what the new file make of a few texts. Wants the extra `export`.

    \b
    broadsheet encoder export ~/models/all-MiniLM-L6-v2 ~/models/all-MiniLM-L6-v2-int8
    """
    from dataclasses import asdict

    from broadsheet.cli import show
    from broadsheet.search.encoders.export import NoExportError, export
    from broadsheet.search.encoders.recipe import BadModelError

    try:
        made = export(folder, out, precision)
    except (NoExportError, BadModelError, FileExistsError, FileNotFoundError) as wrong:
        raise Fault(str(wrong), ExitCode.MISUSED) from wrong
    if as_json:
        show.document(asdict(made))
    else:
        show.table(("", ""), list(asdict(made).items()))
    return ExitCode.DONE


COMMANDS = (fetch, export)
