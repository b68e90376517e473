"""The affine map behind recorded coordinates: where a plane, known by the points drawn in it, puts a new point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnprobe_core.maths.quantise import STEPS

Array = np.ndarray


@dataclass(frozen=True)
class AffineMap:
    """x (n, d) ↦ centre (k,) + (x − origin (d,)) @ basis (d, k)."""

    origin: Array
    centre: Array
    basis: Array

    def __call__(self, x: Array) -> Array:
        return np.asarray(self.centre + (np.asarray(x, np.float64) - self.origin) @ self.basis)


def fit_affine(x: Array, coordinates: Array) -> AffineMap | None:
    """The affine map that leads from points ``x`` (n, d) to their recorded ``coordinates`` (n, k).

    Least squares with a ridge no larger than the rounding of the coordinates asks for (their error's variance times
    d, for a basis of orthonormal columns: Hoerl & Kennard 1970), so that a direction in which the points hardly differ
    is left out instead of being made up. None where something is not finite.
    """
    x, coordinates = np.asarray(x, np.float64), np.asarray(coordinates, np.float64)
    if not (np.isfinite(x).all() and np.isfinite(coordinates).all()):
        return None
    origin, centre = x.mean(axis=0), coordinates.mean(axis=0)
    moved, found = x - origin, coordinates - centre
    error = float(np.ptp(coordinates, axis=0).max(initial=0)) / STEPS
    ridge = (error**2 / 12) * x.shape[1] + np.finfo(np.float64).tiny
    basis = np.linalg.solve(moved.T @ moved + ridge * np.eye(x.shape[1]), moved.T @ found)
    return AffineMap(origin, centre, basis)
