"""Joint principal components of every pair of classes in a layer, held still from stage to stage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from nnprobe_core.separation.study import evenly

Array = np.ndarray

MISSING, STEPS = 65535, 65534  #: codes of quantised coordinates, as in a film's maps
SHOWN = 30  #: points per class and pair


class PairPlanes:
    """Some points of each class, evenly chosen, as each pair's own two main components show them.

    Parameters
    ----------
    labels : int (n,)
        Classes of the points.
    classes : sequence of int
        All that are compared; pairs are (0, 1), (0, 2), … of them.
    """

    def __init__(self, labels: Array, classes: Sequence[int]) -> None:
        members = [np.flatnonzero(labels == label) for label in classes]
        self.count = min(SHOWN, *map(len, members))  #: points of each class
        self.pairs = list(combinations(range(len(classes)), 2))
        drawn = [evenly(of_class, self.count) for of_class in members]
        self._index = np.array([np.concatenate([drawn[a], drawn[b]]) for a, b in self.pairs])

    def project(self, output: Array, before: Array | None) -> tuple[Array, Array]:
        """Coordinates (pairs, 2 · count, 2) about each pair's centre, and the share of variance kept (pairs,).

        Of a layer's ``output`` (n, units). PCA (Pearson 1901), turned or mirrored to lie as near as possible to
        ``before``, of the same shape (orthogonal Procrustes, Schönemann 1966), so that a sign that PCA leaves open
        makes no picture jump. NaN where the output is not finite.
        """
        points = np.asarray(output, np.float64)[self._index]
        finite = np.isfinite(points).all(axis=(1, 2))
        points = np.where(finite[:, None, None], points, 0)
        points = points - points.mean(axis=1, keepdims=True)
        largest = np.abs(points).max(axis=(1, 2), keepdims=True)
        scaled = points / np.where(largest > 0, largest, 1)  # so that no square overflows
        products = scaled @ scaled.mT
        values, vectors = np.linalg.eigh(products)
        values, vectors = values[:, ::-1].clip(0), vectors[:, :, ::-1]
        flat = vectors[:, :, :2] * np.sqrt(values[:, None, :2]) * largest
        total = values.sum(axis=1)
        share = np.divide(values[:, :2].sum(axis=1), total, out=np.ones_like(total), where=total > 0)
        if before is not None:
            usable = np.isfinite(before).all(axis=(1, 2)) & finite
            u, _, vt = np.linalg.svd(flat.mT @ np.where(usable[:, None, None], before, 0))
            flat = np.where(usable[:, None, None], flat @ (u @ vt), flat)
        flat[~finite], share[~finite] = np.nan, np.nan
        return flat, share


def quantise(flat: Array) -> tuple[Array, Array]:
    """Coordinates (pairs, n, 2) as uint16, and the radius (pairs,) float32: value = (q / 32767 − 1) · radius.

    65535 stands for what is not finite.
    """
    radius = np.nan_to_num(np.abs(flat).max(axis=(1, 2))).astype(np.float32)
    unit = np.where(radius > 0, radius, 1).astype(np.float64)[:, None, None]
    codes = np.rint((np.clip(np.nan_to_num(flat) / unit, -1, 1) + 1) * (STEPS / 2))
    return np.where(np.isfinite(flat), codes, MISSING).astype(np.uint16), radius


def dequantise(codes: Array, radius: Array) -> Array:
    """What :func:`quantise` was given, to half a step; NaN where it was not finite."""
    flat = (codes / (STEPS / 2) - 1) * radius.astype(np.float64)[:, None, None]
    return np.where(codes == MISSING, np.nan, flat)
