"""From a parsed query to tantivy queries, built as objects: no text is ever given to tantivy's own parser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import tantivy
from tantivy import FieldType, Occur

from broadsheet.search import normalise
from broadsheet.search.filters import Filters
from broadsheet.search.lexical import LexicalReader
from broadsheet.search.syntax import And, Node, Not, Or, Phrase, Word, demands

# More words than this add time and no precision: of a pasted abstract the rarest are kept.
MOST_WORDS = 24
# What a word in the title adds beside the text, where titles count already (lexical.TITLE_WEIGHT). Measured: nDCG@10
# of autoscholar-dev 0.158 -> 0.165 and of scitldr 0.808 -> 0.816; 0.3 is no better, 0.6 worse on scitldr.
TITLE_BONUS = 0.15
# Words side by side that are no coincidence: fewer are a set phrase of the field, more need not be compared.
LEAST_VERBATIM, MOST_VERBATIM = 5, 60
_PROSE = ("title", "abstract", "keywords", "authors")
_EXACT = {"author": "authors", "keyword": "keywords"}
_RAW = {"topic": "topics", "source": "sources"}
_NO_SCORE = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One search as tantivy queries."""

    scored: tantivy.Query | None
    """Any wanted word, all that is required: for the ranked list. None where no word adds to a score."""
    matching: tantivy.Query
    """Every wanted word and all that is required: for totals, facets and the other sorts."""
    demanded: tantivy.Query
    """What is required and the filters, without the wanted words."""
    requires: bool
    """Whether anything but filters is required."""
    stems: tuple[str, ...]
    """The stems that add to the score, rarest first."""
    whole: Mapping[str, tuple[str, ...]]
    """Of a stem that was typed with a hyphen, the stem of the word written as one: of pre in pre-training, pretrain."""

    def forms(self, stem: str) -> tuple[str, ...]:
        """The stems of which any stands for ``stem``."""
        return (stem, *self.whole.get(stem, ()))


