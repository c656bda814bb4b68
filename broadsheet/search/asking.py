"""From a parsed query to tantivy queries, built as objects: no text is ever given to tantivy's own parser."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Occur

from broadsheet.search import normalise
from broadsheet.search.bm25 import Form
from broadsheet.search.lexical import LexicalReader
from broadsheet.search.postings import Postings
from broadsheet.search.stem import spelt_otherwise, stems_of
from broadsheet.search.syntax import And, Node, Phrase, Word, demands, leaves

# More words than this add time and no precision: of a pasted abstract the rarest are kept.
MOST_WORDS = 24
# What a word in the title adds beside the text, where titles count already (wording.TITLE_WEIGHT). Measured: nDCG@10
# of autoscholar-dev 0.158 -> 0.165 and of scitldr 0.808 -> 0.816; 0.3 is no better, 0.6 worse on scitldr.
TITLE_BONUS = 0.15
# Words side by side that are no coincidence: fewer are a set phrase of the field, more need not be compared.
LEAST_VERBATIM, MOST_VERBATIM = 5, 60
_PROSE = ("title", "abstract", "keywords", "authors")
_EXACT = {"author": "authors", "keyword": "keywords"}
# A tree may require any number of words; so many are enough to rank what it finds.
_MOST_SCORING = 4 * MOST_WORDS


@dataclass(frozen=True, slots=True)
class Asked:
    """One search, sorted by what each part does."""

    stems: tuple[str, ...]
    """The stems of the wanted words, rarest first."""
    others: Mapping[str, Mapping[str, float]]
    """The other stems that stand for a stem, and how much each counts: of pre in pre-training pretrain, which stands for
    two halves; of generalis generaliz."""
    bare: Node | None
    """What was wanted where it is function words alone ("to be"): the words must then stand as typed."""
    required: tuple[Node, ...]
    excluded: tuple[Node, ...]
    scoring: tuple[tuple[Form, ...], ...]
    """What adds to a score; of several forms together the one that adds most counts."""

    @property
    def finds(self) -> bool:
        """Whether papers are looked for, not only narrowed down."""
        return bool(self.stems or self.bare or self.required)

    def forms(self, stem: str) -> tuple[str, ...]:
        """The stems of which any stands for ``stem``."""
        return (stem, *self.others.get(stem, ()))


class Asking:
    """Reads queries for one generation (which words are rare is known from it)."""

    def __init__(self, reader: LexicalReader, postings: Postings) -> None:
        self._reader, self._postings = reader, postings
        self._schema = reader.schema

    def ask(self, root: Node | None) -> Asked:
        asked = demands(root)
        stems = self.rarest(" ".join(word.text for word in asked.wanted))
        others = self._others(asked.wanted)
        bare = And(asked.wanted, strict=True) if asked.wanted and not stems else None
        scoring: dict[tuple[Form, ...], None] = {}
        for stem in stems:
            forms = {**others.get(stem, {}), stem: 1.0}
            scoring[tuple(Form("text", one, counts) for one, counts in forms.items())] = None
            scoring[tuple(Form("title", one, TITLE_BONUS) for one, counts in forms.items() if counts == 1)] = None
        for leaf in (leaf for part in asked.required for leaf in leaves(part)):
            scoring.update(dict.fromkeys(self._added(leaf)))
        return Asked(tuple(stems), others, bare, asked.required, asked.excluded, tuple(scoring)[:_MOST_SCORING])

    def _added(self, leaf: Word | Phrase) -> Iterator[tuple[Form, ...]]:
        """What a required word or phrase adds to a score: its words, wherever they stand."""
        if leaf.field not in (None, "title", "abstract") or (isinstance(leaf, Word) and leaf.prefix):
            return
        for stem in stems_of(leaf.text if isinstance(leaf, Word) else " ".join(leaf.words)):
            if leaf.field != "title":
                yield (Form("text", stem),)
            yield (Form("title", stem, 1.0 if leaf.field == "title" else TITLE_BONUS),)

    def verbatim(self, text: str) -> tantivy.Query | None:
        """Papers whose title or abstract holds all of ``text`` word for word; None where it is too short to tell."""
        words = normalise.words(text)[:MOST_VERBATIM]
        if len(words) < LEAST_VERBATIM:
            return None
        return tantivy.Query.boolean_query(
            [(Occur.Should, self._beside(field, tuple(words))) for field in ("title", "abstract")]
        )

    def rarest(self, text: str) -> list[str]:
        """The stems of ``text``, rarest first; only the rarest ``MOST_WORDS`` of those the index knows."""
        stems = stems_of(text)
        counted = sorted((self._postings.frequency("text", stem), at, stem) for at, stem in enumerate(stems))
        known = [stem for number, _, stem in counted if number][:MOST_WORDS]
        unknown = [stem for number, _, stem in counted if not number]
        return [*unknown, *known] if len(stems) <= MOST_WORDS else known

    def _others(self, words: Sequence[Word]) -> dict[str, dict[str, float]]:
        """See ``Asked.others``: for the stems of ``words``, of what the index knows."""
        others: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for word in words:
            for piece in normalise.fold(word.text).split() if "-" in word.text else ():
                for one in self._joined(piece):
                    for part in stems_of(piece):
                        if part != one:  # OWL-S written as one has the stem of OWL
                            others[part][one] = 0.5
            for part, other in self._spellings(word.text):
                if self._postings.frequency("text", other):
                    others[part][other] = 1.0
        return dict(others)

    def _spellings(self, text: str) -> Iterator[tuple[str, str]]:
        """Stems of ``text`` with the stem of the same word in its other spelling."""
        for word in normalise.words(text):
            if other := spelt_otherwise(word):
                yield from zip(stems_of(word), stems_of(other), strict=False)

    def _joined(self, text: str) -> list[str]:
        """The stems of the hyphenated words of ``text`` written as one, of those the index knows."""
        stems = stems_of(" ".join(normalise.joined(text)))
        return [stem for stem in stems if self._postings.frequency("text", stem)]

    def leaf(self, leaf: Word | Phrase) -> tantivy.Query:
        """The papers that match a word or phrase, but for what the postings and columns tell (see ``Matching``)."""
        return self._word(leaf) if isinstance(leaf, Word) else self._phrase(leaf.words, leaf.field)

    def _name(self, name: str) -> tantivy.Query:
        """One person: the words of ``name`` side by side, given name first or last, a middle name between."""
        words = normalise.words(name)
        if len(words) < 2:
            return self._every("authors", words)
        orders = {tuple(words), (words[-1], *words[:-1]), (*words[1:], words[0])}
        return tantivy.Query.boolean_query(
            [
                (Occur.Should, tantivy.Query.phrase_query(self._schema, "authors", list(order), slop=1))
                for order in sorted(orders)
            ]
        )

    def _word(self, word: Word) -> tantivy.Query:
        parts = normalise.words(word.text)
        if not parts:
            return tantivy.Query.empty_query()
        if word.prefix:
            return self._prefixed(parts, word.field)
        if word.field is None:
            return tantivy.Query.boolean_query([(Occur.Should, self._every(field, parts)) for field in _PROSE])
        if word.field == "abstract":
            parted = tantivy.Query.boolean_query([(Occur.Must, self._forms("abstract", part)) for part in parts])
            return _either(parted, [self._forms("abstract", one) for one in normalise.joined(word.text)])
        if word.field == "author":
            return self._name(word.text)
        return self._every(_EXACT.get(word.field, word.field), parts)

    def _phrase(self, words: tuple[str, ...], field: str | None) -> tantivy.Query:
        if not words:
            return tantivy.Query.empty_query()
        fields = _PROSE if field is None else (_EXACT.get(field, field),)
        return tantivy.Query.disjunction_max_query([self._beside(one, words) for one in fields])

    def _beside(self, field: str, words: tuple[str, ...]) -> tantivy.Query:
        if len(words) == 1:
            return self._term(field, words[0])
        return tantivy.Query.phrase_query(self._schema, field, list(words))

    def _prefixed(self, parts: list[str], field: str | None) -> tantivy.Query:
        fields = _PROSE if field is None else (_EXACT.get(field, field),)
        *whole, last = parts
        choices = []
        for one in fields:
            # No word is left out: distance 0 with `prefix` is an automaton over the whole dictionary.
            begins = tantivy.Query.fuzzy_term_query(self._schema, one, last, 0, prefix=True)
            before = [(Occur.Must, self._every(one, whole))] if whole else []
            choices.append((Occur.Should, tantivy.Query.boolean_query([(Occur.Must, begins), *before])))
        return tantivy.Query.boolean_query(choices)

    def _forms(self, field: str, word: str) -> tantivy.Query:
        """Every word of an unstemmed field that shares its stem with ``word``."""
        stems = stems_of(word)
        if not stems:
            return self._term(field, word)
        start = stems[0][:-1] if len(stems[0]) > 3 else stems[0]
        forms = [form for form, _ in self._reader.beginning(field, start, 2_000) if stems_of(form) == stems]
        return self._any(field, [word, *forms])

    def _every(self, field: str, words: list[str]) -> tantivy.Query:
        if not words:
            return tantivy.Query.empty_query()
        return tantivy.Query.boolean_query([(Occur.Must, self._term(field, word)) for word in words])

    def _any(self, field: str, values: list[str]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, field, values)

    def _term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value, "position")


def _either(one: tantivy.Query, others: list[tantivy.Query]) -> tantivy.Query:
    """The papers that match ``one`` or any of ``others``."""
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in (one, *others)]) if others else one
