"""Why a paper was found, in the words of whoever searched: what was typed, which words, how near, which signal."""

from broadsheet.core.card import Card, Reason, ReasonKind
from broadsheet.listings.sorts import Sort
from broadsheet.ranking.hybrid import Hit
from broadsheet.search.describe import in_words
from broadsheet.search.function_words import FUNCTION_WORDS
from broadsheet.search.normalise import words
from broadsheet.search.stem import stems
from broadsheet.search.syntax import Query, Word, demands, leaves


class Why:
    """The reasons of one search; made once, asked for each paper."""

    def __init__(self, query: Query, sort: Sort) -> None:
        self._query, self._sort = query, sort
        # What every paper found has, but for one that was named: phrases, words in fields, what AND joins.
        self._required = tuple(in_words(part) for part in demands(query.root).required)
        self._typed: dict[str, str] = {}
        self._whole: dict[str, frozenset[str]] = {}
        for leaf in leaves(query.root):
            if isinstance(leaf, Word):
                parts = words(leaf.text)
                self._typed |= dict(zip(stems(parts), parts, strict=True))
                if len(parts) > 1:
                    self._whole[leaf.text] = frozenset(stems(parts))

    def reasons(self, card: Card, hit: Hit) -> tuple[Reason, ...]:
        """The strongest first; none where papers were only narrowed down and listed."""
        found = []
        if hit.named:
            what = "id" if self._query.pinned else "title"
            found.append(Reason(ReasonKind.EXACT, f"its {what} is what you typed", 1.0))
        if had := [*self._matched(hit), *(() if hit.named else self._required)]:
            found.append(Reason(ReasonKind.WORDS, f"has {', '.join(had)}", hit.words))
        found += [Reason(ReasonKind.WORDS, f"by author {name}", 1.0) for name in self._query.filters.authors]
        if hit.cosine is not None and hit.cosine > 0:
            near = min(1.0, hit.cosine)
            found.append(Reason(ReasonKind.MEANING, f"{near:.0%} alike in meaning", near))
        return (*found, *self._signals(card))

    def _matched(self, hit: Hit) -> list[str]:
        """The matched words as they were typed, a hyphenated one whole where all of it matched."""
        stood = frozenset(hit.matched)
        whole = {text: parts & stood for text, parts in self._whole.items() if _telling(parts, stood)}
        shown = frozenset[str]().union(*whole.values())
        return [*whole, *(self._typed.get(stem, stem) for stem in hit.matched if stem not in shown)]

    def _signals(self, card: Card) -> list[Reason]:
        votes = card.votes or card.their_votes
        if self._sort in (Sort.VOTES, Sort.TRENDING) and votes:
            return [Reason(ReasonKind.SIGNAL, f"{votes} votes")]
        if self._sort is Sort.CITATIONS and card.citations:
            return [Reason(ReasonKind.SIGNAL, f"{card.citations} citations")]
        return []


def _telling(parts: frozenset[str], stood: frozenset[str]) -> bool:
    """Whether all ``parts`` stood in the paper, but for the function words, which are never looked for."""
    missing = parts - stood
    return bool(parts & stood) and missing <= FUNCTION_WORDS
