"""What the small files of a model's folder say: how its tokens become one vector for a text.

The form is the one that sentence-transformers writes: ``modules.json`` and the files that it names. Files that are not
there mean what they mean to sentence-transformers: the mean of all tokens, of length 1. Only JSON is read, and no code
that a folder may bring is ever run.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a paper is about stands at its start; attention costs the square of what it reads.
LONGEST = 512
# Each way of pooling, and the flag that chose it in older folders.
_POOLINGS = {
    "cls": "pooling_mode_cls_token",
    "max": "pooling_mode_max_tokens",
    "mean": "pooling_mode_mean_tokens",
    "mean_sqrt_len_tokens": "pooling_mode_mean_sqrt_len_tokens",
    "weightedmean": "pooling_mode_weightedmean_tokens",
    "lasttoken": "pooling_mode_lasttoken",
}
_QUERY, _TEXT = ("query",), ("document", "passage", "corpus", "text")
_TRANSFORMER = "sentence_transformers.models.Transformer"
_OURS = ("Transformer", "Pooling", "Normalize")
_MOST_BYTES = 1 << 20
_LICENCE = re.compile(r"^license(_name)?:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)


class BadModelError(ValueError):
    """A model's folder lacks something or holds what is not run; the message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Module:
    """One step from tokens to a vector: the class that sentence-transformers names, and the folder of its files."""

    type: str
    path: Path

    @property
    def kind(self) -> str:
        """The class without its place."""
        return self.type.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How tokens become a vector.

    ``pooling`` is one or more of sentence-transformers' ways, joined side by side; ``others`` are the modules that come
    after it and that only sentence-transformers itself can run; ``licence`` is empty where the folder names none.
    """

    most_tokens: int
    pooling: tuple[str, ...] = ("mean",)
    others: tuple[str, ...] = ()
    lower_case: bool = False
    query_prompt: str = ""
    text_prompt: str = ""
    licence: str = ""


def read_recipe(folder: Path) -> Recipe:
    """The recipe of ``folder``.

    Raises:
        BadModelError: if one of its small files is not what it should be.
    """
    modules = read_modules(folder)
    pooling: tuple[str, ...] = ("mean",)
    for module in modules:
        if module.kind == "Pooling":
            pooling = _pooling(module.path / "config.json")
    first = modules[0].path
    own = read_object(first / "sentence_bert_config.json")
    prompts = read_object(folder / "config_sentence_transformers.json")
    return Recipe(
        most_tokens=_most_tokens(first, own),
        pooling=pooling,
        others=tuple(one.kind for one in modules if one.kind not in _OURS),
        lower_case=own.get("do_lower_case") is True,
        query_prompt=_prompt(prompts, _QUERY),
        text_prompt=_prompt(prompts, _TEXT),
        licence=_licence(folder / "README.md"),
    )


def read_modules(folder: Path) -> list[Module]:
    """The modules of ``folder`` in order, never none: without a list there are a network and the mean of its tokens.

    Raises:
        BadModelError: if the list is none, or leads out of the folder.
    """
    path = folder / "modules.json"
    listed = _read(path)
    if listed is None:
        return [Module(_TRANSFORMER, folder)]
    try:
        found = [Module(str(one["type"]), folder / str(one["path"])) for one in listed]
    except (TypeError, KeyError) as wrong:
        raise BadModelError(f"{path}: not a list of modules; fetch the folder anew") from wrong
    if not found:
        raise BadModelError(f"{path}: it lists no modules; fetch the folder anew")
    for module in found:
        if ".." in module.path.parts or not module.path.is_relative_to(folder):
            raise BadModelError(
                f"{path}: it names {module.path}, which lies outside the folder; do not use this model"
            )
    return found


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a small file of a folder; empty where there is no such file.

    Raises:
        BadModelError: if it is anything else.
    """
    held = _read(path)
    if held is None:
        return {}
    if not isinstance(held, dict):
        raise BadModelError(f"{path}: not a JSON object; fetch the folder anew")
    return held


def _pooling(path: Path) -> tuple[str, ...]:
    config = read_object(path)
    flagged = [mode for mode, flag in _POOLINGS.items() if config.get(flag) is True]
    named = config.get("pooling_mode", flagged or ["mean"])
    modes = tuple(named) if isinstance(named, list) else (named,)
    if not modes or any(str(mode) not in _POOLINGS for mode in modes):
        raise BadModelError(f"{path}: no pooling is called {named!r}; there are {', '.join(_POOLINGS)}")
    return modes


def _most_tokens(folder: Path, own: Mapping[str, Any]) -> int:
    said = (
        own.get("max_seq_length"),
        read_object(folder / "tokenizer_config.json").get("model_max_length"),
        read_object(folder / "config.json").get("max_position_embeddings"),
    )
    for one in said:
        if isinstance(one, int) and one >= 2:
            return min(one, LONGEST)
    return LONGEST


def _prompt(config: Mapping[str, Any], names: tuple[str, ...]) -> str:
    prompts = config.get("prompts")
    if not isinstance(prompts, dict):
        return ""
    for name in (*names, config.get("default_prompt_name")):
        if isinstance(prompts.get(name), str):
            return str(prompts[name])
    return ""


def _licence(card: Path) -> str:
    """The licence that the head of a model card names; a name of one's own wins over ``other``."""
    try:
        with card.open(encoding="utf-8", errors="replace") as file:
            head = file.read(_MOST_BYTES)
    except FileNotFoundError:
        return ""
    if not head.startswith("---"):
        return ""
    found = {bool(own): name for own, name in _LICENCE.findall(head[3:].partition("\n---")[0])}
    return found.get(True) or found.get(False) or ""


def _read(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(raw) > _MOST_BYTES:
        raise BadModelError(f"{path}: larger than any such file; fetch the folder anew")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as wrong:
        raise BadModelError(f"{path}: not JSON ({wrong}); fetch the folder anew") from wrong
