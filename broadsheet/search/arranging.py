"""Which spaces the index holds and which of them serves: changed without reading a text or encoding anything."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.search import generation
from broadsheet.search.filling import Filling
from broadsheet.search.generation import VOCABULARY, Generation, Step, Verifier
from broadsheet.search.kept import KeptVectors
from broadsheet.search.parts import centre_of, counted


def arrange(
    root: Path,
    kept: Sequence[KeptVectors],
    serves: str,
    *,
    verifier: Verifier | None = None,
    wait: float = 0,
    step: Step = generation.no_step,
) -> Generation:
    """The papers of the current generation with its base and the spaces of ``kept``, no others.

    Papers get the vectors that are kept for them; ``serves`` names the space that answers. Where nothing would change
    the current generation is returned and nothing is written.

    Raises:
        BusyError: if another process is still writing after ``wait`` seconds.
        NoIndexError: if there is no index to arrange; rebuild.
    """
    with generation.writing(root, wait):
        base = generation.open_current(root, verifier)
        now = base.manifest
        made = {space.name: space for space in now.spaces[1:]}
        state: NDArray[np.void] = np.load(base.state)
        fillings = [
            Filling(base.path, now.parts, state, one, made.get(one.space.name))
            for one in kept
            if one.space.name != now.base.name
        ]
        fillings = [one for one in fillings if not one.empty]
        wanted = {one.space.name for one in fillings}
        if serves == now.serves and wanted == made.keys() and not any(one.changes for one in fillings):
            return base
        number, path = generation.begin(root)
        step("before linking")
        generation.link(base, path, now.parts)
        for file in (
            VOCABULARY,
            base.state.name,
            *(centre_of(name) for name in (now.base.name, *wanted & made.keys())),
        ):
            shutil.copy2(base.path / file, path / file)
        for name in made.keys() - wanted:
            for vectors in path.glob(f"parts/*/{name}.*"):
                vectors.unlink()
        spaces = [now.base]
        for one in fillings:
            step("before filling")
            spaces.append(one.write(path))
        counts = counted(path, now.parts, spaces, ~state["gone"])
        manifest = replace(now, generation=number, spaces=counts, serves=serves)
        return generation.publish(root, path, manifest, base, step)
