"""Bytes from disk: what gzip can do to us, and where lines and documents end."""

import gzip
import io
import re
import zlib

import pytest

from broadsheet.sources import streams
from broadsheet.sources.base import BadFile, Progress


def unpacked(raw: bytes) -> tuple[bytes, str]:
    """What comes out, and what stopped it."""
    gunzip = streams.Gunzip(io.BytesIO(raw))
    return io.BufferedReader(gunzip).read(), gunzip.trouble


def test_several_gzip_members_are_one_stream() -> None:
    assert unpacked(gzip.compress(b"one ") + gzip.compress(b"") + gzip.compress(b"two")) == (b"one two", "")


def test_zeros_after_the_last_member_are_padding() -> None:
    assert unpacked(gzip.compress(b"one") + bytes(1_000)) == (b"one", "")


def test_other_bytes_after_the_last_member_are_told() -> None:
    out, trouble = unpacked(gzip.compress(b"one") + b"tail")
    assert out == b"one"
    assert "no gzip" in trouble


def test_all_that_came_before_the_cut_is_given() -> None:
    text = b"".join(b"line %d\n" % number for number in range(100_000))
    whole = gzip.compress(text)
    out, trouble = unpacked(whole[: len(whole) // 2])
    assert text.startswith(out)
    assert len(out) > len(text) // 3
    assert "cut short" in trouble


def test_a_cut_in_the_header_is_told() -> None:
    out, trouble = unpacked(gzip.compress(b"one")[:5])
    assert (out, "cut short" in trouble) == (b"", True)


def test_a_cut_in_the_checksum_is_told() -> None:
    out, trouble = unpacked(gzip.compress(b"one")[:-3])
    assert (out, "cut short" in trouble) == (b"one", True)


def test_damage_is_told() -> None:
    raw = bytearray(gzip.compress(bytes(range(256)) * 100))
    raw[40] ^= 0xFF
    assert "damaged" in unpacked(bytes(raw))[1]


def test_a_bomb_is_stopped_soon_after_its_first_64_megabytes() -> None:
    squeeze = zlib.compressobj(9, wbits=31)
    raw = b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(200)) + squeeze.flush()
    assert len(raw) < 250_000
    gunzip = streams.Gunzip(io.BytesIO(raw))
    given = sum(iter(lambda: len(gunzip.read(1 << 20)), 0))
    assert given < streams.RATIO_FROM + (1 << 20)
    assert "200 times its size" in gunzip.trouble


def test_what_was_looked_at_is_still_read() -> None:
    raw = bytes(range(256)) * 1_000
    head, stream = streams.peeked(io.BytesIO(raw))
    assert (len(head), stream.read()) == (streams.HEAD, raw)


def test_bytes_are_counted_as_they_are_read() -> None:
    progress = Progress()
    counted = streams.Counted(io.BytesIO(b"12345678"), progress)
    counted.read(3)
    assert progress.bytes_read == 3


def test_lines_are_numbered_from_one_and_may_be_skipped() -> None:
    assert list(streams.lines(io.BytesIO(b"a\nb\nc"), start=1)) == [(2, b"b\n", True), (3, b"c", True)]


def test_a_line_as_long_as_the_limit_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_LINE", 4)
    found = list(streams.lines(io.BytesIO(b"1234\n12345\n1234")))
    assert found == [(1, b"1234", True), (2, b"1234", False), (3, b"1234", True)]


def test_a_document_over_the_limit_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MAX_DOCUMENT", 4)
    assert streams.document(io.BytesIO(b"1234")) == b"1234"
    with pytest.raises(BadFile, match="split it"):
        streams.document(io.BytesIO(b"12345"))


def test_blocks_begin_where_they_are_told() -> None:
    raw = io.BytesIO(b"preface\n@a\n1\n@b\n")
    assert list(streams.blocks(raw, re.compile(rb"@"))) == [(2, b"@a\n1\n"), (4, b"@b\n")]


def test_text_is_utf8_or_what_its_mark_says_or_windows() -> None:
    assert [streams.decoded("é".encode(name)) for name in ("utf-8", "utf-8-sig", "utf-16", "cp1252")] == ["é"] * 4
