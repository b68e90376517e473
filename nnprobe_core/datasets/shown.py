"""Which points of a data set are shown, and in which part of the plane; the same before, while and after it trains."""

from __future__ import annotations

import numpy as np

from nnprobe_core.maths.evenly import evenly

Array = np.ndarray

SHOWN = 1000  #: training points, and test points, that maps are taken of
MARGIN = 0.12  #: of the training points' range, on each side


def shown_points(y: Array, n_classes: int, most: int = SHOWN) -> Array:
    """Indices, rising, of at most ``most`` points: the same share of each class, evenly spaced within it."""
    labels = np.asarray(y)
    if len(labels) <= most:
        return np.arange(len(labels))
    groups = [np.flatnonzero(labels == label) for label in range(n_classes)]
    return np.sort(np.concatenate([group[evenly(len(group), len(group) * most // len(labels))] for group in groups]))


def extent(x: Array) -> Array:
    """The part of the plane that the points (n, 2) are shown in: x0, x1, y0, y1, float32 (4,), as a film says it."""
    return surroundings(x).astype(np.float32)


def surroundings(x: Array) -> Array:
    """The same before it is rounded, float64: the range of the points and a margin of :data:`MARGIN`."""
    low, high = x.min(axis=0), x.max(axis=0)
    width = np.where(high > low, high - low, 1).astype(np.float64)
    low, high = low - MARGIN * width, high + MARGIN * width
    return np.array([low[0], high[0], low[1], high[1]], np.float64)
