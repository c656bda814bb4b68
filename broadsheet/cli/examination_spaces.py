"""What `doctor` looks at in the spaces of vectors: whether they use their room, what they cover, what is kept."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from broadsheet.cli.examination import Finding, Level
from broadsheet.search.generation import NoIndexError, open_current
from broadsheet.search.health import LEAST, rank_me
from broadsheet.search.manifest import Space
from broadsheet.search.spaces import OpenSpace, reader_of

SAMPLE = 4_000
# With fewer vectors than this many for each dimension, the rank tells of the sample and not of the space.
_ENOUGH = 4
_SEED = 20_260


def examine_spaces() -> Iterator[Finding]:
    """Every space of the index, if there is one that opens, and the logs beside it."""
    from broadsheet.jobs.spaces import index_root

    try:
        current = open_current(index_root())
    except NoIndexError:
        return  # told by those who look at the index
    manifest = current.manifest
    state: NDArray[np.void] = np.load(current.state)
    for space in manifest.spaces:
        yield _room(OpenSpace(current, space, None), space, ~state["gone"])
        if reader_of(space) is None:
            yield Finding(
                Level.WARNING,
                f"space {space.name}",
                f"The encoder that made {space} cannot be used here.",
                _remedy_without_encoder(space, is_base=space is manifest.base),
            )
        if space.covered < manifest.documents:
            share = f"It covers {space.covered:,} of {manifest.documents:,} papers"
            if space.name == manifest.serves:
                yield Finding(
                    Level.WARNING,
                    f"space {space.name}",
                    f"{share}, and it answers: {manifest.base.name} ranks the others.",
                    "Run `broadsheet encode`; a running `broadsheet serve` does it little by little.",
                )
            else:
                yield Finding(Level.GOOD, f"space {space.name}", f"{share}; `broadsheet encode` goes on")
    yield from _logs()


def _room(opened: OpenSpace, space: Space, alive: NDArray[np.bool_]) -> Finding:
    """RankMe of a sample, and what it means."""
    rows = np.flatnonzero(alive if opened.held is None else alive & opened.held)
    if len(rows) > SAMPLE:
        rows = np.sort(np.random.default_rng(_SEED).choice(rows, SAMPLE, replace=False))
    name = f"space {space.name}"
    if len(rows) < _ENOUGH * space.dimension:
        return Finding(
            Level.GOOD, name, f"too few papers ({len(rows):,}) to tell how it uses its {space.dimension} dimensions"
        )
    rank = rank_me(opened.vectors.vectors(rows))
    told = f"RankMe {rank:.0f} of {space.dimension} dimensions"
    if rank >= LEAST * space.dimension:
        return Finding(
            Level.GOOD, name, f"{told}: papers spread over the room there is ({LEAST:.0%} or more is healthy)"
        )
    return Finding(
        Level.WARNING,
        name,
        f"{told}: papers crowd together ({LEAST:.0%} or more is healthy), so that nearness tells little.",
        "Train its encoder anew or use another: `broadsheet encoder use` measures which finds more.",
    )


def _remedy_without_encoder(space: Space, *, is_base: bool) -> str:
    if is_base:
        return "Run `broadsheet index rebuild`."
    back = f"`broadsheet encoder add {space.home or space.name}` says why; "
    return f"{back}`broadsheet encode` fills a space of a new version anew; `broadsheet encoder drop {space.name}` removes it."


def _logs() -> Iterator[Finding]:
    from broadsheet.jobs.spaces import kept_vectors, vectors_root
    from broadsheet.search.choice import Choice
    from broadsheet.search.manifest import DamagedError

    try:
        choice = Choice.load(vectors_root())
    except DamagedError as wrong:
        yield Finding(
            Level.WARNING,
            "spaces",
            f"What was chosen cannot be read: {wrong}. The spaces of the index are taken for it.",
            "Run `broadsheet encoder use` with the space that is to answer: it writes the file anew.",
        )
        return
    for log in kept_vectors(choice):
        if log.damaged:
            yield Finding(
                Level.WARNING,
                f"space {log.space.name}",
                f"{log.damaged:,} batches of its kept vectors are damaged; they are not used.",
                f"Run `broadsheet encode --space {log.space.name}`: it makes them again. Then look at the disk.",
            )
