"""One order out of words and meaning, with reasons and true totals. The made-up papers are those of tests/search."""

from dataclasses import replace

import pytest

from broadsheet.ranking import hybrid
from broadsheet.ranking.fusion import Trust
from broadsheet.ranking.hybrid import Mode
from broadsheet.search.document import Document
from broadsheet.search.engine import SearchEngine
from tests.search.corpus import NETWORKS, asked, changed, index


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> SearchEngine:
    return index(tmp_path_factory.mktemp("index"))


def papers(found: hybrid.Found) -> list[int]:
    return [hit.paper for hit in found.hits]


def test_a_title_typed_comes_first_and_says_so(engine):
    found = hybrid.search(engine, asked("networks that learn to count"))
    assert found.hits[0].paper == 2
    assert found.hits[0].named
    assert not any(hit.named for hit in found.hits[1:])


def test_each_hit_carries_its_parts(engine):
    hit = hybrid.search(engine, asked("counting rivers")).hits[0]
    assert hit.paper == 3
    assert set(hit.matched) == {"count", "river"}
    assert hit.words == 1.0
    assert hit.cosine is not None
    assert 0 < hit.cosine < 1


def test_a_spelling_that_no_paper_has_is_found_by_its_pieces(engine):
    found = hybrid.search(engine, asked("otterlike"), mode=Mode.MEANING)
    assert found.hits[0].paper == 1
    assert hybrid.search(engine, asked("otterlike"), mode=Mode.WORDS).total == 0


def test_what_is_required_holds_for_meaning_too(engine):
    assert papers(hybrid.search(engine, asked("counting -network topic:cs"))) == [3]
    assert papers(hybrid.search(engine, asked('counting "river names"'), mode=Mode.MEANING)) == [3]


def test_a_paper_named_outside_the_filters_is_not_shown(engine):
    assert 2 not in papers(hybrid.search(engine, asked("networks that learn to count has:code")))


@pytest.mark.parametrize(
    ("sort", "order"), [("newest", [1, 2, 3]), ("votes", [2, 1, 3]), ("citations", [3, 1, 2]), ("heat", [1, 2, 3])]
)
def test_sorts_order_what_holds_every_word(engine, sort, order):
    assert papers(hybrid.search(engine, asked("counting"), sort=sort)) == order


def test_with_nothing_to_search_the_filters_list_papers_newest_first(engine):
    found = hybrid.search(engine, asked("topic:cs.CL"))
    assert set(papers(found)) == {2, 3}
    everything = hybrid.search(engine, asked(""))
    assert papers(everything) == [1, 2, 3]
    assert everything.total == 3


def test_an_exclusion_alone_lists_all_the_others_newest_first(engine):
    found = hybrid.search(engine, asked("-network"))
    assert papers(found) == [1, 3]
    assert found.exact == 2


def test_an_unknown_sort_is_refused(engine):
    with pytest.raises(ValueError, match="cannot sort by 'luck'"):
        hybrid.search(engine, asked("count"), sort="luck")


def test_pages_follow_each_other_without_gap_or_doubling(tmp_path):
    many = [
        changed(
            NETWORKS, paper=n, key=f"k{n}", ids=(f"k{n}",), title=f"Network {n}", abstract="network " * (n % 7 + 1)
        )
        for n in range(1, 61)
    ]
    engine = index(tmp_path, *many)
    pages = [papers(hybrid.search(engine, asked("network"), k=20, offset=at)) for at in (0, 20, 40, 60)]
    assert [len(page) for page in pages] == [20, 20, 20, 0]
    assert sorted(paper for page in pages for paper in page) == list(range(1, 61))
    found = hybrid.search(engine, asked("network"), k=20)
    assert found.total == found.exact == 60
    assert found.facets["topics"]["cs.LG"] == 60


def test_similar_papers_leave_the_paper_itself_out(engine):
    hits = hybrid.similar(engine, [2], 2)
    assert {hit.paper for hit in hits} == {1, 3}
    assert hits[0].score >= hits[1].score


def test_like_a_paper_and_unlike_another(engine):
    assert set(papers(hybrid.search(engine, asked("like:2512.00002")))) <= {1, 3}
    assert papers(hybrid.search(engine, asked("like:2512.00002 -like:2601.00001"))) == [3]
    assert hybrid.similar(engine, [77]) == ()


def test_an_empty_index_finds_nothing(tmp_path):
    from broadsheet.search import writer
    from broadsheet.search.encoders.hashed import Hashed

    engine = SearchEngine(writer.rebuild(tmp_path, list[Document](), Hashed()), Hashed())
    for text in ("", "counting", '"a phrase"', "like:2512.00002", "topic:cs"):
        assert hybrid.search(engine, asked(text)).total == 0


def test_a_sentence_typed_word_for_word_brings_its_paper_first(engine):
    best = hybrid.search(engine, asked("a network counts objects without being told")).hits[0]
    assert best.paper == 2
    assert best.score > hybrid.VERBATIM
    assert papers(hybrid.search(engine, asked("a network counts objects without being told has:code"))) != [2]


def test_four_words_side_by_side_are_no_sentence(engine):
    assert all(hit.score < hybrid.VERBATIM for hit in hybrid.search(engine, asked("a network counts objects")).hits)


def test_a_title_that_reads_like_an_exclusion_still_names_its_paper(tmp_path):
    engine = index(tmp_path, changed(NETWORKS, title="How NOT to Count Otters"))
    assert papers(hybrid.search(engine, asked("How NOT to count otters"))) == [2]


def test_a_paper_in_the_company_of_the_first_passes_one_that_is_only_spelt_like_the_query(tmp_path):
    pebbles = "They sort pebbles by the river at night and count them in the morning."
    engine = index(
        tmp_path,
        *(replace(NETWORKS, paper=n, key=f"first{n}", title="Otters", abstract=pebbles) for n in (4, 5, 6)),
        replace(NETWORKS, paper=2, key="beside", title="Sorting by night", abstract=pebbles),
        replace(NETWORKS, paper=3, key="spelt", title="Potters and pots", abstract="Pots for potters."),
    )

    def order(company: float) -> list[int]:
        return papers(hybrid.search(engine, asked("otters"), trust=Trust(1.0, company=company)))

    assert order(0.0)[3:] == [3]
    assert order(3.0)[3:] == [2, 3]
