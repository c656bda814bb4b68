"""Years and topics of papers as arrays, for contenders that have no filters of their own."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.race.protocol import Ask
from broadsheet.search.document import Document


class Facts:
    def __init__(self, folder: Path) -> None:
        with np.load(folder / "facts.npz") as held:
            self._years: NDArray[np.int16] = held["years"]
            self._owners: NDArray[np.int32] = held["owners"]
            self._codes: NDArray[np.int32] = held["codes"]
            self._names = {str(name): code for code, name in enumerate(held["names"])}

    @staticmethod
    def write(folder: Path, documents: Iterable[Document]) -> None:
        years, owners, codes = [], [], []
        names: dict[str, int] = {}
        for at, one in enumerate(documents):
            years.append(one.year or 0)
            for topic in one.topics:
                owners.append(at)
                codes.append(names.setdefault(topic, len(names)))
        np.savez(
            folder / "facts.npz",
            years=np.array(years, np.int16), owners=np.array(owners, np.int32), codes=np.array(codes, np.int32),
            names=np.array(list(names), np.str_),
        )  # fmt: skip

    def mask(self, ask: Ask) -> NDArray[np.bool_] | None:
        """The rows that meet the filter; None where there is none."""
        mask = None
        if ask.first_year:
            mask = self._years >= ask.first_year
        if ask.topic:
            carried = np.zeros(len(self._years), bool)
            carried[self._owners[self._codes == self._names.get(ask.topic, -1)]] = True
            mask = carried if mask is None else mask & carried
        return mask
