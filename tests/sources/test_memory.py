"""A file of any size takes little memory."""

import gzip
import subprocess
import sys
from pathlib import Path

READ = """
import resource, sys
from datetime import date
from pathlib import Path
from broadsheet.sources import files
from broadsheet.sources.base import Progress
count = sum(len(found.entry.records) for found in files.entries(Path(sys.argv[1]), Progress(), date(2026, 11, 22)))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


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
