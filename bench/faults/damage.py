"""Damaging the files of an index, and judging what opens."""

import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.faults.world import answers, apart
from broadsheet.search.generation import NoIndexError, numbers


def flips(folder: Path, count: int, chance: random.Random) -> tuple[Counter[str], list[str]]:
    """What opens after damage: ``(how it ended, what went wrong)``."""
    root = folder / "flipped"
    subprocess.run(["cp", "-a", folder / "index-built", root], check=True)
    right = dict(_each(root))
    newest = max(right)
    files = [one for one in sorted((root / "index").rglob("*")) if one.is_file() and one.name != "lock"]
    ended: Counter[str] = Counter()
    wrong: list[str] = []
    damages = [*["a bit"] * count, *["cut short", "a page emptied", "two swapped", "taken away"] * (count // 20)]
    for damage in damages:
        file = chance.choice([one for one in files if one.stat().st_size])
        other = chance.choice([one for one in files if one.read_bytes() != file.read_bytes()])
        raw, others = file.read_bytes(), other.read_bytes()
        file.write_bytes(_damaged(raw, damage, chance))
        if damage == "two swapped":
            file.write_bytes(others)
            other.write_bytes(raw)
        if damage == "taken away":
            file.unlink()
        now = apart(lambda: answers(root))
        name = f"{damage} of {file.relative_to(root)}"
        if now.signal:
            ended["process died"] += 1
            wrong.append(f"{name}: killed by signal {now.signal}")
        elif now.given is None:
            known = now.raised.startswith((NoIndexError.__name__, "DamagedError"))
            ended["refused"] += 1
            if not known:
                wrong.append(f"{name}: {now.raised}")
        elif now.given[1] != right.get(now.given[0]):
            ended["wrong answers"] += 1
            wrong.append(f"{name}: generation {now.given[0]} answers otherwise")
        elif now.given[0] == newest and str(newest).zfill(8) in str(file):
            ended["not found"] += 1
            wrong.append(f"{name}: not found")
        else:
            ended["right answers of the same" if now.given[0] == newest else "right answers of the one before"] += 1
        file.write_bytes(raw)
        other.write_bytes(others)
    return ended, wrong


def _damaged(raw: bytes, damage: str, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw))
    match damage:
        case "a bit":
            return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]
        case "cut short":
            return raw[:at]
        case "a page emptied":
            page = bytes(min(4096, len(raw) - at))
            return (
                raw[:at]
                + (page if raw[at : at + len(page)] != page else b"\xff" * len(page))
                + raw[at + len(page) :]
            )
        case _:
            return raw


def _each(root: Path) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Every generation with its right answers: the newest is hidden to ask the one before it."""
    for number in numbers(root / "index"):
        told = apart(lambda: answers(root)).given
        yield told
        (root / "index" / f"{number:08}").rename(root / f"hidden-{number:08}")
    for hidden in root.glob("hidden-*"):
        hidden.rename(root / "index" / hidden.name.removeprefix("hidden-"))
