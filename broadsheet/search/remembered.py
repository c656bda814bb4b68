"""Sets of rows that took long to read, kept as one bit a row and given up when others are wanted more."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.columns import Mask, Rows


class RememberedRows:
    """At most ``most`` sets over ``size`` rows; the one longest unused goes first. Safe from several threads."""

    def __init__(self, size: int, most: int) -> None:
        self._size, self._most = size, most
        self._held: OrderedDict[Hashable, NDArray[np.uint8]] = OrderedDict()
        self._lock = threading.Lock()

    def mask(self, name: Hashable, read: Callable[[], Rows]) -> Mask:
        """The set called ``name``, from ``read`` if it is not remembered. The caller may change what it gets."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
                return np.unpackbits(self._held[name], count=self._size).view(bool)
        mask = np.zeros(self._size, bool)
        mask[read()] = True
        with self._lock:
            self._held[name] = np.packbits(mask)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return mask
