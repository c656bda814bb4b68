"""Readings of signals."""

from datetime import datetime

import pytest

from broadsheet.core.signal import Kind, Observation
from tests.factories import at, votes


def test_a_signal_is_named_by_whose_it_is_and_what_it_counts() -> None:
    assert votes(3).name == "huggingface.votes"


def test_a_reading_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="a time with a zone"):
        Observation(Kind.VOTES, "huggingface", 1, datetime(2026, 2, 10))  # noqa: DTZ001 (that is the point)


def test_a_count_is_not_negative() -> None:
    with pytest.raises(ValueError, match="huggingface votes cannot be -1"):
        Observation(Kind.VOTES, "huggingface", -1, at())
