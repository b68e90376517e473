"""Joint principal components of every pair of classes in a layer, held still from stage to stage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from nnprobe_core.maths.evenly import evenly
from nnprobe_core.maths.pca import align, main_coordinates
from nnprobe_core.maths.quantise import dequantise, quantise

Array = np.ndarray

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
        drawn = [of_class[evenly(len(of_class), self.count, ends=True)] for of_class in members]
        self._index = np.array([np.concatenate([drawn[a], drawn[b]]) for a, b in self.pairs])

    def project(self, output: Array, before: Array | None) -> tuple[Array, Array]:
        """Coordinates (pairs, 2 · count, 2) about each pair's centre, and the share of variance kept (pairs,).

        Of a layer's ``output`` (n, units), turned or mirrored to lie as near as possible to ``before``, of the same
        shape, so that a sign that PCA leaves open makes no picture jump. NaN where the output is not finite.
        """
        points = np.asarray(output, np.float64)[self._index]
        finite = np.isfinite(points).all(axis=(1, 2))
        flat, share = main_coordinates(np.where(finite[:, None, None], points, 0))
        if before is not None:
            usable = np.isfinite(before).all(axis=(1, 2)) & finite
            turned = flat @ align(flat, np.where(usable[:, None, None], before, 0))
            flat = np.where(usable[:, None, None], turned, flat)
        flat[~finite], share[~finite] = np.nan, np.nan
        return flat, share


def encoded(flat: Array) -> tuple[Array, Array]:
    """Coordinates (pairs, n, 2) as 16-bit codes, and the largest of each pair without its sign, float32 (pairs,)."""
    radius = np.nan_to_num(np.abs(flat).max(axis=(1, 2))).astype(np.float32)
    unit = np.where(radius > 0, radius, 1)[:, None, None]
    return quantise(flat, -unit, unit), radius


def decoded(codes: Array, radius: Array) -> Array:
    """What :func:`encoded` was given, to half a step; NaN where it was not finite."""
    return dequantise(codes, -radius[:, None, None], radius[:, None, None])
