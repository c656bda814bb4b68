"""A search told back in words."""

from datetime import date

import pytest

from broadsheet.search.describe import describe
from broadsheet.search.query import read


def told(text: str) -> str:
    return describe(read(text, date(2026, 11, 22)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "all papers"),
        ("graph nets", "papers about ‘graph’ ‘nets’"),
        (
            '"self attention" -survey author:Vaswani since:2020 has:code',
            "papers with ‘self attention’ as a phrase, not ‘survey’, by author Vaswani, since 1 Jan 2020, with code",
        ),
        ("a b OR c", "papers about ‘a’, with ‘b’ or ‘c’"),
        ("a AND b", "papers with ‘a’, with ‘b’"),
        ("(a b) OR c", "papers with (‘a’ and ‘b’) or ‘c’"),
        ("-(a OR b)", "papers not (‘a’ or ‘b’)"),
        ("title:nets keyword:gnn", "papers with ‘nets’ in the title, with ‘gnn’ as a keyword"),
        ('title:"deep nets"', "papers with ‘deep nets’ as a phrase in the title"),
        ("-author:hinton", "papers not ‘hinton’ as an author"),
        ("trans*", "papers with words beginning with ‘trans’"),
        ("1706.03762", "papers named 1706.03762"),
        ("like:1706.03762 -like:2401.12345", "papers like 1706.03762, unlike 2401.12345"),
        ("topic:cs.CL,cs.LG -topic:cs.CV", "papers in topic cs.CL or cs.LG, not in topic cs.CV"),
        ("venue:ICLR source:arxiv -source:acl lang:de", "papers at ICLR, from arxiv, in language de, not from acl"),
        ("year:2020", "papers of 2020"),
        ("year:2020..2022", "papers of 2020 to 2022"),
        ("year:2020.. -has:code", "papers of 2020 or later, without code"),
        ("year:..2022 until:2021-03", "papers of 2022 or earlier, until 31 Mar 2021"),
    ],
)
def test_a_search_is_told_back(typed: str, words: str) -> None:
    assert told(typed) == words


def test_a_pasted_text_is_told_by_its_beginning() -> None:
    assert told("many words " * 30) == f"papers about the text “{('many words ' * 11)[:120].rstrip()}…”"
