"""Static files: whitenoise serves them from the package, with the release in their address."""

from django.contrib.staticfiles.storage import StaticFilesStorage

from broadsheet import __version__


class AssetStorage(StaticFilesStorage):
    """Adds the release to each address, so that a browser may keep a file for ever and still see the next one.

    Unlike a manifest it needs no ``collectstatic`` before the first start.
    """

    def url(self, name: str | None) -> str:
        return f"{super().url(name)}?v={__version__}"
