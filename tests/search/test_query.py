"""The language of searches, one rule a test."""

from datetime import date

import pytest

from broadsheet.search.filters import Filters
from broadsheet.search.query import read
from broadsheet.search.syntax import And, Not, Or, Phrase, Query, Word, demands, leaves

TODAY = date(2026, 11, 22)
A, B, C = Word("a"), Word("b"), Word("c")


def asked(text: str) -> Query:
    return read(text, TODAY)


def test_words_side_by_side_are_wanted() -> None:
    assert demands(asked("graph neural nets").root).wanted == (Word("graph"), Word("neural"), Word("nets"))


def test_nothing_asks_for_nothing() -> None:
    assert asked("   ").empty
    assert asked("").root is None


def test_punctuation_at_the_ends_of_a_word_is_no_part_of_it() -> None:
    assert asked("networks, (BERT)? C++").root == And((Word("networks"), Word("BERT"), Word("C++")))


def test_quotes_make_a_phrase_of_unstemmed_words() -> None:
    root = asked('"Self-Attention networks"').root
    assert root == Phrase(("self", "attention", "networks"))
    assert demands(root).required == (root,)


@pytest.mark.parametrize("typed", ["“few shot”", "„few shot“", "«few shot»"])
def test_curly_and_angled_quotes_are_quotes(typed: str) -> None:
    assert asked(typed).root == Phrase(("few", "shot"))


def test_a_quote_that_nothing_closes_is_taken_away() -> None:
    query = asked('"few shot')
    assert query.root == And((Word("few"), Word("shot")))
    assert query.notes == ("a quote that nothing closes was taken away",)


def test_minus_leaves_out() -> None:
    assert asked("a -b").root == And((A, Not(B)))
    assert asked('a -"b c"').root == And((A, Not(Phrase(("b", "c")))))


def test_a_minus_glued_to_what_stands_before_leaves_out_nothing() -> None:
    assert asked("RGB(-D)").root == And((Word("RGB"), Word("D")))
    assert asked("(-b a)").root == And((Not(B), A))


def test_not_in_capitals_leaves_out() -> None:
    assert asked("a NOT b").root == And((A, Not(B)))


def test_a_minus_inside_a_word_or_between_spaces_leaves_out_nothing() -> None:
    assert asked("pre-training - again").root == And((Word("pre-training"), Word("again")))


def test_leaving_out_twice_is_leaving_in() -> None:
    assert asked("NOT -a").root == A


def test_or_takes_its_two_neighbours() -> None:
    assert asked("a b OR c").root == And((A, Or((B, C))))


def test_and_binds_closer_than_or() -> None:
    assert asked("a AND b OR c").root == Or((And((A, B), strict=True), C))


def test_written_and_requires_plain_words_too() -> None:
    assert demands(asked("a AND b").root).required == (A, B)


def test_a_formula_is_one_word_with_its_brackets() -> None:
    assert asked("$O(n \\log n)$ sorting").root == And((Word("$O(n \\log n)$"), Word("sorting")))
    assert asked("(fast $f(x)$-means)").root == And((Word("fast"), Word("$f(x)$-means")))


def test_sums_of_money_are_no_formula() -> None:
    assert asked("from $5 (or less) to $9").root == And(tuple(map(Word, ("from", "$5", "or", "less", "to", "$9"))))


def test_small_or_and_not_are_words() -> None:
    assert asked("not or and").root == And((Word("not"), Word("or"), Word("and")))


def test_brackets_group() -> None:
    assert asked("(a OR b) AND c").root == And((Or((A, B)), C), strict=True)


def test_brackets_without_an_operator_change_nothing() -> None:
    assert asked("(a b) c").root == asked("a b c").root


def test_below_the_root_side_by_side_means_both() -> None:
    assert asked("(a b) OR c").root == Or((And((A, B), strict=True), C))
    assert asked("-(a b)").root == Not(And((A, B), strict=True))


def test_an_operator_without_a_partner_is_skipped() -> None:
    assert asked("OR a AND () OR").root == A


def test_eight_brackets_are_kept_and_deeper_ones_taken_away() -> None:
    assert asked("(" * 8 + "a OR b" + ")" * 8).notes == ()
    deep = asked("(" * 40 + "a OR b" + ")" * 40)
    assert deep.root == Or((A, B))
    assert deep.notes == ("brackets that close nothing, or lie more than 8 deep, were taken away",)


def test_a_bracket_that_nothing_closes_ends_with_the_search() -> None:
    assert asked("(a OR b").root == Or((A, B))


def test_a_field_narrows_a_word_a_phrase_or_a_group() -> None:
    assert asked("title:a").root == Word("a", field="title")
    assert asked('abstract:"a b"').root == Phrase(("a", "b"), field="abstract")
    assert asked("title:(a OR b)").root == Or((Word("a", field="title"), Word("b", field="title")))


def test_the_short_fields_of_arxiv_are_known() -> None:
    assert asked("ti:a abs:b").root == And((Word("a", field="title"), Word("b", field="abstract")))
    assert asked("au:vaswani cat:cs.CL").filters == Filters(authors=("vaswani",), topics=("cs.CL",))


def test_a_field_of_the_whole_search_is_a_filter() -> None:
    query = asked('author:"Yann LeCun" topic:cs.CL venue:ICLR source:arxiv')
    assert query.root is None
    assert query.filters == Filters(
        authors=("Yann LeCun",), topics=("cs.CL",), venues=("ICLR",), sources=("arxiv",)
    )


