"""Encoders by name, each imported when it is first asked for."""

import logging
from functools import cache
from importlib import import_module
from pathlib import Path

from broadsheet.search.encoders.base import Encoder
from broadsheet.search.encoders.hashed import Hashed

__all__ = ["BASES", "ENCODERS", "Encoder", "UnknownEncoderError", "find", "get"]

_log = logging.getLogger(__name__)

ENCODERS = {
    "compact": "broadsheet.search.encoders.compact:Compact",
    "hashed": "broadsheet.search.encoders.hashed:Hashed",
    "static": "broadsheet.search.encoders.static:Static",
}

# Those quick enough to be the base of an index, which is always complete (the option `encoder`).
BASES = ("hashed", "static")


class UnknownEncoderError(ValueError):
    """No encoder has this name."""


def find(name: str, home: str = "") -> Encoder:
    """The encoder called ``name`` or, where a ``home`` is given, that in this folder; one instance for the process.

    Raises:
        UnknownEncoderError: if no encoder has this name.
        ImportError, FileNotFoundError, ValueError: if what it needs is not here or cannot be used; the message says what.
    """
    if not home and name not in ENCODERS:
        raise UnknownEncoderError(f"no encoder is called {name!r}; choose one of {', '.join(sorted(ENCODERS))}")
    return _opened("" if home else name, home)


@cache
def _opened(name: str, home: str) -> Encoder:
    if home:
        return _in_folder(Path(home))
    module, _, attribute = ENCODERS[name].partition(":")
    encoder: Encoder = getattr(import_module(module), attribute)()
    return encoder


def _in_folder(folder: Path) -> Encoder:
    """A compact encoder that was trained there, else any transformer."""
    from broadsheet.search.encoders.compact import FACTS, Compact
    from broadsheet.search.encoders.transformer import Transformer

    return Compact(folder) if (folder / FACTS).is_file() else Transformer(folder)


@cache
def get(name: str) -> Encoder:
    """As ``find``, for the base of an index, which must always have one: ``hashed`` where its weights are missing.

    Raises:
        UnknownEncoderError: if no encoder has this name.
    """
    try:
        return find(name)
    except (ImportError, FileNotFoundError) as missing:
        _log.warning("encoder %s cannot be used (%s); search by meaning falls back to 'hashed'", name, missing)
        return Hashed()