class Asking:
    """Builds queries against one generation (which words are rare is known from it)."""

    def __init__(self, reader: LexicalReader) -> None:
        self._reader = reader
        self._schema = reader.schema

    def ask(self, root: Node | None, filters: Filters) -> Asked:
        asked = demands(root)
        stems = self.rarest(" ".join(word.text for word in asked.wanted))
        must = [(Occur.Must, self._silent(self.node(part))) for part in asked.required]
        must += [(Occur.MustNot, self.node(part)) for part in asked.excluded]
        must += self.filtered(filters)
        whole = self._written_as_one(asked.wanted)
        wanted = [self._wanted(stem, whole.get(stem, ())) for stem in stems]
        scoring = [(Occur.Should, one) for one in (*wanted, *map(self._in_title, stems))]
        scoring += [(Occur.Should, self.node(part)) for part in asked.required]
        demanded = _all(must)
        scored = None
        if scoring:
            any_of = tantivy.Query.boolean_query(scoring)
            scored = any_of if not must else tantivy.Query.boolean_query([*must, (Occur.Must, any_of)])
        # A query of function words alone ("to be") has no stems: the words must then stand as typed.
        bare = [] if stems else [self.node(And(asked.wanted, strict=True))] if asked.wanted else []
        every = [*wanted, *bare]
        matching = _all([*must, *((Occur.Must, one) for one in every)]) if every else demanded
        if bare and scored is None:
            scored = matching
        return Asked(scored, matching, demanded, bool(asked.required or asked.excluded), tuple(stems), whole)

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
        stems = self._reader.stem(text)
        counted = sorted((self._reader.frequency("text", stem), at, stem) for at, stem in enumerate(stems))
        known = [stem for number, _, stem in counted if number][:MOST_WORDS]
        unknown = [stem for number, _, stem in counted if not number]
        return [*unknown, *known] if len(stems) <= MOST_WORDS else known

    def _written_as_one(self, words: Sequence[Word]) -> dict[str, tuple[str, ...]]:
        """See ``Asked.whole``: for the hyphenated ones of ``words``, where the index knows them written as one."""
        whole: dict[str, tuple[str, ...]] = {}
        for word in words:
            for piece in normalise.fold(word.text).split() if "-" in word.text else ():
                for one in self._joined(piece):
                    for part in self._reader.stem(piece):
                        whole[part] = tuple(dict.fromkeys((*whole.get(part, ()), one)))
        return whole

    def _joined(self, text: str) -> list[str]:
        """The stems of the hyphenated words of ``text`` written as one, of those the index knows."""
        stems = self._reader.stem(" ".join(normalise.joined(text)))
        return [stem for stem in stems if self._reader.frequency("text", stem)]

    def node(self, node: Node) -> tantivy.Query:
        """The papers that match ``node``, scored by how well."""
        match node:
            case Word():
                return self._word(node)
            case Phrase(words, field):
                return self._phrase(words, field)
            case Not(child):
                return _all([(Occur.MustNot, self.node(child))])
            case Or(children):
                return tantivy.Query.boolean_query([(Occur.Should, self.node(one)) for one in children])
            case And(children):
                return _all(
                    [
                        (Occur.MustNot, self.node(one.child))
                        if isinstance(one, Not)
                        else (Occur.Must, self.node(one))
                        for one in children
                    ]
                )

    def filtered(self, filters: Filters) -> list[tuple[Occur, tantivy.Query]]:
        """The same conditions as ``Columns.mask``, as clauses that add nothing to a score; authors too."""
        clauses: list[tuple[Occur, tantivy.Query]] = []
        since = filters.since.toordinal() if filters.since else None
        until = filters.until.toordinal() if filters.until else None
        for field, low, high in (("day", since, until), ("year", filters.first_year, filters.last_year)):
            if low is not None or high is not None:
                span = tantivy.Query.range_query(self._schema, field, FieldType.Integer, low, high)
                clauses.append((Occur.Must, self._silent(span)))
        for field, wanted, unwanted in (
            ("topics", filters.topics, filters.without_topics),
            ("sources", filters.sources, filters.without_sources),
            ("langs", filters.lang, ()),
        ):
            if wanted:
                clauses.append((Occur.Must, self._silent(self._any(field, [one.casefold() for one in wanted]))))
            if unwanted:
                clauses.append((Occur.MustNot, self._any(field, [one.casefold() for one in unwanted])))
        if filters.venues:
            clauses.append((Occur.Must, self._silent(self._venues(filters.venues))))
        if filters.without_venues:
            clauses.append((Occur.MustNot, self._venues(filters.without_venues)))
        clauses += [(Occur.Must, self._silent(self._name(author))) for author in filters.authors]
        if filters.has_code is not None:
            clauses.append((Occur.Must, self._silent(self._term("has_code", int(filters.has_code)))))
        return clauses

    def _venues(self, venues: tuple[str, ...]) -> tantivy.Query:
        """Any of these venues, each by all of its words: ``iclr`` is every year's."""
        return tantivy.Query.boolean_query(
            [(Occur.Should, self._every("venue", normalise.words(venue))) for venue in venues]
        )

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

    def _wanted(self, stem: str, whole: Sequence[str]) -> tantivy.Query:
        """``stem``, or a word written as one that it is half of, and which then adds half: it stands for both halves."""
        term = self._term("text", stem, "freq")
        if not whole:
            return term
        halves = [tantivy.Query.boost_query(self._term("text", one, "freq"), 0.5) for one in whole]
        return tantivy.Query.disjunction_max_query([term, *halves])

    def _in_title(self, stem: str) -> tantivy.Query:
        return tantivy.Query.boost_query(self._term("title_stem", stem, "freq"), TITLE_BONUS)

    def _word(self, word: Word) -> tantivy.Query:
        parts = normalise.words(word.text)
        if not parts:
            return tantivy.Query.empty_query()
        if word.field in _RAW:
            return self._term(_RAW[word.field], word.text.casefold())
        if word.prefix:
            return self._prefixed(parts, word.field)
        if word.field is None or word.field == "title":
            stems = self._reader.stem(word.text)
            if stems:
                field = "title_stem" if word.field else "text"
                parted = _all([(Occur.Must, self._term(field, stem, "freq")) for stem in stems])
                return _either(parted, [self._term(field, one, "freq") for one in self._joined(word.text)])
        if word.field is None:
            return tantivy.Query.boolean_query([(Occur.Should, self._every(field, parts)) for field in _PROSE])
        if word.field == "abstract":
            parted = _all([(Occur.Must, self._forms("abstract", part)) for part in parts])
            return _either(parted, [self._forms("abstract", one) for one in normalise.joined(word.text)])
        if word.field == "author":
            return self._name(word.text)
        return self._every(_EXACT.get(word.field, word.field), parts)

    def _phrase(self, words: tuple[str, ...], field: str | None) -> tantivy.Query:
        if not words:
            return tantivy.Query.empty_query()
        if field in _RAW:
            return self._term(_RAW[field], " ".join(words))
        fields = _PROSE if field is None else (_EXACT.get(field, field),)
        return tantivy.Query.disjunction_max_query([self._beside(one, words) for one in fields])

    def _beside(self, field: str, words: tuple[str, ...]) -> tantivy.Query:
        if len(words) == 1:
            return self._term(field, words[0], "position")
        return tantivy.Query.phrase_query(self._schema, field, list(words))

    def _prefixed(self, parts: list[str], field: str | None) -> tantivy.Query:
        fields = _PROSE if field is None else (_EXACT.get(field, field),)
        *whole, last = parts
        choices = []
        for one in fields:
            # No word is left out: distance 0 with `prefix` is an automaton over the whole dictionary.
            begins = tantivy.Query.fuzzy_term_query(self._schema, one, last, 0, prefix=True)
            before = [(Occur.Must, self._every(one, whole))] if whole else []
            choices.append((Occur.Should, _all([(Occur.Must, begins), *before])))
        return tantivy.Query.boolean_query(choices)

    def _forms(self, field: str, word: str) -> tantivy.Query:
        """Every word of an unstemmed field that shares its stem with ``word``."""
        stems = self._reader.stem(word)
        if not stems:
            return self._term(field, word, "position")
        start = stems[0][:-1] if len(stems[0]) > 3 else stems[0]
        forms = [
            form for form, _ in self._reader.beginning(field, start, 2_000) if self._reader.stem(form) == stems
        ]
        return self._any(field, [word, *forms])

    def _every(self, field: str, words: list[str]) -> tantivy.Query:
        if not words:
            return tantivy.Query.empty_query()
        return _all([(Occur.Must, self._term(field, word, "position")) for word in words])

    def _any(self, field: str, values: list[str]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, field, values)

    def _term(self, field: str, value: str | int, option: str = "basic") -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value, option)

    def _silent(self, query: tantivy.Query) -> tantivy.Query:
        return tantivy.Query.const_score_query(query, _NO_SCORE)


def _either(one: tantivy.Query, others: list[tantivy.Query]) -> tantivy.Query:
    """The papers that match ``one`` or any of ``others``, scored by the best of them."""
    return tantivy.Query.disjunction_max_query([one, *others]) if others else one


def _all(clauses: list[tuple[Occur, tantivy.Query]]) -> tantivy.Query:
    """All the clauses; exclusions alone mean every paper but those."""
    if not any(occur == Occur.Must for occur, _ in clauses):
        everything = tantivy.Query.const_score_query(tantivy.Query.all_query(), _NO_SCORE)
        clauses = [(Occur.Must, everything), *clauses]
    return tantivy.Query.boolean_query(clauses)
