"""Tar archives that mean harm, or are merely damaged. Nothing is ever unpacked to disk."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from broadsheet.sources import archives
from tests.sources.reading import reasons, titles, walked

PAPER = b'{"title": "Folding Maps", "id": "conf:maps2024:1"}\n'


def packed(path: Path, *members: tuple[str, bytes | tarfile.TarInfo], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in members:
            if isinstance(content, tarfile.TarInfo):
                content.name = name
                archive.addfile(content)
                continue
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def link(kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo()
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_tar_is_read_file_by_file(tmp_path: Path, mode: str) -> None:
    found = walked(
        packed(tmp_path / "x", ("a.jsonl", PAPER), ("b.jsonl", PAPER.replace(b"Maps", b"Paper")), mode=mode)
    )
    assert titles(found) == ["Folding Maps", "Folding Paper"]
    assert [one.member for one in found] == [1, 2]


@pytest.mark.parametrize("name", ["../evil.jsonl", "/etc/evil.jsonl", "a/../../evil.jsonl", "..\\evil", "C:\\evil"])
def test_a_name_that_points_outside_is_refused_and_the_next_file_read(tmp_path: Path, name: str) -> None:
    found = walked(packed(tmp_path / "x.tar", (name, PAPER), ("good.jsonl", PAPER)))
    assert reasons(found) == ["its name points outside the archive"]
    assert titles(found) == ["Folding Maps"]
    assert [path.name for path in tmp_path.iterdir()] == ["x.tar"]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (tarfile.SYMTYPE, "symbolic link"),
        (tarfile.LNKTYPE, "hard link"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.FIFOTYPE, "pipe"),
    ],
)
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes, word: str) -> None:
    (reason,) = reasons(walked(packed(tmp_path / "x.tar", ("a.jsonl", link(kind, "/etc/passwd")))))
    assert word in reason


def test_a_second_file_of_one_name_is_refused(tmp_path: Path) -> None:
    found = walked(packed(tmp_path / "x.tar", ("a.jsonl", PAPER), ("./a.jsonl", PAPER)))
    assert (titles(found), reasons(found)) == (
        ["Folding Maps"],
        ["the archive holds an earlier file of the same name"],
    )


def test_a_reject_names_the_archive_and_the_file_in_it(tmp_path: Path) -> None:
    (found,) = walked(packed(tmp_path / "x.tar", ("deep/bad.jsonl", b'{"title": "", "id": "x"}\n')))
    assert found.entry.reject is not None
    assert found.entry.reject.member == f"{tmp_path}/x.tar/deep/bad.jsonl"


def test_gzip_within_a_tar_is_unpacked(tmp_path: Path) -> None:
    assert titles(walked(packed(tmp_path / "x.tar", ("a.jsonl.gz", gzip.compress(PAPER))))) == ["Folding Maps"]


def test_cut_gzip_within_a_tar_costs_only_itself(tmp_path: Path) -> None:
    found = walked(packed(tmp_path / "x.tar", ("a.gz", gzip.compress(PAPER)[:-4]), ("b.jsonl", PAPER)))
    assert len(titles(found)) == 2
    assert "cut short" in reasons(found)[0]


def test_a_tar_within_a_tar_is_not_opened(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.tar", ("a.jsonl", PAPER)).read_bytes()
    (reason,) = reasons(walked(packed(tmp_path / "x.tar", ("inner.tar", inner))))
    assert "packed more than once" in reason


def test_an_archive_cut_short_gives_what_came_before_and_says_so(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.tar", ("a.jsonl", PAPER), ("b.jsonl", PAPER * 2_000))
    path.write_bytes(path.read_bytes()[:60_000])
    found = walked(path)
    assert len(titles(found)) > 700
    assert "damaged after its file 2" in reasons(found)[-1]


def test_a_damaged_header_in_the_middle_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.tar", ("a.jsonl", PAPER), ("b.jsonl", PAPER))
    raw = bytearray(path.read_bytes())
    raw[1_024 + 150] ^= 0xFF
    path.write_bytes(raw)
    found = walked(path)
    assert titles(found) == ["Folding Maps"]
    assert "damaged after its file 1" in reasons(found)[0]


def test_a_header_that_asks_for_a_gigabyte_of_memory_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    path = tmp_path / "x.tar"
    path.write_bytes(packed(tmp_path / "a.tar", ("a.jsonl", PAPER)).read_bytes()[:1_024] + info.tobuf())
    assert "no header" in reasons(walked(path))[0]


def test_a_long_name_is_an_honest_header(tmp_path: Path) -> None:
    assert titles(walked(packed(tmp_path / "x.tar", (f"{'deep/' * 60}a.jsonl", PAPER)))) == ["Folding Maps"]


def test_text_is_no_tar() -> None:
    assert not archives.is_tar(PAPER * 20)


def test_reading_goes_on_in_the_file_where_it_stopped(tmp_path: Path) -> None:
    lines = b"".join(PAPER.replace(b"Maps", b"Map %d" % number) for number in range(3))
    path = packed(tmp_path / "x.tar.gz", ("a.jsonl", lines), ("b.jsonl", lines), mode="w:gz")
    everything = walked(path)
    after = walked(path, start=(1, 2))
    assert after == everything[2:]
