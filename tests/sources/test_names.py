from broadsheet.sources import names


def test_last_first_joined_by_and_is_turned_round() -> None:
    assert names.split("Byron, Ada and Turing, Alan") == ("Ada Byron", "Alan Turing")


def test_names_between_commas_are_kept() -> None:
    assert names.split("Ada Byron, Alan Turing, Emmy Noether") == ("Ada Byron", "Alan Turing", "Emmy Noether")


def test_an_and_after_the_last_comma_is_no_part_of_a_name() -> None:
    assert names.split("Ada Byron, Alan Turing, and Emmy Noether") == ("Ada Byron", "Alan Turing", "Emmy Noether")


def test_semicolons_part_names_that_are_turned_round() -> None:
    assert names.split("Byron, Ada; Turing, Alan") == ("Ada Byron", "Alan Turing")


def test_one_name_with_a_comma_is_one_person() -> None:
    assert names.split("Byron, Ada") == ("Ada Byron",)


def test_a_suffix_stays_at_the_end() -> None:
    assert names.turned("King, Jr., Martin") == "Martin King Jr."
    assert names.turned("Martin King, Jr.") == "Martin King Jr."


def test_a_name_without_a_comma_stays() -> None:
    assert names.turned("Ada Byron") == "Ada Byron"


def test_et_al_is_nobody() -> None:
    assert names.tidied(["Ada Byron et al."]) == (("Ada Byron",), None)


def test_a_name_in_chinese_characters_that_holds_the_word_for_others_stays() -> None:
    assert names.tidied(["王等"]) == (("王等",), None)
