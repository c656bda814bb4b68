"""The words of one paper, found once for every structure that they are indexed in."""

from dataclasses import dataclass

from broadsheet.search import normalise
from broadsheet.search.document import Document

# A title says in ten words what the abstract says in two hundred: its words count this often.
TITLE_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class Wording:
    """Folded words in order. ``title`` and ``abstract`` as they stand; ``heading`` and ``text`` are what ranked search
    counts: the title, and everything (the title ``TITLE_WEIGHT`` times), hyphenated words also written as one.
    """

    title: list[str]
    abstract: list[str]
    keywords: list[list[str]]
    heading: list[str]
    text: list[str]


def wording(document: Document) -> Wording:
    title, title_joined = normalise.words_and_joined(document.title)
    abstract, joined = normalise.words_and_joined(document.abstract)
    keywords = [normalise.words(keyword) for keyword in document.keywords]
    said = [word for keyword in keywords for word in keyword]
    beside = [*title_joined, *joined, *said, *normalise.words(document.summary)]
    return Wording(title, abstract, keywords, [*title, *title_joined], [*title * TITLE_WEIGHT, *abstract, *beside])
