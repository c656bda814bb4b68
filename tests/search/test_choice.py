"""What was chosen is read back as it was written, or not at all."""

import pytest

from broadsheet.search.choice import FILE, Choice
from broadsheet.search.manifest import DamagedError, Space

CHOICE = Choice((Space("second", "2", 128, "Apache-2.0", home="/models/second"),), serves="second", before="")


def test_what_was_chosen_is_read_back(tmp_path):
    CHOICE.save(tmp_path / "vectors")
    assert Choice.load(tmp_path / "vectors") == CHOICE


def test_where_nothing_was_chosen_there_is_the_base_alone(tmp_path):
    assert Choice.load(tmp_path / "vectors") == Choice()


def test_a_flipped_bit_anywhere_and_a_cut_anywhere_are_found(tmp_path):
    CHOICE.save(tmp_path)
    raw = (tmp_path / FILE).read_bytes()
    for at in range(len(raw)):
        (tmp_path / FILE).write_bytes(raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :])
        with pytest.raises(DamagedError):
            Choice.load(tmp_path)
        (tmp_path / FILE).write_bytes(raw[:at])
        with pytest.raises(DamagedError):
            Choice.load(tmp_path)


def test_a_space_of_the_same_name_takes_the_place_of_the_one_before():
    newer = Space("second", "3", 128)
    assert CHOICE.keeping(newer).kept == (newer,)
    assert CHOICE.without("second").kept == ()
