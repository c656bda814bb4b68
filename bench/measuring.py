"""What every measurement needs: the lines of the data, percentiles, and the most memory that was taken."""

import gzip
import resource
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """A file of JSON Lines, packed with gzip if its name says so."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        yield from map(orjson.loads, file)


def percentiles(values: Sequence[float]) -> tuple[float, float, float]:
    """p50, p95 and p99 of what the values are drawn from."""
    cuts = statistics.quantiles(values, n=100)
    return cuts[49], cuts[94], cuts[98]


def peak() -> float:
    """The most memory that this process has had in use, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
