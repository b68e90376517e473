"""Large arrays are given out again once nobody holds them.

A system hands out fresh memory page by page, at the first write to each: for an array of megabytes that takes longer
than the arithmetic on it, and a training step needs the same shapes as the step before. So large results are
remembered here, and one that is referred to from nowhere else is the next of its shape.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]

LARGE = 1 << 17  #: bytes; C libraries keep smaller blocks themselves
MOST = 1 << 27  #: bytes remembered at most


class Buffers:
    """Remembers arrays by shape and dtype."""

    def __init__(self) -> None:
        self._arrays: dict[tuple[tuple[int, ...], np.dtype[Any]], list[Array]] = defaultdict(list)
        self._bytes = 0
        # How many references an array has that only a list holds, while a loop looks at it: it varies with Python.
        for alone in [np.empty(0)]:
            self._unused = sys.getrefcount(alone)

    def empty(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """An array with anything in it that nobody else holds. Views count: they refer to the array they look into."""
        arrays = self._arrays[shape, dtype]
        for array in arrays:
            if sys.getrefcount(array) <= self._unused:
                return array
        if self._bytes > MOST:  # forget them all; those in use live on without being remembered
            self._arrays.clear()
            self._bytes = 0
        array = np.empty(shape, dtype)
        self._arrays[shape, dtype].append(array)
        self._bytes += array.nbytes
        return array


@cache
def _buffers() -> Buffers:
    return Buffers()


def empty(shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """As numpy.empty, from memory used before where it is large."""
    dtype = np.dtype(dtype)
    if prod(shape) * dtype.itemsize < LARGE:
        return np.empty(shape, dtype)
    return _buffers().empty(shape, dtype)


def into_buffer(operation: Callable[..., Any], a: Array, b: Array) -> Array:
    """``operation(a, b)``, a NumPy ufunc of two broadcasting arrays, into such memory."""
    if a.size * b.size < LARGE // 8:  # the result cannot be large
        return np.asarray(operation(a, b))
    return np.asarray(operation(a, b, out=empty(np.broadcast(a, b).shape, np.result_type(a, b))))
