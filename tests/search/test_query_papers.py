"""Papers named in a search: by id, DOI or address, or as something to look like."""

from datetime import date

import pytest

from broadsheet.search.query import read
from broadsheet.search.syntax import PaperRef, Query, Word

ATTENTION = "1706.03762"


def asked(text: str) -> Query:
    return read(text, date(2026, 11, 22))


@pytest.mark.parametrize(
    "typed",
    [
        "1706.03762",
        "1706.03762v5",
        "arXiv:1706.03762",
        "arXiv: 1706.03762 [cs.CL]",
        "arXiv:1706.03762v5 [cs.CL]",
        "(1706.03762).",
        "https://arxiv.org/abs/1706.03762v5",
        "http://arxiv.org/pdf/1706.03762.pdf",
        "arxiv.org/abs/1706.03762",
        "www.arxiv.org/abs/1706.03762",
        "https://huggingface.co/papers/1706.03762",
        "<https://hf.co/papers/1706.03762>",
        "10.48550/arXiv.1706.03762",
        "https://doi.org/10.48550/arXiv.1706.03762",
        "id:1706.03762",
        "doi:10.48550/arXiv.1706.03762",
    ],
)
def test_every_way_to_name_an_arxiv_paper_names_it(typed: str) -> None:
    query = asked(typed)
    assert query.pinned == (ATTENTION,)
    assert query.root is None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("hep-th/9901001", "hep-th/9901001"),
        ("arXiv:math.GT/0309136v2", "math/0309136"),
        ("https://arxiv.org/abs/cs/0112017", "cs/0112017"),
        ("10.18653/v1/P19-1001", "10.18653/v1/p19-1001"),
        ("doi:10.1016/0004-3702(85)90012-8", "10.1016/0004-3702(85)90012-8"),
        ("(https://doi.org/10.1016/0004-3702(85)90012-8)", "10.1016/0004-3702(85)90012-8"),
        ("https://openreview.net/forum?id=rkgt0REKwS&noteId=x", "openreview:rkgt0REKwS"),
        ("https://aclanthology.org/2020.acl-main.1/", "acl:2020.acl-main.1"),
        ("P19-1001", "acl:P19-1001"),
        ("id:conf:aaai2021:06384", "conf:aaai2021:06384"),
    ],
)
def test_other_ids_and_addresses_name_their_paper(typed: str, key: str) -> None:
    assert asked(typed).pinned == (key,)


def test_several_papers_are_named_in_their_order() -> None:
    assert asked("1706.03762, 10.1145/3292500.3330701; 1706.03762v1").pinned == (
        ATTENTION,
        "10.1145/3292500.3330701",
    )


def test_an_id_among_words_is_named_and_the_words_are_looked_for() -> None:
    query = asked("attention 1706.03762")
    assert (query.pinned, query.root) == ((ATTENTION,), Word("attention"))


def test_a_number_with_an_impossible_month_is_a_word() -> None:
    assert asked("1999.1234").root == Word("1999.1234")


def test_a_word_with_a_colon_is_no_id() -> None:
    assert asked("graph:networks").pinned == ()


def test_an_address_of_another_site_is_words() -> None:
    query = asked("https://example.org/paper")
    assert query.pinned == ()
    assert query.root == Word("https://example.org/paper")


def test_like_and_unlike_take_several_papers() -> None:
    query = asked("like:1706.03762v2 like:https://doi.org/10.1145/1 -like:2401.12345")
    assert query.like == (PaperRef(ATTENTION), PaperRef("10.1145/1"))
    assert query.unlike == (PaperRef("2401.12345"),)
    assert not query.empty


def test_like_something_that_is_no_paper_is_told() -> None:
    assert asked("like:cats").notes == ("like:cats was ignored: it is no id, DOI or address of a paper",)


def test_leaving_out_an_id_is_told_to_be_impossible() -> None:
    assert asked("-id:1706.03762").notes == (
        "-id:1706.03762 was ignored: minus does not work with ids; -like:1706.03762 keeps away what is like it",
    )


def test_at_most_32_papers_are_named() -> None:
    assert len(asked(" ".join(f"1706.{at:05}" for at in range(40))).pinned) == 32
