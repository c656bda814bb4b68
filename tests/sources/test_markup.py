"""XML from strangers: read whole or refused, quickly, and nothing outside of it is touched."""

import time
import tracemalloc

import pytest

from broadsheet.sources import markup
from broadsheet.sources.markup import BadMarkup
from tests.sources.arxiv_faults import FAULTS, Answer
from tests.sources.arxiv_truth import World


def test_names_bear_their_usual_prefix_whatever_prefix_was_chosen() -> None:
    root = markup.parse(
        b'<x:feed xmlns:x="http://www.w3.org/2005/Atom"><x:title>T</x:title><own xmlns="u:v"/></x:feed>'
    )
    assert [one.name for one in root.walk()] == ["atom:feed", "atom:title", "?:own"]


def test_text_around_children_is_the_parents() -> None:
    root = markup.parse(b"<a> one <b>two</b> three </a>")
    assert (root.text, root.said("b"), root.said("c")) == ("one  three", "two", "")


def test_signs_by_number_and_marked_sections_are_text() -> None:
    assert markup.parse(b"<a>a &lt; b &#x26; <![CDATA[<c>]]></a>").text == "a < b & <c>"


def test_another_encoding_is_read_if_the_document_says_so() -> None:
    assert markup.parse('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")).text == "é"


def test_utf_16_is_read() -> None:
    assert markup.parse("<?xml version='1.0'?><a>é</a>".encode("utf-16")).text == "é"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"hello",
        b"<a><b></a>",
        b"<a>one</a><a>two</a>",
        b"<a>\xff\xfe</a>",
        b"<a>\x00</a>",
        b"<a>&nbsp;</a>",
        b"<a>" + b"x" * 100,
        b"<?xml version='1.0' encoding='UTF-7'?><a>+AGE-</a>",
        b"<?xml version='1.0' encoding='nonsense'?><a/>",
    ],
    ids=lambda document: document[:20].decode("latin-1"),
)
def test_what_is_no_whole_document_is_refused(document: bytes) -> None:
    with pytest.raises(BadMarkup):
        markup.parse(document)


# Far more than it takes, far less than a bomb would.
SECONDS = 5
BOMBS = [
    "a billion laughs",
    "a quadratic blow-up",
    "an entity of a file",
    "a DTD from elsewhere",
    "a hundred thousand levels",
]


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(name: str) -> None:
    """H11: entities, document types, depth and size."""
    document = FAULTS[name](Answer(b""), World(1).now).body
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(BadMarkup):
        markup.parse(document)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - began < SECONDS
    assert used < 20 << 20


def test_one_token_of_many_megabytes_takes_time_linear_in_its_length() -> None:
    began = time.process_time()
    with pytest.raises(BadMarkup):
        markup.parse(b'<a b="' + b"x" * (32 << 20))
    assert time.process_time() - began < SECONDS


def test_a_hundred_attributes_are_not_read() -> None:
    many = " ".join(f'a{n}="1"' for n in range(100))
    with pytest.raises(BadMarkup):
        markup.parse(f"<a {many}/>".encode())


def test_more_elements_than_any_list_has_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MAX_ELEMENTS", 1_000)
    with pytest.raises(BadMarkup):
        markup.parse(b"<a>" + b"<b/>" * 1_000 + b"</a>")


def test_what_stands_in_a_flat_element_is_its_text_in_its_order() -> None:
    raw = b"<p><t>A <b>bold <i>x</i></b> and <m>y^2</m> end</t><u>other <b>z</b></u></p>"
    root = markup.parse(raw, ("t",), {"m": "$"})
    assert (root.said("t"), root.said("u")) == ("A bold x and $y^2$ end", "other")
    assert [one.name for one in root.walk()] == ["p", "t", "u", "b"]


def test_depth_inside_a_flat_element_is_limited_too() -> None:
    with pytest.raises(BadMarkup, match="nested deeper"):
        markup.parse(b"<t>" + b"<b>" * 100 + b"</b>" * 100 + b"</t>", ("t",))
