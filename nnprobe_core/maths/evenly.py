"""Some of many, evenly chosen: points come in an order, as those along a spiral do."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def evenly(n: int, most: int | None, *, ends: bool = False) -> Array:
    """At most ``most`` of the indices 0…n − 1, rising and evenly spaced; all of them where ``most`` is None.

    The first of each of ``most`` equal parts; with ``ends`` from the first to the last one, both included.
    """
    if most is None or n <= most:
        return np.arange(n)
    if ends:
        return np.asarray(np.linspace(0, n - 1, most).round().astype(np.intp))
    return (np.arange(most) * n) // most
