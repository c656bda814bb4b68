"""Postings and BM25 against a plain reading of the papers, on papers put together at random."""

import math
import random
from collections import Counter

import numpy as np
import pytest

from broadsheet.search import writer
from broadsheet.search.bm25 import Either, Form, Scorer
from broadsheet.search.document import Document
from broadsheet.search.encoders.hashed import Hashed
from broadsheet.search.engine import SearchEngine
from broadsheet.search.generation import open_current
from broadsheet.search.postings import Postings
from broadsheet.search.postings_writer import K1, B
from broadsheet.search.stem import stems
from broadsheet.search.wording import wording
from tests.search.corpus import asked

COMMON = ("river", "otter", "stone", "water", "count")
RARE = tuple(f"word{n}" for n in range(60))


def paper(number: int, draw: random.Random) -> Document:
    def text(most: int) -> str:
        common = draw.choices(COMMON, (8, 4, 2, 1, 1), k=draw.randint(0, most))
        return " ".join([*common, *draw.choices(RARE, k=draw.randint(1, most))])

    return Document(paper=number, key=f"k{number}", ids=(f"k{number}",), title=text(4), abstract=text(20))


def stems_of(document: Document, field: str) -> Counter[str]:
    said = wording(document)
    return Counter(stems(said.text if field == "text" else said.heading))


@pytest.fixture(scope="module")
def held(tmp_path_factory) -> tuple[SearchEngine, dict[int, Document]]:
    """An index built from 300 papers and updated 25 times: papers replaced, added and deleted."""
    draw, root = random.Random(11), tmp_path_factory.mktemp("index")
    papers = {number: paper(number, draw) for number in range(1, 301)}
    writer.rebuild(root, papers.values(), Hashed())
    for seq in range(1, 26):
        puts = [paper(number, draw) for number in draw.sample(range(1, 500), draw.randint(0, 12))]
        deletes = [number for number in draw.sample(sorted(papers), 4) if number not in {one.paper for one in puts}]
        writer.update(root, Hashed(), puts=puts, deletes=deletes, seq=seq)
        papers |= {one.paper: one for one in puts}
        papers = {number: one for number, one in papers.items() if number not in deletes}
    return SearchEngine(open_current(root), Hashed()), papers


def said(one: Document) -> list[str]:
    return f"{one.title} {one.abstract}".split()


def living(engine: SearchEngine) -> np.ndarray:
    return np.ones(engine.columns.size, bool) if engine.columns.alive is None else engine.columns.alive


@pytest.mark.parametrize("field", ["text", "title"])
def test_a_stem_is_held_by_just_the_papers_it_stands_in(held, field):
    engine, papers = held
    for stem in stems([*COMMON, *RARE, "nowhere"]):
        rows = [one.places() + one.first for one in engine.postings.entries(field, stem)]
        found = np.concatenate([np.empty(0, int), *rows])
        assert (np.diff(found) > 0).all()
        numbers = engine.columns.papers[found[living(engine)[found]]].tolist()
        assert set(numbers) == {number for number, one in papers.items() if stem in stems_of(one, field)}


def test_scores_are_those_of_the_formula(tmp_path):
    draw = random.Random(3)
    papers = [paper(number, draw) for number in range(1, 201)]
    engine = SearchEngine(writer.rebuild(tmp_path, papers, Hashed()), Hashed())
    counts = [stems_of(one, "text") for one in papers]
    usual = sum(count.total() for count in counts) / len(counts)
    for stem in stems([*COMMON, *RARE[:10]]):
        number = sum(stem in count for count in counts)
        rarity = math.log(1 + (len(papers) - number + 0.5) / (number + 0.5))
        scorer = Scorer(engine.postings)
        scores = scorer.of([scorer.scored(Form("text", stem))], np.arange(len(papers)))
        for count, score in zip(counts, scores.tolist(), strict=True):
            weight = K1 * (1 - B + B * count.total() / usual)
            # A share is kept in 255 steps and never as nothing.
            step = rarity * (K1 + 1) / 255
            assert score == pytest.approx(rarity * (K1 + 1) * count[stem] / (count[stem] + weight), abs=step)
            assert (score > 0) == (count[stem] > 0)


@pytest.mark.parametrize("k", [1, 3, 20, 1_000])
@pytest.mark.parametrize("narrow", [None, 0.5, 0.02])
@pytest.mark.parametrize("singly", [0, 1_000])
def test_the_best_are_the_best_of_all(held, monkeypatch, k, narrow, singly):
    """``singly``: whether the mask is looked at entry by entry or beforehand."""
    monkeypatch.setattr("broadsheet.search.bm25._SINGLY", singly)
    engine, _ = held
    draw = random.Random(k)
    scorer = Scorer(engine.postings)
    everything = np.arange(engine.columns.size)
    for _ in range(40):
        chosen = draw.sample([*COMMON, *COMMON, *RARE], draw.randint(1, 9))
        words = [scorer.scored(Form("text", stem)) for stem in stems(chosen)]
        words += [scorer.scored(Form("title", stem, 0.15)) for stem in stems(chosen)]
        halves = [scorer.scored(Form("text", stem, 0.5)) for stem in stems(draw.sample([*COMMON, *RARE], 2))]
        words.append(Either([words[0], *halves]))
        mask = None if narrow is None else np.array([draw.random() < narrow for _ in everything])
        scores = scorer.of(words, everything)
        allowed = everything[(scores > 0) & (True if mask is None else mask)]
        expected = allowed[np.lexsort((allowed, -scores[allowed]))][:k]
        rows, found = scorer.best(words, k, mask)
        np.testing.assert_allclose(found, scores[expected], rtol=1e-5)
        np.testing.assert_allclose(scores[rows], found, rtol=1e-5)
        assert len(set(rows.tolist())) == len(rows)


@pytest.mark.parametrize(
    "text", ["river", "river otter", "river -stone", "title:river", "water word7 OR count", "word3"]
)
def test_a_search_counts_just_the_papers_that_match(held, text):
    engine, papers = held

    def has(one: Document, word: str, field: str = "text") -> bool:
        return stems([word])[0] in stems_of(one, field)

    expected = {
        "river": lambda one: has(one, "river"),
        "river otter": lambda one: has(one, "river") and has(one, "otter"),
        "river -stone": lambda one: has(one, "river") and not has(one, "stone"),
        "title:river": lambda one: has(one, "river", "title"),
        "water word7 OR count": lambda one: has(one, "water") and (has(one, "word7") or has(one, "count")),
        "word3": lambda one: has(one, "word3"),
    }[text]
    query = asked(text)
    ask = engine.ask(query)
    rows = engine.exact(ask, engine.allowed(query, ask))
    assert (np.diff(rows) > 0).all()
    assert set(engine.columns.papers[rows].tolist()) == {number for number, one in papers.items() if expected(one)}


def test_quoted_words_and_stems_agree(held):
    engine, papers = held
    for word in RARE[:20]:
        for text in (word, f'"{word}"'):
            query = asked(text)
            ask = engine.ask(query)
            found = engine.columns.papers[engine.exact(ask, engine.allowed(query, ask))].tolist()
            assert set(found) == {number for number, one in papers.items() if word in said(one)}


def test_postings_cut_short_are_refused(tmp_path):
    made = writer.rebuild(tmp_path, [paper(1, random.Random(1))], Hashed())
    folder = made.part(made.manifest.parts[0])
    (folder / "stems.utf8").write_bytes(b"")
    with pytest.raises(ValueError, match="bytes of stems"):
        Postings([(folder, 1)])
