"""Which points count as near: the distances that a minimum spanning tree may be laid by."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist

from nnprobe_core.errors import ConfigError

Array = np.ndarray

METRICS = ("euclidean", "cosine", "l1")

_RESOLUTION = 2.0**-40  # of a distance: those that differ by less are one


def check_metric(name: str) -> None:
    if name not in METRICS:
        raise ConfigError("distance", f"one of {', '.join(METRICS)}", name)


def as_seen(points: Array, metric: str) -> Array:
    """``points`` (n, d), on the unit sphere for cosine: ‖u − v‖² = 2 (1 − cos), so that the trees are the same.

    A point at the origin has no direction and stays there, at one distance from all others.
    """
    if metric != "cosine":
        return points
    points = np.asarray(points, np.float64)
    largest = np.abs(points).max(axis=1, keepdims=True, initial=0)
    points = points / np.where(largest > 0, largest, 1)  # so that no square overflows
    return np.asarray(points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), np.finfo(float).tiny))


def cityblock(points: Array) -> Array:
    """L1 distances (n, n) of ``points`` (n, d), rounded so that equal ones are equal to the last bit; inf on the
    diagonal."""
    parts, exponent = np.frexp(cdist(points, points, "cityblock"))
    found = np.ldexp(np.rint(parts / _RESOLUTION) * _RESOLUTION, exponent)
    np.fill_diagonal(found, np.inf)
    return np.asarray(found)
