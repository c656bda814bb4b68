"""Static files: whitenoise serves them from the package, with a mark of their content in their address."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

from broadsheet import __version__


class AssetStorage(StaticFilesStorage):
    """Adds a mark of the content to each address, so that a browser may keep a file and still see the next one.

    Unlike a manifest it needs no ``collectstatic`` before the first start.
    """

    def url(self, name: str | None) -> str:
        address = super().url(name)
        return f"{address}?v={_read_mark(name or '') if settings.DEBUG else mark(name or '')}"


@lru_cache(maxsize=256)
def mark(name: str) -> str:
    """Eight hex digits that change with the content of the static file ``name``."""
    return _read_mark(name)


def _read_mark(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return __version__
    return hashlib.blake2b(Path(found).read_bytes(), digest_size=4).hexdigest()
