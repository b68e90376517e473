"""A disk with holes, and in each hole a spot of the other class: topology that a narrow network cannot undo."""

from __future__ import annotations

import numpy as np

from nnprobe_core.datasets.sampling import Array, Points, in_annulus, labelled, polar, stack


def holes(
    *,
    n: int,
    rng: np.random.Generator,
    holes: int,
    disk_radius: float,
    hole_radius: float,
    positive_radius: float,
) -> Points:
    """A disk with ``holes`` holes, ``n`` points a class: (2n, 2) float32 and labels (2n,) uint8.

    Class 0 lies uniformly in the disk of ``disk_radius`` outside every hole (of ``hole_radius``), class 1 uniformly in
    spots of ``positive_radius`` around the holes' centres, shared evenly over them. RunConfig holds the radii to
    values that leave room.
    """
    middle = centres(holes, disk_radius)
    spot = middle[np.arange(n) % holes] + in_annulus(0, positive_radius, n, rng)
    return labelled(stack([_outside(middle, hole_radius, disk_radius, n, rng), spot]), 2)


def centres(holes: int, disk_radius: float) -> Array:
    """The holes' centres (holes, 2): one at the origin, the others evenly on a ring of half the disk's radius."""
    angle = 2 * np.pi * np.arange(holes - 1) / max(1, holes - 1)
    return np.concatenate([np.zeros((1, 2)), polar(disk_radius / 2, angle)])


def _outside(middle: Array, hole_radius: float, disk_radius: float, n: int, rng: np.random.Generator) -> Array:
    if len(middle) == 1:  # an annulus: drawn directly, since little of the disk may be left to hit
        return in_annulus(hole_radius, disk_radius, n, rng)
    found = np.empty((0, 2))
    while len(found) < n:
        x = in_annulus(0, disk_radius, 2 * n, rng)
        distance = np.linalg.norm(x[:, None] - middle, axis=2).min(axis=1)
        found = np.concatenate([found, x[distance > hole_radius]])
    return found[:n]
