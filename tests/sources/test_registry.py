import subprocess
import sys

import pytest

from broadsheet.sources import registry


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'{"title": "A", "abstract": "B"}\n', "jsonl"),
        (b'\xef\xbb\xbf\n  {"id": "x", "title": "A"}', "jsonl"),
        (b'{"id": "0704.0001", "title": "A", "journal-ref": null, "update_date": "2008-11-26"}', "arxiv"),
        (b'[{"paper": {"id": "2401.00001"}}]', "huggingface"),
        (b"[\"{'paper': {'id': '2401.00001'}}\"]", "huggingface"),
        (b'{"status": "success", "data": [{"paper": {}}]}', "huggingface"),
        (b"<!doctype html><html>", "page"),
        (b"Daily Papers\nbyAK and the research community\n", "page"),
        (b"% my library\n\n@article{key,\n", "bibtex"),
        (b"TY  - JOUR\n", "ris"),
    ],
)
def test_a_format_is_known_by_its_first_bytes(head: bytes, name: str) -> None:
    assert registry.detect(head) is registry.named(name)


@pytest.mark.parametrize(
    "head",
    [
        b"# Notes\n",
        b"title,abstract\n",
        b'{"_id": "1", "text": "a corpus of documents"}\n',
        b'{"name": "package", "version": "1.0"}',
        b"[1, 2, 3]",
        b"@ada thank you",
        bytes(range(256)),
    ],
)
def test_what_is_none_of_them_is_none(head: bytes) -> None:
    assert registry.detect(head) is None


def test_every_format_has_the_name_it_is_asked_by() -> None:
    assert [registry.named(name).name for name in registry.names()] == list(registry.names())


def test_detecting_imports_none_of_the_parsers() -> None:
    code = (
        "import sys; from broadsheet.sources import registry; registry.detect(b'');"
        "print([name for name in ('bibtexparser', 'rispy', 'selectolax', 'django') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
