"""`broadsheet encoder list|add|use|drop`: the spaces that the index holds, and which of them answers."""

from typing import TYPE_CHECKING, Any

import click

from broadsheet.cli.faults import ExitCode, Fault
from broadsheet.cli.start import json_flag, ready, say, verb

if TYPE_CHECKING:
    from broadsheet.jobs.cutover import Comparison, Success


@click.command("list", short_help="The spaces: coverage, version, size, which one answers.")
@json_flag
@verb
def list_(as_json: bool) -> int:
    """List the spaces of vectors that are kept: how many papers each covers, what is kept on disk, which one answers.

    \b
    broadsheet encoder list
    broadsheet encoder list --json | jq '.[] | select(.serves).name'
    """
    ready()
    from broadsheet.cli import show
    from broadsheet.jobs.spaces import told

    found = told()
    if as_json:
        show.document(
            [
                {
                    "name": one.space.name,
                    "version": one.space.version,
                    "dimension": one.space.dimension,
                    "licence": one.space.licence,
                    "folder": one.space.home,
                    "papers": one.papers,
                    "covered": one.space.covered,
                    "base": one.is_base,
                    "serves": one.serves,
                    "kept_bytes": one.size,
                    "kept_bytes_of_other_versions": one.old,
                }
                for one in found
            ]
        )
        return ExitCode.DONE
    show.table(
        ("space", "version", "dimension", "licence", "covered", "kept, MB", ""),
        (
            (
                one.space.name,
                one.space.version,
                one.space.dimension,
                one.space.licence,
                f"{one.space.covered:,} of {one.papers:,}",
                f"{(one.size + one.old) / 1e6:.1f}" if not one.is_base else "",
                ", ".join(word for word, said in (("base", one.is_base), ("answers", one.serves)) if said),
            )
            for one in found
        ),
    )
    return ExitCode.DONE


@click.command(short_help="Keep a space for an encoder beside the base.")
@click.argument("encoder")
@verb
def add(encoder: str) -> int:
    """Keep a space for ENCODER, a name or the folder of a model, beside the base. Search goes on as before.

    Its vectors are made by `broadsheet encode`, or little by little by a running `broadsheet serve`. When it covers the
    papers, `broadsheet encoder use` lets it answer.

    \b
    broadsheet encoder add compact
    broadsheet encoder add ~/models/all-MiniLM-L6-v2
    """
    ready()
    from broadsheet.jobs.spaces import BadSpaceError
    from broadsheet.jobs.spaces import add as add_space

    try:
        space = add_space(encoder)
    except BadSpaceError as wrong:
        raise Fault(str(wrong), ExitCode.MISUSED) from wrong
    say(f"the space {space} is kept: `broadsheet encode --space {space.name}` fills it")
    return ExitCode.DONE


@click.command(short_help="Let another space answer, if it is measured to be as good.")
@click.argument("name")
@click.option("--anyway", is_flag=True, help="Even if it covers too few papers or finds fewer of them.")
@json_flag
@verb
def use(name: str, anyway: bool, as_json: bool) -> int:
    """Let the space NAME answer queries. First it is measured beside the one that answers now, on papers that both cover:
    whether a title finds its paper, whether a first sentence does that the paper was encoded without, and how many of the
    first ten they share. It is refused, with code 1, if it covers too few papers or finds fewer of them.

    Going back, to the space that answered before or to the base, is never refused and takes no time.

    \b
    broadsheet encoder use compact
    broadsheet encoder use static
    """
    ready()
    from broadsheet.cli import show
    from broadsheet.jobs.cutover import compare
    from broadsheet.jobs.spaces import BadSpaceError, is_way_back, serve_by

    try:
        found = None if is_way_back(name) else compare(name)
        refused = found is not None and bool(found.refusals) and not anyway
        if not refused:
            serve_by(name)
    except BadSpaceError as wrong:
        raise Fault(str(wrong), ExitCode.MISUSED) from wrong
    if as_json:
        show.document({"serves": not refused, **(_measured(found) if found else {})})
    else:
        if found:
            _show(found)
        for refusal in found.refusals if found else ():
            say(refusal)
        say("nothing was changed; --anyway does it all the same" if refused else f"{name} answers from now on")
    return ExitCode.NOTHING if refused else ExitCode.DONE


@click.command(short_help="Stop keeping a space and remove its vectors.")
@click.argument("name")
@verb
def drop(name: str) -> int:
    """Stop keeping the space NAME and remove its vectors. The base and the space that answers stay.

    \b
    broadsheet encoder drop compact
    """
    ready()
    from broadsheet.jobs.spaces import BadSpaceError
    from broadsheet.jobs.spaces import drop as drop_space

    try:
        drop_space(name)
    except BadSpaceError as wrong:
        raise Fault(str(wrong), ExitCode.MISUSED) from wrong
    say(f"the space {name} is gone, and its vectors with it")
    return ExitCode.DONE


COMMANDS = (list_, add, use, drop)


def _show(found: "Comparison") -> None:
    from broadsheet.cli import show

    def row(what: str, success: "Success") -> tuple[object, ...]:
        old, new = (f"{count} of {success.asked}" for count in (success.old, success.new))
        return what, old, new

    show.table(
        ("found by", found.old.name, found.new.name),
        (row("title, first", found.titles), row("first sentence, first three", found.sentences)),
    )
    show.table(
        ("", ""),
        (("papers covered", f"{found.coverage:.1%}"), ("first ten in common", f"{found.overlap:.0%}")),
    )


def _measured(found: "Comparison") -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(found), "refusals": found.refusals}
