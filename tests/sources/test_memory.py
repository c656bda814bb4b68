"""A file of any size takes little memory."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

READ = """
import re, sys
from datetime import date
from pathlib import Path
from broadsheet.sources import files
from broadsheet.sources.base import Progress
count = sum(len(found.entry.records) for found in files.entries(Path(sys.argv[1]), Progress(), date(2026, 11, 22)))
# Not getrusage: there a process starts with the peak of the one that forked it.
print(count, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak memory of a process is read in /proc")
def test_three_hundred_megabytes_of_lines_take_less_than_sixty_of_memory(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl.gz"
    line = (
        b'{"id": "conf:maps2024:%d", "title": "Map", "abstract": "'
        + b"We fold maps, then paper, then cloth. " * 2_600
    )
    with gzip.open(path, "wb", compresslevel=1) as file:
        for number in range(3_000):
            # Text of a kind: were it all alike, it would be taken for a bomb.
            file.write(line % number + str(number**3_00).encode() + b'"}\n')
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    count, megabytes = map(int, done.stdout.split())
    assert count == 3_000
    assert megabytes < 60
