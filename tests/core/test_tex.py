"""TeX made HTML and plain text: math becomes MathML, prices stay prices, what is broken stays readable."""

import gzip
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.core import tex

# Written apart from the list in the code, from what MathML Core defines.
ELEMENTS = {
    "root", "code", "math", "mi", "mo", "mn", "ms", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mroot", "msub",
    "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "mtable", "mtr", "mtd",
    "mpadded", "mphantom", "menclose", "mstyle", "b", "i",
}  # fmt: skip
ATTRIBUTES = {
    "class", "display", "displaystyle", "mathvariant", "stretchy", "symmetric", "lspace", "rspace", "width", "height",
    "depth", "voffset", "fence", "separator", "form", "accent", "accentunder", "minsize", "maxsize", "movablelimits",
    "linethickness", "scriptlevel", "columnalign", "columnspacing", "rowspacing", "largeop", "dir", "notation",
}  # fmt: skip


def parsed(markup: str) -> ET.Element:
    """``markup`` as a tree. It must be well formed and hold nothing that is not listed above."""
    tree = ET.fromstring(f"<root>{markup}</root>")
    for element in tree.iter():
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
        for value in element.attrib.values():
            assert re.fullmatch(r"[a-z0-9. -]{0,60}", value)
    return tree


def shown(markup: str) -> str:
    return "".join(parsed(markup).itertext())


@pytest.mark.parametrize(
    "source", [r"$O(n^2)$", r"\(O(n^2)\)", "$O(n^2)$-time", r"$\mathbf{x} \in \mathbb{R}^d$", r"$\widetilde{O}(n)$"]
)
def test_math_becomes_mathml(source: str) -> None:
    assert parsed(tex.to_html(source)).find("math") is not None


@pytest.mark.parametrize("source", ["$$a + b$$", r"\[a + b\]"])
def test_math_on_a_line_of_its_own_is_set_as_such(source: str) -> None:
    math = parsed(tex.to_html(source)).find("math")

    assert math is not None
    assert math.get("display") == "block"


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("It costs $5 and $10 a day", "It costs $5 and $10 a day"),
        (r"It costs \$5 a day", "It costs $5 a day"),
        ("From $100 to $200", "From $100 to $200"),
        ("US$ 5 or A$ 7", "US$ 5 or A$ 7"),
        ("a single $ sign", "a single $ sign"),
        ("$$", "$$"),
        ("$$$$", "$$$$"),
    ],
)
def test_prices_stay_prices(source: str, seen: str) -> None:
    assert shown(tex.to_html(source)) == seen
    assert tex.to_plain(source) == seen


@pytest.mark.parametrize(
    "source",
    [r"$\frac{a$", r"$\nosuchcommand{x}$", r"$\left( x$", "$x^^2$", r"$\begin{matrix} a$", r"\(\sqrt{\)"],
)
def test_a_broken_formula_is_shown_as_it_was_written(source: str) -> None:
    markup = tex.to_html(source)

    assert parsed(markup).find("code") is not None
    assert shown(markup) == source


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        (r"Schr\"odinger and Erd\H{o}s", "Schrödinger and Erdős"),
        (r"na\"{\i}ve", "naïve"),
        (r"\'Etude", "Étude"),
        (r"Stra\ss e", "Straße"),
        (r"\emph{very} \textbf{bold \textit{claims}}", "very bold claims"),
        (r"R\&D at 5\% of \#1", "R&D at 5% of #1"),
        ("Figure~1", "Figure 1"),
        ("about ~5 ms", "about ~5 ms"),
        ("see /~ada", "see /~ada"),
    ],
)
def test_marks_of_tex_become_characters(source: str, seen: str) -> None:
    assert tex.to_plain(source) == seen
    assert shown(tex.to_html(source)) == seen


def test_text_is_escaped() -> None:
    assert tex.to_html("<script>alert('x')</script> & more") == (
        "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; more"
    )


@pytest.mark.parametrize(
    "formula",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\url{javascript:alert(1)}",
        r"\includegraphics{https://evil.example/x.png}",
        r"\htmlClass{a}{b}",
        r"\htmlData{onclick=alert(1)}{x}",
        r"\style{background:url(//evil.example)}{x}",
        r"\class{evil}{x}",
        r"\cssId{evil}{x}",
        r"\unicode{60}script\unicode{62}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\operatorname{<b>}",
        r"\color{red;background:url(//evil.example)}x",
        r"\require{unsafe}",
        r"\input{/etc/passwd}",
        r"\verb|<script>|",
        "<script>alert(1)</script>",
        "</math><script>alert(1)</script>",
        "a\x00b",
        "\ud800",
    ],
)
def test_nothing_in_a_formula_can_run_or_fetch(formula: str) -> None:
    parsed(tex.to_html(f"before ${formula}$ after"))


@pytest.mark.parametrize(
    "formula",
    [
        r"\rule{9999em}{9999em}",
        r"a\hspace{9999em}b",
        r"a\kern9999em b",
        r"a\hspace{999999px}b",
        r"\raisebox{9999em}{a}",
        r"\genfrac{(}{)}{9999em}{}{a}{b}",
    ],
)
def test_nothing_in_a_formula_pushes_the_page_away(formula: str) -> None:
    assert parsed(tex.to_html(f"${formula}$")).find("code") is not None


@pytest.mark.parametrize("space", [r"\quad", r"\qquad", r"\,", r"\hspace{2em}", r"\!"])
def test_an_honest_space_is_set(space: str) -> None:
    assert parsed(tex.to_html(f"$a{space} b$")).find("math") is not None


