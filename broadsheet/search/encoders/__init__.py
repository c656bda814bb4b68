"""Encoders by name, each imported when it is first asked for."""

import logging
from functools import cache
from importlib import import_module

from broadsheet.search.encoders.base import Encoder
from broadsheet.search.encoders.hashed import Hashed

__all__ = ["ENCODERS", "Encoder", "UnknownEncoderError", "get"]

_log = logging.getLogger(__name__)

ENCODERS = {
    "hashed": "broadsheet.search.encoders.hashed:Hashed",
    "static": "broadsheet.search.encoders.static:Static",
}


class UnknownEncoderError(ValueError):
    """No encoder has this name."""


@cache
def get(name: str) -> Encoder:
    """The encoder called ``name``, one instance for the process; ``hashed`` where its weights are missing.

    Raises:
        UnknownEncoderError: if no encoder has this name.
    """
    if name not in ENCODERS:
        raise UnknownEncoderError(f"no encoder is called {name!r}; choose one of {', '.join(sorted(ENCODERS))}")
    module, _, attribute = ENCODERS[name].partition(":")
    try:
        encoder: Encoder = getattr(import_module(module), attribute)()
    except (ImportError, FileNotFoundError) as missing:
        _log.warning("encoder %s cannot be used (%s); search by meaning falls back to 'hashed'", name, missing)
        return Hashed()
    return encoder
