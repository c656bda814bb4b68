"""What the routes to arXiv have in common."""

from broadsheet.sources.arxiv.home import ARXIV
from broadsheet.sources.place import Place


class ArxivRoute:
    """``base``: where the route begins; another address for a mirror or a test."""

    def __init__(self, base: str) -> None:
        self._base = base

    @property
    def place(self) -> Place:
        return ARXIV