@pytest.mark.parametrize(
    "formula",
    [
        r"\def\a{" + "x+" * 1200 + "}" + r"\a" * 1000,
        r"\newcommand{\a}{\a\a}\a",
        r"\def\a{\a\a}\a",
        r"\let\a=\b \a",
    ],
)
def test_a_formula_that_defines_macros_is_shown_as_written(formula: str) -> None:
    markup = tex.to_html(f"${formula}$")

    assert shown(markup) == f"${formula}$"


@pytest.mark.parametrize(
    "formula",
    ["{" * 2000 + "}" * 2000, r"\sqrt " * 800 + "x", r"\left(" * 300 + r"\right)" * 300, r"\hat " * 900 + "x"],
)
def test_formulas_in_formulas_without_end_are_shown_as_written(formula: str) -> None:
    assert shown(tex.to_html(f"${formula}$")) == f"${formula}$"


def test_the_deepest_formula_that_is_set_fits_the_stack_of_a_small_thread() -> None:
    deepest = r"\hat " * tex.MAX_COMMANDS + "x"
    program = (
        "import sys, threading; from broadsheet.core import tex; threading.stack_size(512 * 1024);"
        "seen = []; thread = threading.Thread(target=lambda: seen.append(tex.to_html(sys.argv[1])));"
        "thread.start(); thread.join(); assert '<mover' in seen[0]"
    )

    assert subprocess.run([sys.executable, "-c", program, f"${deepest}$"], check=False).returncode == 0


def test_of_too_many_formulas_the_rest_is_text() -> None:
    markup = tex.to_html("$x$ " * (tex.MAX_FORMULAS + 50))

    assert len(parsed(markup).findall("math")) == tex.MAX_FORMULAS
    assert markup.count("$x$") == 50


@pytest.mark.parametrize(
    "hostile",
    [
        "$" * 100_000,
        "$$ " * 70_000,
        "$$" + "a" * 200_000,
        r"\(" * 100_000,
        r"\[ " * 70_000,
        "$a " * 70_000,
        r"$\$" * 70_000,
        "$a$1 " * 50_000,
        "\\" * 200_000,
        r"\text{" * 40_000,
        r"\emph{" * 20_000 + "}" * 20_000,
        "\\'" + " " * 200_000,
        r"\'{" * 60_000,
        "{" * 200_000,
        "x ~" * 70_000,
        "$x$ " * 100_000,
        "<" * 200_000,
    ],
)
def test_time_grows_with_the_length_and_no_faster(hostile: str) -> None:
    """Each of these 200 kB takes a few hundredths of a second; read in quadratic time it takes minutes."""
    started = time.perf_counter()

    tex.to_html(hostile)
    tex.to_plain(hostile)
    list(tex.formulas(hostile))

    assert time.perf_counter() - started < 10


def test_five_megabytes_of_text_are_set() -> None:
    assert len(tex.to_html("Lanterns cost $O(n)$ oil. " * 200_000)) > 5_000_000


pieces = st.lists(
    st.sampled_from(
        [
            "$", "$$", "\\(", "\\)", "\\[", "\\]", "{", "}", "^", "_", "&", "%", "#", "~", "<", ">", '"', "'", " ", "\n",
            "a", "1", "é", "α", "\\frac", "\\sqrt", "\\text", "\\left(", "\\right)", "\\begin{matrix}", "\\end{matrix}",
            "\\\\", "\\alpha", "\\mathbb", "\\operatorname", "\\color{red}", "\\hspace{99em}", "\\not", "\\middle|",
            "\\limits", "\\tag{1}", "\\unicode{x3c}", "\\mathbf", "\\'", "\\c", "\\o", "\\emph{", "\\$", "\\bigg",
            "\\substack", "\\overset", "\\xrightarrow[a]{b}", "\\verb|x|", "\\sqrt[3]", "\x00", "\ud800", "\u202e",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(pieces | st.text(alphabet=st.characters(exclude_categories=())))
@settings(max_examples=400, deadline=None)
@example("$a & b$")
@example("$\\text{\\(x\\)}$")
def test_any_text_gives_well_formed_harmless_markup(source: str) -> None:
    parsed(tex.to_html(source))
    parsed(tex.to_html(f"${source}$"))
    tex.to_plain(source)


@given(st.text(alphabet="$\\()[] ax1", max_size=40))
@settings(max_examples=300)
def test_formulas_follow_each_other_and_lie_within_their_marks(source: str) -> None:
    at = 0
    for span in tex.formulas(source):
        assert at <= span.start < span.end <= len(source)
        assert span.tex in source[span.start : span.end]
        assert span.tex
        at = span.end


@pytest.mark.data
def test_five_thousand_real_titles_and_abstracts_give_well_formed_harmless_markup() -> None:
    with_math = (written for written in _real_texts() if "$" in written or "\\" in written)
    broken = [parsed(tex.to_html(written)).find("code") is not None for written in islice(with_math, 5_000)]

    assert len(broken) == 5_000
    assert sum(broken) < 250


def _real_texts() -> Iterator[str]:
    folder = os.environ.get("BROADSHEET_TEST_DATA")
    if not folder:
        pytest.skip("BROADSHEET_TEST_DATA names no folder of real papers")
    with gzip.open(Path(folder) / "papers.jsonl.gz") as lines:
        for line in lines:
            paper = orjson.loads(line)
            yield paper["title"]
            yield paper["abstract"]
