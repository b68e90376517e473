"""Planes to look at many dimensions in: the two main components, kept from flipping, and points as 16-bit numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh, orthogonal_procrustes

Array = np.ndarray

MISSING = 65535  #: the 16-bit code for a coordinate that is not finite
STEPS = 65534  #: codes 0…65534 stand for lo…hi


@dataclass(frozen=True)
class Plane:
    """A plane through ``centre`` (d,) along the two orthonormal columns of ``basis`` (d, 2).

    ``share`` is the part of the points' variance that it keeps, in [0, 1].
    """

    centre: Array
    basis: Array
    share: float

    def project(self, points: Array) -> Array:
        """The points' coordinates (n, 2) in the plane."""
        return np.asarray((points - self.centre) @ self.basis)


def main_plane(points: Array) -> Plane | None:
    """The plane of the two main components of ``points`` (n, d), d ≥ 2, centred on their mean.

    None if the points are not finite, or so large that their variance is not.

    PCA (Pearson 1901) by the eigenvectors of the covariance matrix; the sign of each is fixed by its largest entry.
    """
    points = np.asarray(points)
    d = points.shape[1]
    with np.errstate(over="ignore", invalid="ignore"):
        centre = points.mean(axis=0)
        centred = points - centre
        covariance = np.asarray(centred.T @ centred, np.float64)
    total = float(np.trace(covariance))
    if not total < float(np.finfo(points.dtype).max):  # NaN, or an alignment of such points would overflow
        return None
    values, vectors = eigh(covariance, subset_by_index=[d - 2, d - 1], check_finite=False)
    basis = vectors[:, ::-1]
    basis = basis * np.where(basis[np.abs(basis).argmax(axis=0), [0, 1]] < 0, -1, 1)
    share = float(np.clip(values.sum() / total, 0, 1)) if total > 0 else 1.0
    return Plane(centre, basis.astype(points.dtype), share)


def align(points: Array, onto: Array) -> Array:
    """The orthogonal matrix R (2, 2) that brings ``points`` R nearest to ``onto``, both (n, 2).

    Orthogonal Procrustes with reflection, without scaling (Schönemann 1966, Psychometrika 31).
    """
    rotation, _ = orthogonal_procrustes(points, onto, check_finite=False)
    return np.asarray(rotation)


def turn(basis: Array, before: Array) -> float:
    """Largest principal angle between two planes, in degrees (Björck & Golub 1973): 0 the same, 90 at most."""
    basis, before = np.asarray(basis, np.float64), np.asarray(before, np.float64)
    # The sine, not the cosine: near 0° the cosine has lost half of the digits.
    away = basis - before @ (before.T @ basis)
    (a, b), (_, c) = away.T @ away
    sine = np.sqrt((a + c) / 2 + np.hypot((a - c) / 2, b))  # its larger singular value, in a third of svd's time
    return float(np.degrees(np.arcsin(min(1.0, float(sine)))))


def quantise(points: Array) -> tuple[Array, Array]:
    """``points`` (n, k) as 16-bit numbers: uint16 (n, k), and float32 (k, 2), the lo and hi of each axis.

    A value is lo + q / 65534 · (hi − lo), right to half a step; 65535 stands for what is not finite, and an axis
    without a finite value has the range 0, 0. ``points`` of float64 keep what float32 would round, in a range that is
    the next wider one of float32.
    """
    points = np.asarray(points)
    kind = np.float64 if points.dtype == np.float64 else np.float32
    rows = np.ascontiguousarray(points.T, kind)  # two or three long rows, not n short ones
    finite = np.isfinite(rows)
    whole = bool(finite.all())
    lo = (rows if whole else np.where(finite, rows, np.inf)).min(axis=1, initial=np.inf)
    hi = (rows if whole else np.where(finite, rows, -np.inf)).max(axis=1, initial=-np.inf)
    span = np.stack([lo, hi], axis=1).astype(np.float32)
    span[:, 0] = np.where(span[:, 0] > lo, np.nextafter(span[:, 0], np.float32(-np.inf)), span[:, 0])
    span[:, 1] = np.where(span[:, 1] < hi, np.nextafter(span[:, 1], np.float32(np.inf)), span[:, 1])
    span[lo > hi] = 0
    width = span[:, 1].astype(np.float64) - span[:, 0]
    scale = np.divide(STEPS, width, out=np.zeros_like(width), where=width > 0)
    steps = (rows if whole else np.where(finite, rows, span[:, :1])) - span[:, :1].astype(np.float64)
    codes = np.rint(steps * scale[:, None])
    if not whole:
        codes[~finite] = MISSING
    return np.ascontiguousarray(codes.T.astype(np.uint16)), span


def dequantise(codes: Array, span: Array) -> Array:
    """What :func:`quantise` was given, as float32 (n, k), to half a step; NaN where it was not finite."""
    span = np.asarray(span, np.float64)
    points = span[:, 0] + codes / STEPS * (span[:, 1] - span[:, 0])
    return np.where(codes == MISSING, np.nan, points).astype(np.float32)