def test_minus_makes_an_excluding_filter() -> None:
    assert asked("-topic:cs.CV -venue:ICLR -source:arxiv").filters == Filters(
        without_topics=("cs.CV",), without_venues=("ICLR",), without_sources=("arxiv",)
    )


def test_authors_side_by_side_must_all_be_there() -> None:
    assert asked("author:bengio author:hinton").filters.authors == ("bengio", "hinton")


def test_an_author_left_out_stays_in_the_tree() -> None:
    assert asked("a -author:hinton").root == And((A, Not(Word("hinton", field="author"))))


def test_authors_joined_by_or_stay_in_the_tree() -> None:
    query = asked("author:bengio OR author:hinton")
    assert query.root == Or((Word("bengio", field="author"), Word("hinton", field="author")))


def test_topics_between_commas_are_any_of_them() -> None:
    assert asked("topic:cs.CL,cs.LG").filters.topics == ("cs.CL", "cs.LG")


def test_a_second_topic_is_required_as_well() -> None:
    query = asked("topic:cs.CL topic:cs.LG")
    assert query.filters.topics == ("cs.CL",)
    assert demands(query.root).required == (Word("cs.LG", field="topic"),)


def test_a_field_joined_by_or_with_something_else_stays_in_the_tree() -> None:
    assert asked("a OR venue:ICLR").root == Or((A, Word("ICLR", field="venue")))


def test_a_colon_after_an_unknown_word_or_before_a_space_is_punctuation() -> None:
    assert asked("BERT: Pre-training").root == And((Word("BERT"), Word("Pre-training")))
    assert asked("foo:bar").root == Word("foo:bar")
    assert asked("Title: a").root == And((Word("Title"), A))


def test_a_star_asks_for_words_that_begin_so() -> None:
    root = asked("transform*").root
    assert root == Word("transform", prefix=True)
    assert demands(root).required == (root,)


def test_stars_around_a_word_or_after_a_sign_are_punctuation() -> None:
    assert asked("*single* $x^*$").root == And((Word("single"), Word("$x^*$")))


def test_a_beginning_of_two_letters_is_a_whole_word() -> None:
    query = asked("tr*")
    assert query.root == Word("tr")
    assert query.notes == ("tr* has fewer than 3 letters, so it was read as a whole word",)


def test_dates_years_code_and_language_are_filters() -> None:
    assert asked("year:2020..2024 since:30d until:2026 has:code lang:de").filters == Filters(
        since=date(2026, 10, 23),
        until=date(2026, 12, 31),
        first_year=2020,
        last_year=2024,
        has_code=True,
        lang=("de",),
    )


def test_minus_before_has_code_asks_for_papers_without() -> None:
    assert asked("-has:code").filters.has_code is False


def test_a_value_that_cannot_be_read_is_ignored_and_told() -> None:
    query = asked("a since:soon")
    assert query.root == A
    assert query.filters.empty
    assert query.notes[0].startswith("since:soon was ignored: write a day such as")


def test_a_span_that_holds_no_day_is_told() -> None:
    assert asked("since:2026 until:2020").notes == ("nothing can match: 2026-01-01 is later than 2020-12-31",)


def test_a_filter_beside_or_holds_for_the_whole_search() -> None:
    query = asked("a OR since:2020")
    assert query.root == A
    assert query.filters.since == date(2020, 1, 1)
    assert query.notes == ("dates, ids, has:, lang: and like: hold for the whole search, not for one side of OR",)


def test_meaning_is_the_positive_words_without_operators() -> None:
    assert asked('graphs "message passing" OR sums -survey author:x title:nets since:30d').meaning == (
        "graphs message passing sums nets"
    )


def test_meaning_of_words_alone_keeps_their_punctuation() -> None:
    assert asked("How do graphs, if large, train?").meaning == "How do graphs, if large, train?"


def test_a_search_with_operators_keeps_its_first_32_terms() -> None:
    query = asked('"a b" ' + " ".join(f"w{at}" for at in range(40)))
    assert sum(1 for _ in leaves(query.root)) == 32
    assert query.notes == ("only the first 32 words and phrases were used",)


def test_the_32_terms_are_counted_inside_brackets() -> None:
    query = asked("(" + " OR ".join(f"{at}" for at in range(40)) + ")")
    assert sum(1 for _ in leaves(query.root)) == 32


def test_more_than_24_words_without_an_operator_are_a_plain_text() -> None:
    assert not asked("word " * 24).plain
    assert asked("word " * 25).plain


PASTED = (
    'We look at (very) large graphs - with "quotes" in them, OR without. ' * 5 + "The end is near: see title:this."
)


def test_past_256_characters_nothing_is_an_operator() -> None:
    query = asked(PASTED)
    assert query.plain
    assert all(isinstance(leaf, Word) and leaf.field is None for leaf in leaves(query.root))
    assert not any(isinstance(node, (Not, Or)) for node in demands(query.root).required)
    assert query.meaning == PASTED
    assert "read as plain text" in query.notes[0]


def test_each_word_of_a_pasted_text_counts_once() -> None:
    found = [leaf.text for leaf in leaves(asked(PASTED).root) if isinstance(leaf, Word)]
    assert len(found) == len(set(found))


def test_filters_and_papers_in_a_pasted_text_are_still_read() -> None:
    query = asked(PASTED + " since:30d -topic:cs.CV -like:1706.03762 https://arxiv.org/abs/2401.12345")
    assert query.filters == Filters(since=date(2026, 10, 23), without_topics=("cs.CV",))
    assert [paper.key for paper in query.unlike] == ["1706.03762"]
    assert query.pinned == ("2401.12345",)
    assert query.meaning == PASTED
