"""Sets of rows that took long to read, kept as one bit a row and given up when others are wanted more."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.columns import Mask, Rows


class RememberedRows:
    """At most ``most`` sets over ``size`` rows; the one longest unused goes first. Safe from several threads.

    ``before`` are those of the generation before, if this one only added rows to it: a set is then read from the
    first new row on. What has gone since is still in it; the caller strikes it out with the living rows.
    """

    def __init__(self, size: int, most: int, before: "RememberedRows | None" = None) -> None:
        self._size, self._most = size, most
        self._held: OrderedDict[Hashable, tuple[int, NDArray[np.uint8]]] = OrderedDict()
        self._lock = threading.Lock()
        if before is not None:
            with before._lock:
                self._held.update(before._held)

    def mask(self, name: Hashable, read: Callable[[int], Rows]) -> Mask:
        """The set called ``name``; ``read(first)`` gives its rows from ``first`` on, where they are not remembered.
        The caller may change what it gets.
        """
        with self._lock:
            known, packed = self._held.get(name, (0, np.empty(0, np.uint8)))
            if name in self._held:
                self._held.move_to_end(name)
        if known == self._size:
            return np.unpackbits(packed, count=self._size).view(bool)
        mask = np.zeros(self._size, bool)
        mask[:known] = np.unpackbits(packed, count=known).view(bool)
        mask[read(known)] = True
        with self._lock:
            self._held[name] = (self._size, np.packbits(mask))
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return mask
