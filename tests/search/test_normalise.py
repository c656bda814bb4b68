"""By which rule text becomes words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.normalise import fold, joined, words, words_and_joined


def test_case_is_ignored() -> None:
    assert words("BERT and Bert") == ["bert", "and", "bert"]


def test_diacritics_are_folded() -> None:
    assert words("Poincaré Løvås Žižek Gödel") == ["poincare", "lovas", "zizek", "godel"]


def test_sharp_s_and_ligatures_are_opened() -> None:
    assert words("Straße œuvre ﬁne-ﬂow") == ["strasse", "oeuvre", "fine", "flow"]


def test_dotted_capital_i_is_an_i() -> None:
    assert words("İstanbul ısı") == ["istanbul", "isi"]


def test_full_width_and_superscript_forms_are_plain() -> None:
    assert words("ＢＥＲＴ x²") == ["bert", "x2"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (r"Erd\H{o}s", "erdos"),
        (r"R\'enyi", "renyi"),
        (r"P\'{e}ter", "peter"),
        (r"{\'E}tale", "etale"),
        (r"G\"odel", "godel"),
        (r"na\"\i ve", "naive"),
        (r"\c{C}elik", "celik"),
        (r"\v Skoda", "skoda"),
        (r"{\L}ukasz", "lukasz"),
        (r"Stra{\ss}e", "strasse"),
        (r"\O rsted", "orsted"),
    ],
)
def test_tex_accents_are_read_as_the_letter_they_print(typed: str, meant: str) -> None:
    assert words(typed) == [meant]


def test_tex_commands_of_style_leave_no_word() -> None:
    assert words(r"\emph{few} \textbf{shot} {\it learning} $\mathbf{x}$") == ["few", "shot", "learning", "x"]


def test_other_tex_commands_are_words() -> None:
    assert words(r"$O(n \log n)$ and $\ell_2$") == ["o", "n", "log", "n", "and", "ell", "2"]


def test_braces_that_keep_capitals_do_not_part_a_word() -> None:
    assert words("{B}ayesian {GAN}s") == ["bayesian", "gans"]


def test_escaped_signs_are_no_words() -> None:
    assert words(r"90\% of R\&D") == ["90", "of", "r", "d"]


@pytest.mark.parametrize("typed", ["β-VAE", r"$\beta$-VAE", "beta-VAE", r"\beta-VAE"])
def test_greek_letters_are_found_by_sign_command_or_name(typed: str) -> None:
    assert words_and_joined(typed) == (["beta", "vae"], ["betavae"])


@pytest.mark.parametrize("typed", ["2α", r"2\alpha"])
def test_a_greek_letter_is_a_word_of_its_own(typed: str) -> None:
    assert words(typed) == ["2", "alpha"]


def test_a_greek_word_stays_greek() -> None:
    assert words("Αθήνα") == ["αθηνα"]


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u2011", "\u2013", "\u2212", "--"])
def test_a_hyphen_parts_words_and_the_whole_is_known_as_one(hyphen: str) -> None:
    assert words_and_joined(f"Self{hyphen}attention") == (["self", "attention"], ["selfattention"])


def test_several_hyphens_join_into_one_word() -> None:
    assert words_and_joined("state-of-the-art") == (["state", "of", "the", "art"], ["stateoftheart"])


def test_a_soft_hyphen_is_not_there() -> None:
    assert words("trans\u00adformer") == ["transformer"]


def test_an_em_dash_and_a_lone_minus_join_nothing() -> None:
    assert words_and_joined("deep\u2014learning - fast -er") == (["deep", "learning", "fast", "er"], [])


def test_a_hyphenated_word_past_forty_letters_is_not_joined() -> None:
    assert joined("a" * 30 + "-" + "b" * 30) == []


def test_an_apostrophe_vanishes() -> None:
    assert words("Bayes' Newton’s o'brien") == ["bayes", "newtons", "obrien"]


def test_a_dot_stays_between_digits_only() -> None:
    assert words_and_joined("GPT-3.5, cs.CL. v2.") == (["gpt", "3.5", "cs", "cl", "v2"], ["gpt3.5"])


def test_c_plus_plus_and_c_sharp_are_words() -> None:
    assert words("C++, C# and F#; x+y") == ["cpp", "csharp", "and", "fsharp", "x", "y"]


def test_an_underscore_parts_words() -> None:
    assert words("x_{ij} top_k") == ["x", "ij", "top", "k"]


def test_chinese_and_japanese_signs_are_one_word_each() -> None:
    assert words("基于BERT的模型 が") == ["基", "于", "bert", "的", "模", "型", "が"]


def test_korean_and_hindi_words_stay_whole() -> None:
    assert words("한국어 हिन्दी") == ["한국어", "हिन्दी"]


def test_signs_alone_are_no_words() -> None:
    assert words("… — !? () \x00 \ufffd") == []


@given(st.text())
def test_folding_takes_any_text(text: str) -> None:
    folded, one = words_and_joined(text)
    assert folded == words(text)
    assert one == joined(text)


@given(st.text())
def test_words_joined_by_spaces_are_the_same_words(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once


@given(st.text(alphabet="aé-.'\\{}$ 1βα\"漢", max_size=40))
def test_folding_leaves_only_letters_digits_hyphens_and_dots(text: str) -> None:
    assert all(sign.isalnum() or sign in "-. " for sign in fold(text))


def test_hostile_tex_is_folded_in_linear_time() -> None:
    for hostile in (
        "\\" * 400_000,
        "\\'{" * 150_000,
        "{" * 400_000,
        "\\a" * 200_000,
        "-" * 400_000,
        "1." * 200_000,
    ):
        assert isinstance(words(hostile), list)
