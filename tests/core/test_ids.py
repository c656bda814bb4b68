"""Every way the world names a paper, and what is no name at all."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.core import ids
from broadsheet.core.ids import PaperId, Scheme


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2602.07026", "2602.07026"),
        ("  2602.07026\n", "2602.07026"),
        ("arXiv:2602.07026", "2602.07026"),
        ("ARXIV: 2602.07026v12", "2602.07026"),
        ("0704.0001", "0704.0001"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("arXiv:hep-th/9901001v3", "hep-th/9901001"),
        ("10.18653/v1/P19-1001", "10.18653/v1/p19-1001"),
        ("doi: 10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("10.48550/arXiv.2602.07026", "2602.07026"),
        ("10.48550/arXiv.hep-th/9901001", "hep-th/9901001"),
        ("openreview:rkgt0REKwS", "openreview:rkgt0REKwS"),
        ("acl:2020.acl-main.1", "acl:2020.acl-main.1"),
        ("2020.acl-main.1", "acl:2020.acl-main.1"),
        ("P19-1001", "acl:P19-1001"),
        ("conf:aaai2021:06384", "conf:aaai2021:06384"),
        ("https://arxiv.org/abs/2602.07026v2?context=cs#top", "2602.07026"),
        ("http://www.arxiv.org/pdf/2602.07026v1.pdf", "2602.07026"),
        ("https://export.arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("https://ar5iv.labs.arxiv.org/html/2602.07026/", "2602.07026"),
        ("arxiv.org/abs/2602.07026", "2602.07026"),
        ("https://doi.org/10.18653%2Fv1%2FP19-1001", "10.18653/v1/p19-1001"),
        ("https://dx.doi.org/10.48550/arXiv.2602.07026", "2602.07026"),
        ("https://openreview.net/forum?noteId=x&id=rkgt0REKwS", "openreview:rkgt0REKwS"),
        ("https://openreview.net/pdf?id=rkgt0REKwS", "openreview:rkgt0REKwS"),
        ("https://aclanthology.org/2020.acl-main.1/", "acl:2020.acl-main.1"),
        ("https://www.aclweb.org/anthology/P19-1001.pdf", "acl:P19-1001"),
        ("https://huggingface.co/papers/2602.07026#community", "2602.07026"),
        ("https://hf.co/papers/2602.07026.md", "2602.07026"),
    ],
)
def test_a_paper_is_known_by_every_way_of_writing_its_name(written: str, key: str) -> None:
    found = ids.parse(written)

    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "1999.1234",
        "2613.00001",
        "2602.070",
        "2602.07026v0",
        "hep-th/9913001",
        "10.1/too-short-a-prefix",
        "10.1234/",
        "10.1234/...",
        "doi:not-a-doi",
        "arxiv:none",
        "openreview:a b",
        "acl:nothing",
        "https://example.org/abs/2602.07026",
        "https://arxiv.org/list/cs.CL/recent",
        "https://[::1/abs/2602.07026",
        "javascript:alert('1')",
        'conf:"><script>',
        "2602.07026\x00",
        "10.1234/a\x00b",
        "10.1234/\ud800",
        "conf:\u202eevil",
        "10.1234/" + "a" * 600,
        "just some words",
    ],
)
def test_what_is_no_name_is_none(written: str) -> None:
    assert ids.parse(written) is None


def test_the_subject_class_of_an_old_id_is_no_part_of_it() -> None:
    assert ids.parse("math.AG/0101001v2") == ids.parse("math/0101001")


def test_an_anthology_id_has_one_key_however_it_is_capitalised() -> None:
    assert ids.parse("acl:p19-1001") == ids.parse("P19-1001")
    assert ids.parse("2020.ACL-Main.1") == ids.parse("2020.acl-main.1")


def test_a_sentence_ends_after_a_doi_not_in_it() -> None:
    assert ids.parse_doi("10.1234/lantern.") == PaperId(Scheme.DOI, "10.1234/lantern")


def test_the_version_is_told_beside_the_id() -> None:
    assert ids.parse_arxiv("arXiv:2602.07026v12") == (PaperId(Scheme.ARXIV, "2602.07026"), 12)
    assert ids.parse_arxiv("2602.07026") == (PaperId(Scheme.ARXIV, "2602.07026"), None)


@pytest.mark.parametrize(
    ("key", "page", "pdf"),
    [
        ("2602.07026", "https://arxiv.org/abs/2602.07026", "https://arxiv.org/pdf/2602.07026"),
        ("10.1234/a#b%c", "https://doi.org/10.1234/a%23b%25c", ""),
        (
            "openreview:rkgt0REKwS",
            "https://openreview.net/forum?id=rkgt0REKwS",
            "https://openreview.net/pdf?id=rkgt0REKwS",
        ),
        ("acl:P19-1001", "https://aclanthology.org/P19-1001", "https://aclanthology.org/P19-1001.pdf"),
        ("conf:aaai2021:06384", "", ""),
    ],
)
def test_an_id_knows_its_page_and_its_pdf(key: str, page: str, pdf: str) -> None:
    found = ids.parse(key)

    assert found is not None
    assert (found.page, found.pdf) == (page, pdf)


def test_the_best_id_is_the_one_most_readers_type() -> None:
    known = tuple(one for one in map(ids.parse, ("conf:made:1", "acl:P19-1001", "10.1234/x", "2602.07026")) if one)

    assert ids.best(known).key == "2602.07026"
    assert ids.best(known[:-1]).key == "10.1234/x"


def test_a_paper_without_ids_has_no_best_one() -> None:
    with pytest.raises(ValueError, match="at least one id"):
        ids.best(())


@given(
    st.text(max_size=40) | st.from_regex(r"(arxiv:|doi:|acl:|openreview:|[a-z]{2,5}:|https?://[a-z.]+/)\S{0,30}")
)
@example("https://arxiv.org/abs/%00")
@example("http://")
@example("https://openreview.net/forum?id=%F0%28%8C%BC")
def test_no_text_makes_it_raise_and_every_key_is_the_name_of_its_own_id(written: str) -> None:
    found = ids.parse(written)

    if found is not None:
        assert ids.parse(found.key) == found
        assert ids.from_key(found.scheme.value, found.key) == found
        assert found.key.isprintable()
        assert (found.page + found.pdf).isascii()


valid = st.one_of(
    st.from_regex(r"\A\d{2}(0[1-9]|1[0-2])\.\d{4,5}\Z").map(lambda text: text.encode("ascii", "ignore").decode()),
    st.from_regex(r"\A(hep-th|math|cs|q-alg)/\d{2}(0[1-9]|1[0-2])\d{3}\Z").filter(str.isascii),
    st.from_regex(r"\A10\.[0-9]{4,9}/[!#-;=?-~]{1,60}\Z"),
    st.from_regex(r"\Aopenreview:[A-Za-z0-9_-]{6,40}\Z"),
    st.from_regex(r"\Aacl:([0-9]{4}\.[a-z0-9_]+-[a-z0-9_]+\.[0-9]{1,4}|[A-Z][0-9]{2}-[0-9]{4,5})\Z"),
    st.from_regex(r"\Aconf:[a-z0-9:_./-]{1,60}\Z"),
)


@given(valid)
def test_parsing_a_key_gives_the_id_with_that_key(written: str) -> None:
    found = ids.parse(written)

    if found is not None:
        assert ids.parse(found.key) == found
        assert ids.from_key(found.scheme.value, found.key) == found


def test_a_local_id_may_begin_with_the_name_of_its_scheme() -> None:
    found = ids.parse("local:1")

    assert found is not None
    assert ids.from_key("local", found.key) == found


def test_a_paper_that_nobody_named_is_named_by_its_title_and_first_author() -> None:
    one, same, other = (
        ids.local_id("lanterns", "Ada"),
        ids.local_id("lanterns", "Ada"),
        ids.local_id("lanterns", "Bo"),
    )

    assert one == same != other
    assert ids.parse(one.key) == one
