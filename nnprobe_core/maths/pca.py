"""Principal component analysis (Pearson 1901): main directions, and points laid to lie as others did before.

Of one matrix SciPy finds what is asked for alone; NumPy takes many at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh, svd

Array = np.ndarray

_NOTHING = 1e-12  # of the largest variance: squares of float32's resolution, and a little more


@dataclass(frozen=True)
class Components:
    """Directions ``basis`` (d, k), orthonormal, through ``centre`` (d,); ``share`` of the variance lies along them.

    ``share`` is in [0, 1], and 1 where there is no variance.
    """

    centre: Array
    basis: Array
    share: float

    def project(self, points: Array) -> Array:
        """The points' coordinates (n, k)."""
        return np.asarray((points - self.centre) @ self.basis)


def main_plane(points: Array) -> Components | None:
    """The plane of the two main components of ``points`` (n, d), d ≥ 2, in their own precision.

    None if the points are not finite, or so large that their variance is not.
    """
    points = np.asarray(points)
    with np.errstate(over="ignore", invalid="ignore"):
        centre = points.mean(axis=0)
        centred = points - centre
        covariance = np.asarray(centred.T @ centred, np.float64)
    total = float(np.trace(covariance))
    if not total < float(np.finfo(points.dtype).max):  # NaN, or an alignment of such points would overflow
        return None
    values, vectors = main_axes(covariance, 2)
    return Components(centre, _signed(vectors).astype(points.dtype), _share(values, total))


def main_components(points: Array, count: int = 2) -> Components:
    """The ``count`` main components of ``points`` (n, d), finite, in float64; fewer where they span fewer.

    At least one. From the smaller of the covariance (d, d) and the inner products (n, n).
    """
    points = np.asarray(points, np.float64)
    n, d = points.shape
    centre = points.mean(axis=0)
    centred = points - centre
    centred = centred / _largest(centred)
    total = float(np.square(centred).sum())
    values, vectors = main_axes(centred.T @ centred if d <= n else centred @ centred.T, min(count, n, d))
    count = max(1, int(np.count_nonzero(values > _NOTHING * values[0])))  # the rest is rounding error
    values, basis = values[:count], vectors[:, :count]
    if d > n:
        basis = centred.T @ basis
        norms = np.linalg.norm(basis, axis=0)
        basis = basis / np.where(norms > 0, norms, 1)
    return Components(centre, _signed(basis), _share(values, total))


def main_coordinates(points: Array) -> tuple[Array, Array]:
    """Each of many sets of ``points`` (sets, n, d), finite, in its own two main components.

    Coordinates (sets, n, 2) about its centre, the sign of each axis left open, and the share of variance (sets,).
    """
    centred = points - points.mean(axis=1, keepdims=True)
    largest = _largest(centred, axis=(1, 2))
    scaled = centred / largest
    values, vectors = main_axes(scaled @ scaled.mT, points.shape[1])
    flat = vectors[:, :, :2] * np.sqrt(values[:, None, :2]) * largest
    total = values.sum(axis=1)
    share = np.divide(values[:, :2].sum(axis=1), total, out=np.ones_like(total), where=total > 0)
    return flat, share


def main_axes(products: Array, count: int) -> tuple[Array, Array]:
    """The ``count`` largest eigenvalues (…, count) of symmetric matrices (…, m, m), falling and not below 0, and their
    eigenvectors (…, m, count)."""
    if products.ndim > 2:
        values, vectors = np.linalg.eigh(products)
    else:
        m = len(products)
        values, vectors = eigh(products, subset_by_index=[m - count, m - 1], check_finite=False)
    return values[..., ::-1][..., :count].clip(0), vectors[..., ::-1][..., :count]


def align(points: Array, onto: Array) -> Array:
    """The orthogonal matrix R (…, k, k) that brings ``points`` R nearest to ``onto``, both (…, n, k).

    Orthogonal Procrustes with reflection, without scaling (Schönemann 1966, Psychometrika 31).
    """
    product = points.mT @ onto
    u, _, vt = np.linalg.svd(product) if product.ndim > 2 else svd(product, check_finite=False)
    return np.asarray(u @ vt)


def turn(basis: Array, before: Array) -> float:
    """Largest principal angle between two planes, in degrees (Björck & Golub 1973): 0 the same, 90 at most."""
    basis, before = np.asarray(basis, np.float64), np.asarray(before, np.float64)
    # The sine, not the cosine: near 0° the cosine has lost half of the digits.
    away = basis - before @ (before.T @ basis)
    (a, b), (_, c) = away.T @ away
    sine = np.sqrt((a + c) / 2 + np.hypot((a - c) / 2, b))  # its larger singular value, in a third of svd's time
    return float(np.degrees(np.arcsin(min(1.0, float(sine)))))


def _largest(points: Array, axis: tuple[int, ...] | None = None) -> Array:
    """What the points are divided by so that no square overflows: the largest of them, or 1 where all are 0."""
    found = np.abs(points).max(axis=axis, keepdims=axis is not None, initial=0)
    return np.asarray(np.where(found > 0, found, 1))


def _signed(basis: Array) -> Array:
    """``basis`` (d, k) with the sign of each column such that its largest entry is positive."""
    columns = np.arange(basis.shape[1])
    return np.asarray(basis * np.where(basis[np.abs(basis).argmax(axis=0), columns] < 0, -1, 1))


def _share(values: Array, total: float) -> float:
    return float(np.clip(values.sum() / total, 0, 1)) if total > 0 else 1.0
