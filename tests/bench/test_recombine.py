"""Papers made of real ones: the same at every count, no title twice, sentences in their places."""

import gzip
import re
from pathlib import Path

import orjson
import pytest

from bench.race import questions
from bench.recombine import Recombiner

KINDS = ("graphs", "speech", "proteins", "robots")


def invented(number: int) -> dict[str, object]:
    kind = KINDS[number % len(KINDS)]
    joint = "with" if number % 2 else "for"
    title = (
        f"M{number}: On {kind} {number}" if number % 3 else f"S{number} {kind} {joint} t{number} and t{number + 1}"
    )
    return {
        "id": f"x:{number}",
        "title": title,
        "abstract": f"Opening {number} speaks of {kind}. Middle {number} says more about {kind} than that. Ending {number} closes.",
        "authors": [f"Given{number} Family{number}", f"Other{number} Name{number}"],
        "year": 2000 + number % 20,
        "categories": ["cs.LG"],
        "source": "invented",
    }


@pytest.fixture
def recombiner(tmp_path: Path) -> Recombiner:
    with gzip.open(tmp_path / "papers.jsonl.gz", "wb") as file:
        file.write(b"\n".join(orjson.dumps(invented(number)) for number in range(120)))
    return Recombiner(tmp_path)


def test_a_paper_is_the_same_whatever_the_count(recombiner: Recombiner) -> None:
    assert list(recombiner.documents(50)) == list(recombiner.documents(300))[:50]


def test_no_title_comes_twice(recombiner: Recombiner) -> None:
    titles = [one.title.casefold() for one in recombiner.documents(2_000)]

    assert len(set(titles)) == len(titles)


def test_more_papers_than_there_are_titles_is_an_error_that_says_so(recombiner: Recombiner) -> None:
    with pytest.raises(RuntimeError, match="too few"):
        list(recombiner.documents(100_000))


def test_first_sentences_stand_first_and_last_ones_last(recombiner: Recombiner) -> None:
    for one in recombiner.documents(200):
        first, middle, last = re.split(r"(?<=\.) ", one.abstract)
        assert first.startswith("Opening")
        assert middle.split()[0] in {"Opening", "Middle", "Ending"}
        assert last.startswith("Ending")


def test_a_paper_keeps_to_papers_that_share_a_word_of_its_title(recombiner: Recombiner) -> None:
    told_apart = [set(re.findall("|".join(KINDS), one.abstract)) for one in recombiner.documents(400)]
    alone = sum(len(kinds) == 1 for kinds in told_apart)

    assert alone > 300  # by chance about 25 would be


def test_half_of_the_searches_are_keywords_and_half_whole_questions(recombiner: Recombiner) -> None:
    asks = questions.made(list(recombiner.documents(300)), 80)

    assert [ask.kind for ask in asks].count("question") == 40
    for ask in asks:
        count = len(ask.text.split())
        assert 10 <= count <= 18 if ask.kind == "question" else 1 <= count <= 4


def test_the_paper_that_a_search_was_made_of_meets_its_filter(recombiner: Recombiner) -> None:
    papers = {one.paper: one for one in recombiner.documents(300)}
    asks = questions.made(list(papers.values()), 80)

    assert sum(bool(ask.topic or ask.first_year) for ask in asks) == 40
    for ask in asks:
        assert not ask.topic or ask.topic in papers[ask.truth].topics
        assert (papers[ask.truth].year or 0) >= ask.first_year
