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
_MOST_BYTES = 1 << 20
_LICENCE = re.compile(r"^license(_name)?:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)


class BadModelError(ValueError):
    """A model's folder lacks something or holds what is not run; the message names it and the remedy."""


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
    modules = _modules(folder)
    kinds = [kind for kind, _ in modules]
    pooling: tuple[str, ...] = ("mean",)
    for kind, path in modules:
        if kind == "Pooling":
            pooling = _pooling(path / "config.json")
    first = modules[0][1] if modules else folder
    own = _object(first / "sentence_bert_config.json")
    prompts = _object(folder / "config_sentence_transformers.json")
    return Recipe(
        most_tokens=_most_tokens(first, own),
        pooling=pooling,
        others=tuple(kind for kind in kinds if kind not in ("Transformer", "Pooling", "Normalize")),
        lower_case=own.get("do_lower_case") is True,
        query_prompt=_prompt(prompts, _QUERY),
        text_prompt=_prompt(prompts, _TEXT),
        licence=_licence(folder / "README.md"),
    )


def _modules(folder: Path) -> list[tuple[str, Path]]:
    """The last word of each module's type, and its folder."""
    path = folder / "modules.json"
    listed = _read(path)
    if listed is None:
        return []
    try:
        found = [(str(one["type"]).rpartition(".")[2], str(one["path"])) for one in listed]
    except (TypeError, KeyError) as wrong:
        raise BadModelError(f"{path}: not a list of modules; fetch the folder anew") from wrong
    for _, inside in found:
        if Path(inside).is_absolute() or ".." in Path(inside).parts:
            raise BadModelError(
                f"{path}: it names {inside!r}, which lies outside the folder; do not use this model"
            )
    return [(kind, folder / inside) for kind, inside in found]


def _pooling(path: Path) -> tuple[str, ...]:
    config = _object(path)
    flagged = [mode for mode, flag in _POOLINGS.items() if config.get(flag) is True]
    named = config.get("pooling_mode", flagged or ["mean"])
    modes = tuple(named) if isinstance(named, list) else (named,)
    if not modes or any(str(mode) not in _POOLINGS for mode in modes):
        raise BadModelError(f"{path}: no pooling is called {named!r}; there are {', '.join(_POOLINGS)}")
    return modes


def _most_tokens(folder: Path, own: Mapping[str, Any]) -> int:
    said = (
        own.get("max_seq_length"),
        _object(folder / "tokenizer_config.json").get("model_max_length"),
        _object(folder / "config.json").get("max_position_embeddings"),
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


def _object(path: Path) -> dict[str, Any]:
    """A JSON object; empty where there is no such file."""
    held = _read(path)
    if held is None:
        return {}
    if not isinstance(held, dict):
        raise BadModelError(f"{path}: not a JSON object; fetch the folder anew")
    return held


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
