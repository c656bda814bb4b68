"""What is asked is what is found: words, phrases, fields, filters, names. Three made-up papers, in corpus.py."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest

from broadsheet.ranking.hybrid import search
from broadsheet.search import writer
from broadsheet.search.document import Document
from broadsheet.search.encoders.hashed import Hashed
from broadsheet.search.engine import SearchEngine
from broadsheet.search.filters import Filters
from broadsheet.search.lexical import LexicalReader
from tests.search.corpus import NETWORKS, OTTERS, PAPERS, RIVERS, asked, index


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> SearchEngine:
    return index(tmp_path_factory.mktemp("index"))


def matching(engine: SearchEngine, text: str) -> set[int]:
    """The papers in which everything asked for stands."""
    query = asked(text)
    ask = engine.ask(query)
    return set(engine.columns.papers[engine.exact(ask, engine.allowed(query, ask))].tolist())


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        ("network", {2}),
        ("networks", {2}),
        ("counting", {1, 2, 3}),
        ("counting rivers", {3}),
        ("otters thermodynamics", set()),
        ('"network"', {2}),
        ('"counts"', {2}),
        ('"counting means"', {2}),
        ('"means counting"', set()),
        ('"sort pebbles"', {1}),
        ('"pebbles sort"', set()),
        ('"self attention"', {1}),
        ("selfattention", {1}),
        ("self-attention", {1}),
        ("count -network", {1, 3}),
        ("otters OR rivers", {1, 3}),
        ("(otters OR rivers) languages", {3}),
        ("author:chen", {2, 3}),
        ('author:"bo chen"', {2, 3}),
        ('author:"chen, bo"', {2, 3}),
        ('author:"bo fiume"', set()),
        ("author:chen author:fiume", {3}),
        ('author:"émile riviere"', {1}),
        ("title:counting", {1, 2}),
        ("abstract:network", {2}),
        ("topic:cs.CL", {2, 3}),
        ("topic:cs", {2, 3}),
        ("count -topic:cs.CL", {1}),
        ("venue:iclr", {2}),
        ("source:openreview", {2}),
        ("generalis*", {2}),
        ("generalizing", {2}),
        ("title:generalize OR abstract:generalise", {2}),
        ("generalize AND sets", {2}),
        ("riv*", {1, 3}),
        ("title:riv*", {3}),
        ("count year:2024..2025", {2, 3}),
        ("count since:2026-01-01", {1}),
        ("count has:code", {1}),
        ("count lang:de", {3}),
        ('"animal counting"', {1}),
        ("author:chen -venue:iclr", {3}),
    ],
)
def test_a_search_matches_just_these_papers(engine, text, papers):
    assert matching(engine, text) == papers


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("2601.00001", 1),
        ("arXiv:2601.00001v3", 1),
        ("https://arxiv.org/pdf/2512.00002", 2),
        ("10.1234/OTTERS", 1),
        ("https://openreview.net/forum?id=abc123xyz", 2),
        ("2024.river-1.7", 3),
        ("naming rivers, in forty languages!", 3),
    ],
)
def test_an_id_an_address_or_a_title_names_its_paper(engine, text, paper):
    assert engine.columns.papers[engine.named(asked(text))].tolist() == [paper]


SPELT = (
    replace(OTTERS, paper=11, key="k11", ids=("k11",), title="Of selfattention", abstract=""),
    replace(OTTERS, paper=12, key="k12", ids=("k12",), title="Of self-attention", abstract=""),
    replace(OTTERS, paper=13, key="k13", ids=("k13",), title="Of self attention", abstract=""),
    replace(OTTERS, paper=14, key="k14", ids=("k14",), title="Attention", abstract="A selfattention of its own."),
)


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        ("self-attention", {11, 12, 13, 14}),
        ("selfattention", {11, 12, 14}),
        ("self attention", {12, 13}),
        ("title:self-attention", {11, 12, 13}),
        ("abstract:self-attentions", {14}),
        ("attention -self-attention", set()),
        ('"self-attention"', {12, 13}),
        ('"selfattention"', {11, 14}),
        ("self-attention OR rivers", {11, 12, 13, 14}),
    ],
)
def test_a_word_with_a_hyphen_is_found_written_as_one_and_the_other_way_about(tmp_path, text, papers):
    assert matching(index(tmp_path, *SPELT), text) == papers


def test_a_word_whose_hyphen_parts_off_its_own_ending_is_found(tmp_path):
    hits = search(index(tmp_path), asked("network-s")).hits
    assert hits[0].paper == 2


def test_what_stands_written_as_one_is_told_by_both_halves(tmp_path):
    engine = index(tmp_path, *SPELT)
    assert engine.matched(engine.ask(asked("self-attention")), engine.columns.rows_of([11])) == {
        0: ("self", "attent")
    }


FILTERS = (
    Filters(since=date(2025, 12, 20)),
    Filters(until=date(2025, 12, 31)),
    Filters(first_year=2025),
    Filters(last_year=2024),
    Filters(topics=("CS",)),
    Filters(topics=("q-bio.PE", "cs.LG")),
    Filters(without_topics=("cs.LG",)),
    Filters(sources=("arXiv",)),
    Filters(without_sources=("openreview",)),
    Filters(venues=("2026 iclr",)),
    Filters(venues=("streams", "acl")),
    Filters(without_venues=("ACL 2024",)),
    Filters(has_code=True),
    Filters(has_code=False),
    Filters(lang=("en", "de")),
    Filters(lang=("fr",)),
)


def joined(one: Filters, other: Filters) -> Filters:
    facts = {name: getattr(other, name) for name in Filters.__dataclass_fields__}
    return replace(one, **{name: value for name, value in facts.items() if value not in (None, ())})


def meets(paper: Document, asked: Filters) -> bool:
    """The same conditions, read from the paper itself."""
    topics = {part.casefold() for topic in paper.topics for part in (topic, topic.partition(".")[0])}
    sources = {source.casefold() for source in paper.sources}
    venue = set(paper.venue.casefold().split())
    held = [
        not asked.since or (paper.published is not None and paper.published >= asked.since),
        not asked.until or (paper.published is not None and paper.published <= asked.until),
        asked.first_year is None or (paper.year or 0) >= asked.first_year,
        asked.last_year is None or 0 < (paper.year or 0) <= asked.last_year,
        not asked.topics or any(one.casefold() in topics for one in asked.topics),
        not any(one.casefold() in topics for one in asked.without_topics),
        not asked.sources or any(one.casefold() in sources for one in asked.sources),
        not any(one.casefold() in sources for one in asked.without_sources),
        not asked.venues or any(set(one.casefold().split()) <= venue for one in asked.venues),
        not any(set(one.casefold().split()) <= venue for one in asked.without_venues),
        asked.has_code is None or paper.has_code == asked.has_code,
        not asked.lang or paper.lang in asked.lang,
    ]
    return all(held)


@pytest.mark.parametrize("filters", [joined(a, b) for a, b in product(FILTERS, FILTERS)])
def test_the_rows_that_meet_a_filter_are_the_papers_that_do(engine, filters):
    met = engine.columns.meeting(filters)
    by_columns = set(range(3)) if met is None else set(np.flatnonzero(met).tolist())
    assert by_columns == {row for row, paper in enumerate(PAPERS) if meets(paper, filters)}


def test_words_that_only_hold_a_sentence_together_are_not_ranked_but_can_be_asked_for(engine):
    assert engine.ask(asked("what is it that counts")).stems == ("count",)
    assert matching(engine, "are of") == {3}


def test_of_a_long_text_the_rarest_words_are_kept(engine):
    text = " ".join(paper.abstract for paper in PAPERS)
    stems = engine.asking.rarest(text + " unheardof")
    assert len(stems) == 24
    assert "unheardof" not in stems


def test_the_words_of_each_hit_are_told(engine):
    rows = engine.columns.rows_of([1, 2, 3])
    assert engine.matched(engine.ask(asked("counts river")), rows) == {
        0: ("count",),
        1: ("count",),
        2: ("river", "count"),
    }


def test_facets_count_the_chosen_rows(engine):
    rows = np.flatnonzero(engine.columns.meeting(Filters(topics=("cs.CL",))))
    assert engine.columns.facets(rows) == {
        "topics": {"cs.CL": 2, "cs.LG": 1},
        "years": {"2025": 1, "2024": 1},
        "sources": {"arxiv": 1, "openreview": 1, "acl-anthology": 1},
        "venues": {"ICLR 2026": 1, "ACL 2024": 1},
        "has_code": {},
    }


def test_the_vocabulary_corrects_a_misspelt_word_of_the_papers(tmp_path):
    many = [replace(RIVERS, paper=n, key=f"k{n}", ids=(f"k{n}",)) for n in range(1, 200)]
    engine = index(tmp_path, *many)
    assert engine.speller.correction("langauges") == "languages"


def test_what_tantivy_found_is_remembered_and_found_the_same(tmp_path, monkeypatch):
    engine = index(tmp_path)
    first = matching(engine, 'counting "a network" -author:fiume')
    monkeypatch.setattr(LexicalReader, "rows_from", None)
    assert matching(engine, 'counting "a network" -author:fiume') == first == {NETWORKS.paper}


def test_what_is_remembered_of_the_generation_before_is_true_in_the_next(tmp_path, monkeypatch):
    before = index(tmp_path)
    texts = ('"counting"', "author:chen topic:cs -network", "author:chen")
    for text in texts:
        matching(before, text)
    beavers = replace(NETWORKS, paper=4, key="k4", ids=("k4",), title="Beavers Count", abstract="Counting network.")
    made = writer.update(
        tmp_path, Hashed(), puts=[beavers, replace(NETWORKS, abstract="", title="x")], deletes=[1], seq=1
    )
    reading: list[int] = []
    rows_from = LexicalReader.rows_from

    def noted(self, first, query):
        reading.append(first)
        return rows_from(self, first, query)

    monkeypatch.setattr(LexicalReader, "rows_from", noted)
    after = SearchEngine(made, Hashed(), before)
    assert {text: matching(after, text) for text in texts} == {
        '"counting"': {3, 4},
        "author:chen topic:cs -network": {2, 3},
        "author:chen": {2, 3, 4},
    }
    assert set(reading) == {3}


def test_a_rebuilt_index_remembers_nothing(tmp_path):
    before = index(tmp_path)
    matching(before, "author:chen has:code")
    after = SearchEngine(writer.rebuild(tmp_path, [RIVERS, NETWORKS, OTTERS], Hashed()), Hashed(), before)
    assert matching(after, "author:chen") == {2, 3}
    assert matching(after, "counting has:code") == {1}


def test_a_hyphenated_word_whose_whole_has_the_stem_of_its_part_is_asked_for_once(tmp_path):
    engine = index(tmp_path, replace(NETWORKS, title="An OWL-S service"))
    asked_for = engine.ask(asked("OWL-S service"))
    assert asked_for.forms("owl") == ("owl",)
    assert engine.by_words(asked_for, 5, None).rows.tolist() == [0]
