"""Joint principal components of two classes: a picture to check a separation by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh

from nnprobe_core.errors import ConfigError

Array = np.ndarray

_NOTHING = 1e-12  # of the largest variance: squares of float32's resolution, and a little more


@dataclass(frozen=True)
class Components:
    """Directions ``basis`` (d, k), orthonormal, through ``centre`` (d,); ``share`` of the variance lies along them."""

    centre: Array
    basis: Array
    share: float

    def project(self, points: Array) -> Array:
        """Coordinates (n, k)."""
        return np.asarray((np.asarray(points, np.float64) - self.centre) @ self.basis)


def main_components(points: Array, count: int = 2) -> Components:
    """The ``count`` main components (Pearson 1901) of ``points`` (n, d), finite; fewer where they span fewer.

    At least one. From the smaller of the covariance (d, d) and the inner products (n, n). The sign of each makes its
    largest entry positive.
    """
    points = np.asarray(points, np.float64)
    n, d = points.shape
    centre = points.mean(axis=0)
    centred = points - centre
    largest = float(np.abs(centred).max(initial=0))
    if largest > 0:
        centred = centred / largest  # so that no square overflows
    total = float(np.square(centred).sum())
    count = min(count, n, d)
    small = centred.T @ centred if d <= n else centred @ centred.T
    size = len(small)
    values, vectors = eigh(small, subset_by_index=[size - count, size - 1])
    values, vectors = values[::-1].clip(0), vectors[:, ::-1]
    count = max(1, int(np.count_nonzero(values > _NOTHING * values[0])))  # the rest is rounding error
    values, vectors = values[:count], vectors[:, :count]
    if d > n:
        basis = centred.T @ vectors
        norms = np.linalg.norm(basis, axis=0)
        basis = basis / np.where(norms > 0, norms, 1)
    else:
        basis = vectors
    basis = basis * np.where(basis[np.abs(basis).argmax(axis=0), np.arange(count)] < 0, -1, 1)
    return Components(centre, basis, float(np.clip(values.sum() / total, 0, 1)) if total > 0 else 1.0)


def joint_pca(x: Array, y: Array) -> tuple[Array, Array, float]:
    """Points ``x`` (n, d) and ``y`` (m, d) in the plane of the two main components of both: (n, 2), (m, 2), share.

    A second coordinate of 0 where d = 1. Raises ConfigError for values that are not finite.
    """
    both = np.concatenate([x, y])
    if both.ndim != 2 or not np.isfinite(both).all():
        raise ConfigError("points", "finite, (points, units)", both.shape)
    found = main_components(both)
    flat = found.project(both)
    flat = np.pad(flat, ((0, 0), (0, 2 - flat.shape[1])))
    return flat[: len(x)], flat[len(x) :], found.share
