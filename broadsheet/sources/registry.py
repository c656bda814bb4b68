"""Which formats there are, and which of them a file is in. Each is imported when first asked."""

from functools import cache
from importlib import import_module

from broadsheet.sources.base import Format

# In the order in which they are asked: the narrower the mark a format is known by, the earlier.
_FORMATS = {
    "page": "broadsheet.sources.page.format:SavedPage",
    "huggingface": "broadsheet.sources.huggingface.format:DailyPapers",
    "arxiv": "broadsheet.sources.arxiv.snapshot:ArxivSnapshot",
    "jsonl": "broadsheet.sources.jsonl.format:JsonLines",
    "ris": "broadsheet.sources.ris.format:RIS",
    "bibtex": "broadsheet.sources.bibtex.format:BibTeX",
}


def names() -> tuple[str, ...]:
    return tuple(_FORMATS)


@cache
def named(name: str) -> Format:
    """The format called ``name``.

    Raises:
        KeyError: if there is none.
    """
    module, _, kind = _FORMATS[name].partition(":")
    made: Format = getattr(import_module(module), kind)()
    return made


def detect(head: bytes) -> Format | None:
    """The format of a file that begins with ``head``, judged by its content alone; None if it is none of ours."""
    return next((one for one in map(named, _FORMATS) if one.sniff(head)), None)


def titles() -> str:
    """The formats in words, for messages."""
    return ", ".join(named(name).title for name in _FORMATS)
