"""How many papers of a list have each topic and source, and how many have code."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

KEPT = 60


def facets_of(
    papers: Iterable[tuple[Sequence[str], Sequence[str], Mapping[str, str]]],
) -> dict[str, dict[str, int]]:
    """``papers``: topics, sources and links of each. Of topics and sources the `KEPT` most frequent are told."""
    topics: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    code = 0
    for has_topics, has_sources, links in papers:
        topics.update(has_topics)
        sources.update(has_sources)
        code += "code" in links
    return {
        "topic": dict(topics.most_common(KEPT)),
        "source": dict(sources.most_common(KEPT)),
        "code": {"yes": code},
    }
