from datetime import date

import pytest

from broadsheet.catalog.models import Identifier, Outbox, Paper
from broadsheet.core.card import ReasonKind
from broadsheet.jobs import index
from broadsheet.listings.search import Mode, SearchRequest, Sort, TooLong, search_page
from broadsheet.listings.similar import similar_cards

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setitem(settings.OPTIONS.values, "encoder", "hashed")


def paper(key: str, title: str, abstract: str = "", **facts) -> Paper:
    facts = {"published": date(2026, 1, 2)} | facts
    made = Paper.objects.create(key=key, title=title, abstract=abstract, **facts)
    Identifier.objects.create(key=key, scheme="arxiv", paper=made)
    Outbox.objects.create(paper=made.id)
    return made


@pytest.fixture
def papers() -> list[Paper]:
    return [
        paper("2601.00001", "Otters Count Pebbles", "We watch otters sort pebbles.", topics=["q-bio.PE"]),
        paper(
            "2601.00002", "Networks That Count", "A network counts objects.", topics=["cs.LG"],
            links={"code": "https://example.org"}, signals={"huggingface.votes": 12}, sources=["arxiv"],
        ),
        paper("2601.00003", "Naming Rivers", "Rivers have names.", topics=["cs.CL"], published=date(2020, 5, 1)),
    ]  # fmt: skip


def found(q: str, **how) -> list[str]:
    return [card.key for card in search_page(SearchRequest(q, **how), today=TODAY).listing.cards]


def test_a_hit_is_a_card_with_its_words_marked_and_its_reasons(papers):
    index.update()
    page = search_page(SearchRequest("counting networks"), today=TODAY)
    first = page.listing.cards[0]
    assert first.key == "2601.00002"
    assert [part.text for part in first.title_segments if part.hit] == ["Networks", "Count"]
    reasons = {reason.kind: reason.sentence for reason in first.reasons}
    assert reasons[ReasonKind.WORDS] in ("has counting, networks", "has networks, counting")
    assert "alike in meaning" in reasons[ReasonKind.MEANING]
    assert page.exact == 1


def reasons(q: str) -> list[str]:
    return [why.sentence for why in search_page(SearchRequest(q), today=TODAY).listing.cards[0].reasons]


def test_a_word_with_a_hyphen_is_told_whole(papers):
    index.update()
    assert reasons("otter-counts")[0] == "has otter-counts"
    assert reasons("river-of-otters title:pebbles")[0] == "has otters, ‘pebbles’ in the title"


def test_an_author_asked_for_is_a_reason(papers):
    paper("2601.00004", "Weirs", authors=["Ada Brook"])
    index.update()
    assert reasons("author:brook")[0] == "by author brook"


@pytest.mark.parametrize("name", ["Ada Brook", "brook, ada", "BROOK", "Émile Brook"])
def test_the_name_of_an_author_lists_their_papers(papers, name):
    paper("2601.00004", "Weirs", authors=["Ada Brook"])
    paper("2601.00005", "Sluices", authors=["Ada M. Brook", "Emile Brook"])
    paper("2601.00006", "A Brook", authors=["Bo Chen"])
    index.update()
    page = search_page(SearchRequest(name), today=TODAY)
    assert page.understood == "papers by author " + name.replace(",", "")
    assert "read as an author's name" in page.listing.notes[0]
    assert {card.title for card in page.listing.cards} <= {"Weirs", "Sluices"}


def test_a_name_that_more_papers_speak_of_is_a_word(papers):
    paper("2601.00004", "Weirs", authors=["Ada Otters"])
    paper("2601.00005", "Otters Again")
    index.update()
    assert "2601.00001" in found("otters")


def test_a_name_beside_other_words_is_words(papers):
    paper("2601.00004", "Weirs", authors=["Ada Brook"])
    index.update()
    assert "by author" not in search_page(SearchRequest("brook pebbles"), today=TODAY).understood


def test_an_id_that_nothing_here_has_is_told(papers):
    index.update()
    page = search_page(SearchRequest("like:2601.00001 -like:2601.09999 id:2601.09998 otters"), today=TODAY)
    assert "2601.09998 was ignored: no paper here has this id" in page.listing.notes
    assert "-like:2601.09999 was ignored: no paper here has this id" in page.listing.notes
    assert not [note for note in page.listing.notes if "2601.00001" in note]


def test_filters_of_the_request_narrow(papers):
    index.update()
    assert found("count", topic="cs") == ["2601.00002"]
    assert found("count", has_code=True) == ["2601.00002"]
    assert found("rivers", until=date(2021, 1, 1)) == ["2601.00003"]
    assert found("rivers", since=date(2021, 1, 1), mode=Mode.WORDS) == []


def test_an_id_goes_straight_to_its_paper(papers):
    index.update()
    page = search_page(SearchRequest("https://arxiv.org/abs/2601.00003v2"), today=TODAY)
    assert page.named == "2601.00003"
    assert page.listing.cards[0].reasons[0].kind is ReasonKind.EXACT


def test_sorting_by_votes_tells_the_votes(papers):
    index.update()
    first = search_page(SearchRequest("count", sort=Sort.VOTES), today=TODAY).listing.cards[0]
    assert first.key == "2601.00002"
    assert "12 votes" in [reason.sentence for reason in first.reasons]


def test_facets_say_what_the_filters_would_find(papers):
    index.update()
    facets = search_page(SearchRequest("count"), today=TODAY).listing.facets
    assert {one.value: one.count for one in facets["topic"]} == {"q-bio.PE": 1, "cs.LG": 1}
    assert [one.count for one in facets["code"]] == [1]


def test_without_an_index_the_database_answers_and_says_so(papers):
    page = search_page(SearchRequest("otters count"), today=TODAY)
    assert [card.key for card in page.listing.cards] == ["2601.00001"]
    assert "index is not there" in page.listing.notes[-1]
    assert found("2601.00003") == ["2601.00003"]


def test_a_query_too_long_is_refused_in_words():
    with pytest.raises(TooLong):
        search_page(SearchRequest("(" * 20_000), today=TODAY)


def test_pages_beyond_the_end_are_empty(papers):
    index.update()
    page = search_page(SearchRequest("count", page=40, limit=50), today=TODAY)
    assert page.listing.cards == ()
    assert page.listing.total == 2


def test_similar_papers_have_their_nearness_told(papers):
    index.update()
    cards = similar_cards(papers[1].id)
    assert papers[1].key not in [card.key for card in cards]
    assert "alike in meaning" in cards[0].reasons[0].sentence


def test_a_search_asks_the_database_once(papers, django_assert_num_queries):
    index.update()
    search_page(SearchRequest("count"), today=TODAY)
    with django_assert_num_queries(1):
        search_page(SearchRequest("count"), today=TODAY)
