import subprocess
import sys

import numpy as np
import pytest

from broadsheet.search import encoders
from broadsheet.search.encoders.hashed import Hashed


def test_rows_have_length_one_and_nothing_gives_zero():
    vectors = Hashed().encode(["Sparse attention for long texts", "", "the of and"])
    assert vectors.shape == (3, 256)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1.0, 0.0, 0.0])


def test_spellings_of_one_word_are_nearer_than_strangers():
    near, query, far = Hashed().encode(["tokenization", "tokenisation", "thermodynamics"])
    assert query @ near > 0.3 > abs(query @ far)


def test_a_query_lies_in_the_space_of_the_documents():
    encoder = Hashed()
    assert np.allclose(encoder.encode_query("graph matching"), encoder.encode(["graph matching"])[0])


def test_the_numbers_are_the_same_in_another_process():
    code = (
        "from broadsheet.search.encoders.hashed import Hashed; "
        "print(Hashed(64).encode_query('graph matching').tolist())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str(Hashed(64).encode_query("graph matching").tolist())


def test_forgetting_words_changes_no_vector(monkeypatch):
    before = Hashed(64).encode(["alpha beta gamma delta", "beta delta"])
    monkeypatch.setattr("broadsheet.search.encoders.hashed._REMEMBERED", 2)
    assert np.allclose(Hashed(64).encode(["alpha beta gamma delta", "beta delta"]), before)


def test_an_unknown_encoder_is_refused_by_name():
    with pytest.raises(encoders.UnknownEncoderError, match=r"'oracle'.*hashed"):
        encoders.get("oracle")


def test_missing_weights_fall_back_to_hashed_and_say_so(monkeypatch, caplog):
    monkeypatch.setitem(encoders.ENCODERS, "absent", "broadsheet.search.encoders.absent:Absent")
    encoders.get.cache_clear()
    assert encoders.get("absent").name == "hashed"
    assert "falls back to 'hashed'" in caplog.text
    encoders.get.cache_clear()
