"""Spaces of vectors beside the base: which are kept, which one serves, and the index made to follow.

The rule: the option ``encoder`` names the base, whose vectors are made while papers are indexed. Every other space is
chosen by a command, written down in ``vectors/spaces.json``, filled by ``jobs.encode`` and followed by the index; queries
are always read by the encoder of the space that the *index* says serves.
"""

import logging
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from broadsheet.search import encoders, generation
from broadsheet.search.arranging import arrange
from broadsheet.search.choice import FILE, Choice
from broadsheet.search.generation import Generation, NoIndexError, Step, Verifier, no_step
from broadsheet.search.kept import KeptVectors, folder_of
from broadsheet.search.manifest import DamagedError, Space, space_of

_log = logging.getLogger(__name__)
# Another writer of the index is done within seconds, but for a rebuild.
WAIT = 60.0


class BadSpaceError(ValueError):
    """A space that cannot be added, used or dropped; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Told:
    """A space as people are told of it. ``size`` is what is kept outside the index, in bytes; ``old`` the bytes kept of
    other versions."""

    space: Space
    is_base: bool
    serves: bool
    papers: int
    size: int
    old: int = 0

    @property
    def coverage(self) -> float:
        """The share of the papers that have a vector in it, 0 to 1."""
        return self.space.covered / self.papers if self.papers else 1.0


def index_root() -> Path:
    root: Path = settings.DATA / "index"
    return root


def vectors_root() -> Path:
    root: Path = settings.DATA / "vectors"
    return root


def chosen() -> Choice:
    """What is wanted; what the index was last made to follow where that cannot be read."""
    try:
        return Choice.load(vectors_root())
    except DamagedError as wrong:
        _log.error("%s: the spaces of the index are taken for those chosen", wrong)
        try:
            return Choice.of(generation.open_current(index_root()).manifest)
        except NoIndexError:
            return Choice()


def kept_vectors(choice: Choice) -> list[KeptVectors]:
    return [KeptVectors(vectors_root(), space) for space in choice.kept]


def follow(
    choice: Choice,
    kept: Iterable[KeptVectors] | None = None,
    *,
    verifier: Verifier | None = None,
    step: Step = no_step,
) -> Generation:
    """Make the index hold the spaces of ``choice`` with all the vectors that are kept for them.

    Raises:
        BusyError: if another process goes on writing the index.
        NoIndexError: if there is no index.
    """
    serves = choice.serves or generation.open_current(index_root(), verifier).manifest.base.name
    logs = kept_vectors(choice) if kept is None else list(kept)
    return arrange(index_root(), logs, serves, verifier=verifier, wait=WAIT, step=step)


def add(name_or_folder: str) -> Space:
    """Keep a space for an encoder, by its name or the folder it lies in; ``jobs.encode`` fills it. Safe to run twice.

    Raises:
        BadSpaceError: if there is no such encoder, or it cannot be used here, or it is that of the base.
    """
    folder = Path(name_or_folder).expanduser().absolute()
    home = str(folder) if name_or_folder not in encoders.ENCODERS and folder.exists() else ""
    try:
        encoder = encoders.find(name_or_folder, home)
        space = space_of(encoder, home)
    except (ImportError, OSError, ValueError) as why:
        raise BadSpaceError(f"{name_or_folder} cannot be added: {why}") from why
    if space.name == settings.OPTIONS["encoder"]:
        raise BadSpaceError(f"{space.name} is the encoder of the base: it covers every paper already")
    chosen().keeping(space).save(vectors_root())
    return space


def drop(name: str, step: Step = no_step) -> None:
    """Stop keeping a space and remove its vectors, in these steps, of which each may be the last that happens:

    1. what is chosen no longer names it;
    2. the index follows: a generation without it;
    3. its log is removed. ``drop`` again, or ``jobs.encode``, does what was left to do.

    Raises:
        BadSpaceError: if it is the base, or serves, or is not there.
    """
    choice = chosen()
    if name == settings.OPTIONS["encoder"]:
        raise BadSpaceError(f"{name} is the encoder of the base: set the option `encoder` to have another")
    if name == choice.serves:
        raise BadSpaceError(f"{name} serves: run `broadsheet encoder use` with another space first")
    if choice.space(name) is None and not _logs_of(name):
        raise BadSpaceError(f"there is no space {name}; `broadsheet encoder list` names those that are kept")
    step("before forgetting")
    choice.without(name).save(vectors_root())
    step("before following")
    with suppress(NoIndexError):  # a rebuild will hold only what is chosen
        follow(choice.without(name), step=step)
    step("before removing")
    tidy(choice.without(name))


def tidy(choice: Choice) -> None:
    """Remove the logs of spaces that are no longer kept; other versions of those that are stay."""
    names = {space.name for space in choice.kept}
    for folder in _logs():
        if _name_in(folder) not in names:
            shutil.rmtree(folder, ignore_errors=True)


def is_way_back(name: str) -> bool:
    """Whether ``name`` is the base, serves already or served last: going there is never measured."""
    choice = chosen()
    base = generation.open_current(index_root()).manifest.base.name
    return name in (base, choice.serves) or bool(choice.before and name == choice.before)


def serve_by(name: str, step: Step = no_step) -> Generation:
    """Let the space called ``name`` answer from now on; nothing is built and nothing encoded.

    Raises:
        BadSpaceError: if there is no such space.
        NoIndexError: if there is no index.
    """
    choice = chosen()
    base = generation.open_current(index_root()).manifest.base.name
    if name != base and choice.space(name) is None:
        raise BadSpaceError(f"there is no space {name}: run `broadsheet encoder add {name}` first")
    wanted = "" if name == base else name
    if wanted != choice.serves:
        choice = replace(choice, serves=wanted, before=choice.serves)
        step("before choosing")
        choice.save(vectors_root())
    step("before following")
    return follow(choice, step=step)


def is_behind() -> bool:
    """Whether the index does not hold what is chosen, or a space in it lacks papers. Costs a look at two small files."""
    if not (vectors_root() / FILE).exists():
        return False
    number = generation.pointed(index_root())
    try:
        made = generation.manifest_in(generation.folder(index_root(), number or 0))
    except DamagedError:
        return False  # the index is being made, or made anew
    choice = chosen()
    wanted = {space.name for space in choice.kept} - {made.base.name}
    serves = choice.serves or made.base.name
    return made.documents > 0 and (
        made.serves != serves
        or wanted != {space.name for space in made.spaces[1:]}
        or any(space.covered < made.documents for space in made.spaces)
    )


def told() -> list[Told]:
    """Every space, the base first, as it stands in the index and in the logs.

    Raises:
        NoIndexError: if there is no index.
    """
    manifest = generation.open_current(index_root()).manifest
    choice = chosen()
    found = [Told(manifest.base, True, manifest.serving == manifest.base, manifest.documents, 0)]
    for one in choice.kept:
        made = manifest.space(one.name)
        folder = folder_of(vectors_root(), one)
        others = [other for other in _logs_of(one.name) if other != folder]
        found.append(
            Told(
                made if made and made.made_by(one) else one,
                False,
                manifest.serving.name == one.name,
                manifest.documents,
                _bytes(folder),
                sum(map(_bytes, others)),
            )
        )
    return found


def _logs() -> list[Path]:
    root = vectors_root()
    return sorted(one for one in root.iterdir() if one.is_dir()) if root.is_dir() else []


def _logs_of(name: str) -> list[Path]:
    return [folder for folder in _logs() if _name_in(folder) == name]


def _name_in(folder: Path) -> str:
    """The space's name in the name of its folder: name, version and dimension, joined by hyphens."""
    return folder.name.rsplit("-", 2)[0]


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) if folder.is_dir() else 0
