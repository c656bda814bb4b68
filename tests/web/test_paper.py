"""The page of a paper."""

import pytest
import rispy
from bibtexparser import parse_string
from django.test import Client

from tests.factories import preprint
from tests.web.reading import read
from tests.web.world import LANTERNS, print_papers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", [LANTERNS, "hep-th/9901001", "10.18653/v1/p19-1001", "conf:aaai2021:06384"])
def test_every_kind_of_id_has_a_page(printed: Client, key: str) -> None:
    page = read(printed.get(f"/papers/{key}"))
    assert page.one("link[rel=canonical]").attributes["href"] == f"http://testserver/papers/{key}"


@pytest.mark.parametrize(
    ("asked", "status", "led"),
    [
        (f"{LANTERNS}v2", 302, LANTERNS),
        (f"arXiv:{LANTERNS}", 301, LANTERNS),
        (f"10.48550/arXiv.{LANTERNS}", 301, LANTERNS),
        ("HEP-TH/9901001", 301, "hep-th/9901001"),
        ("10.18653/v1/P19-1001", 301, "10.18653/v1/p19-1001"),
        ("acl:P19-1001", 301, "10.18653/v1/p19-1001"),
        (f"{LANTERNS}/", 301, LANTERNS),
    ],
)
def test_other_names_lead_to_the_papers_own(printed: Client, asked: str, status: int, led: str) -> None:
    response = printed.get(f"/papers/{asked}")
    assert (response.status_code, response.get("Location")) == (status, f"/papers/{led}")


def test_the_page_tells_what_is_known_and_who_said_it(printed: Client) -> None:
    page = read(printed.get(f"/papers/{LANTERNS}"))
    assert page.text("h1") == "Lanterns for Long Contexts: Reading Without Forgetting"
    assert page.link("Ada Marlow") == "/authors/ada-marlow"
    told = page.text(".rail")
    for one in (
        "v1 Feb 9",
        "v2 Feb 10",
        "abstract arXiv",
        "summary Daily Papers",
        "arXiv: read",
        "Submitted there by Someone",
    ):
        assert one in told, one
    assert "/papers/date/2026-02-10" in page.links
    assert "Made up for a test; 9 pages" in page.text(".remark")


def test_links_lead_to_the_text_the_code_and_the_source(printed: Client) -> None:
    page = read(printed.get(f"/papers/{LANTERNS}"))
    assert page.link("PDF") == f"https://arxiv.org/pdf/{LANTERNS}"
    assert page.link("arXiv") == f"https://arxiv.org/abs/{LANTERNS}"
    assert page.link("Code ★ 1.2k") == "https://github.com/lanterns/lanterns"
    assert {one.attributes.get("rel") for one in page.tree.css("a[href^=http]")} == {"external noopener"}


def test_formulas_are_mathml_and_paragraphs_are_kept(printed: Client) -> None:
    page = read(printed.get("/papers/2602.01002"))
    assert len(page.tree.css(".abstract-whole > p")) == 2
    assert page.tree.css('.abstract-whole math[display="block"]')
    assert "$" not in (page.one("title").text() or "")


def test_a_broken_formula_is_shown_as_written(printed: Client) -> None:
    print_papers(
        [
            preprint(
                "2602.03003", r"Mending $\frac{1$ and $x^$", abstract=r"A \brokenmacro stays and $\left( y$ too."
            )
        ]
    )
    page = read(printed.get("/papers/2602.03003"))
    assert page.text("h1") == r"Mending $\frac{1$ and $x^$"
    assert r"\brokenmacro stays" in page.text(".abstract-whole")


def test_of_very_many_authors_the_rest_is_folded(printed: Client) -> None:
    page = read(printed.get("/papers/2602.01002"))
    assert page.text(".authors summary") == "and 6 others"
    assert len(page.tree.css(".authors a")) == 30


def test_a_paper_without_abstract_says_so(printed: Client) -> None:
    assert "No abstract is held here" in read(printed.get("/papers/hep-th/9901001")).text(".abstract-whole")


def test_a_withdrawn_paper_is_marked(printed: Client) -> None:
    print_papers([preprint("2602.04004", "Taken Back", withdrawn=True)])
    assert "Withdrawn" in read(printed.get("/papers/2602.04004")).text(".note.gone")


def test_bibtex_can_be_read_back(printed: Client) -> None:
    response = printed.get(f"/papers/{LANTERNS}.bib")
    assert response["Content-Disposition"] == f'attachment; filename="{LANTERNS}.bib"'
    entry = parse_string(response.content.decode()).entries[0]
    assert entry.fields_dict["eprint"].value == LANTERNS
    assert entry.fields_dict["author"].value == "Marlow, Ada and Quist, Bertil"


def test_ris_can_be_read_back(printed: Client) -> None:
    response = printed.get("/papers/10.18653/v1/p19-1001.ris")
    assert response["Content-Type"].startswith("application/x-research-info-systems")
    assert rispy.loads(response.content.decode())[0]["title"] == "Whispering Grammars"


def test_a_paper_not_held_offers_its_source_and_a_search(printed: Client) -> None:
    page = read(printed.get("/papers/2602.99999"), 404)
    assert page.link("Look for it at its source") == "https://arxiv.org/abs/2602.99999"
    assert page.link("Search for “2602.99999”") == "/papers?q=2602.99999"


@pytest.mark.parametrize(
    "name", ["nonsense", "a" * 900, "%00", "..%2f..%2fetc", "<script>", "10.1/%0d%0aX: y", "."]
)
def test_what_names_no_paper_is_not_found(printed: Client, name: str) -> None:
    read(printed.get(f"/papers/{name}"), 404)


def test_a_citation_of_a_paper_not_held_is_not_found(printed: Client) -> None:
    read(printed.get("/papers/2602.99999.bib"), 404)
