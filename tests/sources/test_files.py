"""Paths into entries: folders, packing, and files that are not what their names say."""

import gzip
from pathlib import Path

import pytest

from broadsheet.sources import files
from broadsheet.sources.base import Progress
from tests.sources.reading import TODAY, reasons, titles, walked

PAPER = b'{"title": "Folding Maps", "id": "conf:maps2024:1"}\n'


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_folder_is_walked_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2.json", "b/1.json", "a.json", ".git/config", "b/.DS_Store"):
        write(tmp_path / name, b"x")
    found = [str(path.relative_to(tmp_path)) for path in files.paths_in([tmp_path])]
    assert found == ["a.json", "b/1.json", "b/2.json"]


def test_a_folder_that_links_to_itself_is_walked_once(tmp_path: Path) -> None:
    write(tmp_path / "a.json", b"x")
    (tmp_path / "again").symlink_to(tmp_path)
    assert len(list(files.paths_in([tmp_path]))) == 1


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    assert titles(walked(write(tmp_path / "notes.bib", gzip.compress(PAPER)))) == ["Folding Maps"]


def test_a_file_of_no_known_format_names_those_that_are(tmp_path: Path) -> None:
    (reason,) = reasons(walked(write(tmp_path / "letter.txt", b"Dear Ada,\n")))
    assert reason.startswith("it is in none of the known formats")
    assert all(word in reason for word in ("JSON Lines", "Daily Papers", "BibTeX", "RIS", "arXiv", "gzipped"))


@pytest.mark.parametrize(
    ("head", "word"),
    [(b"PK\x03\x04", "zip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"%PDF-1.7", "PDF"), (b"BZh9", "bzip2")],
)
def test_another_packing_is_called_by_its_name(tmp_path: Path, head: bytes, word: str) -> None:
    (reason,) = reasons(walked(write(tmp_path / "x", head + bytes(100))))
    assert word in reason


def test_utf16_is_called_by_its_name(tmp_path: Path) -> None:
    (reason,) = reasons(walked(write(tmp_path / "x", PAPER.decode().encode("utf-16"))))
    assert "UTF-16" in reason


@pytest.mark.parametrize("content", [b"", b" \n\n", gzip.compress(b"")])
def test_an_empty_file_says_so(tmp_path: Path, content: bytes) -> None:
    assert reasons(walked(write(tmp_path / "x", content))) == ["the file is empty"]


def test_gzip_twice_over_is_not_opened(tmp_path: Path) -> None:
    (reason,) = reasons(walked(write(tmp_path / "x", gzip.compress(gzip.compress(PAPER)))))
    assert "packed more than once" in reason


def test_of_a_cut_gzip_all_whole_lines_are_read_and_the_cut_is_told_last(tmp_path: Path) -> None:
    lines = b"".join(
        b'{"id": "conf:maps2024:%d", "title": "Map %d"}\n' % (number, number) for number in range(20_000)
    )
    whole = gzip.compress(lines)
    found = walked(write(tmp_path / "x", whole[: len(whole) // 2]))
    assert titles(found)[:2] == ["Map 0", "Map 1"]
    assert len(titles(found)) > 5_000
    assert "cut short" in reasons(found)[-1]


def test_a_gzip_bomb_is_told(tmp_path: Path) -> None:
    bomb = gzip.compress(PAPER + b" " * (100 << 20))
    found = walked(write(tmp_path / "x", bomb))
    assert titles(found) == ["Folding Maps"]
    assert "200 times" in reasons(found)[-1]


def test_a_file_that_is_not_what_it_seemed_is_one_reject(tmp_path: Path) -> None:
    (found,) = walked(write(tmp_path / "x", b"<html><body>Cooking</body></html>"))
    assert found.entry.reject is not None
    assert (found.entry.reject.line, found.entry.reject.member) == (0, str(tmp_path / "x"))


def test_progress_counts_bytes_as_they_lie_on_disk(tmp_path: Path) -> None:
    path = write(tmp_path / "x", gzip.compress(PAPER * 1_000))
    progress = Progress()
    list(files.entries(path, progress, TODAY))
    assert progress.bytes_read == progress.bytes_total == path.stat().st_size


def test_reading_goes_on_after_a_line(tmp_path: Path) -> None:
    path = write(tmp_path / "x", PAPER * 3)
    assert [one.entry.line for one in walked(path, start=(0, 1))] == [2, 3]


def test_equal_content_has_one_fingerprint(tmp_path: Path) -> None:
    one, same, other = (
        write(tmp_path / name, content) for name, content in (("1", b"a"), ("2", b"a"), ("3", b"b"))
    )
    assert files.fingerprint(one) == files.fingerprint(same) != files.fingerprint(other)
