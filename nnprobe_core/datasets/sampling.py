"""What the data sets are built from: places along a curve or in a disk, noise, and the stacking of classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Array = np.ndarray
Points = tuple[Array, Array]  #: x (N, 2) float32 and y (N,) uint8, class 0 first


def along(lo: float, hi: float, n: int, rng: np.random.Generator, *, test: bool, endpoint: bool = True) -> Array:
    """``n`` places on a curve, (n,): evenly spaced to train on, drawn uniformly and independently to test on.

    A random split of evenly spaced places would ask the network to interpolate between its neighbours only.
    """
    return rng.uniform(lo, hi, n) if test else np.linspace(lo, hi, n, endpoint=endpoint)


def in_annulus(inner: float, outer: float, n: int, rng: np.random.Generator) -> Array:
    """``n`` points uniform in area between two radii around the origin, (n, 2); a disk where ``inner`` is 0."""
    radius = np.sqrt(rng.uniform(inner**2, outer**2, n))
    return polar(radius, rng.uniform(0, 2 * np.pi, n))


def polar(radius: Array | float, angle: Array) -> Array:
    """Points (n, 2) at ``radius`` and ``angle`` (radians, counter-clockwise from the first axis)."""
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def stack(classes: Sequence[Array]) -> Array:
    """One (n, 2) array per class, one behind the other: (classes · n, 2) float64."""
    return np.concatenate([np.asarray(points, dtype=np.float64) for points in classes])


def labelled(x: Array, n_classes: int) -> Points:
    """``x`` (classes · n, 2) as float32 with its labels: equally many points of each class, class 0 first."""
    y = np.repeat(np.arange(n_classes, dtype=np.uint8), len(x) // n_classes)
    return x.astype(np.float32), y


def uniform_noise(x: Array, noise: float, rng: np.random.Generator) -> Array:
    """``x`` with U(−noise, +noise) added to each coordinate."""
    return x + rng.uniform(-noise, noise, x.shape)


def gaussian_noise(x: Array, noise: float, rng: np.random.Generator) -> Array:
    """``x`` with N(0, noise²) added to each coordinate."""
    return x + noise * rng.standard_normal(x.shape)
