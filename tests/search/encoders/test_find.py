"""Encoders are found by name, or in a folder by what lies there."""

import pytest

from broadsheet.search import encoders
from broadsheet.search.encoders.hashed import Hashed
from broadsheet.search.encoders.recipe import BadModelError


def test_a_name_that_nobody_has_is_told_with_those_there_are():
    with pytest.raises(encoders.UnknownEncoderError, match=r"'nonsense'; choose one of compact, hashed, static"):
        encoders.find("nonsense")


def test_one_instance_serves_a_process():
    assert encoders.find("hashed") is encoders.get("hashed")


def test_a_folder_of_a_compact_encoder_is_told_from_one_of_a_transformer(tmp_path):
    (tmp_path / "compact.json").write_text("{}")
    with pytest.raises(BadModelError, match="not the facts of an encoder"):
        encoders.find("", str(tmp_path))


def test_the_base_falls_back_to_hashed_where_its_weights_are_missing(monkeypatch):
    monkeypatch.setitem(encoders.ENCODERS, "lost", "broadsheet.search.encoders.lost:Lost")
    with pytest.raises(ImportError):
        encoders.find("lost")
    assert isinstance(encoders.get("lost"), Hashed)
