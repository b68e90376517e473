"""A disk with holes, and in each hole a spot of the other class: topology that a narrow network cannot undo."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnprobe_core.datasets.declare import dataset
from nnprobe_core.datasets.sampling import Array, Points, in_annulus, labelled, polar, stack
from nnprobe_core.errors import ConfigError


def _room(config: Any) -> None:
    """No hole reaches another, the rim or the one in the middle, and no spot its hole's edge."""
    if config.positive_radius > config.hole_radius:
        raise ConfigError("positive_radius", f"at most hole_radius ({config.hole_radius:g})", config.positive_radius)
    # A ring of holes lies at half the radius: up to a sixth there is room.
    most = config.disk_radius if config.holes == 1 else config.disk_radius / 6
    if config.hole_radius >= most if config.holes == 1 else config.hole_radius > most:
        bound = (
            f"below {most:.4g} (disk_radius)" if config.holes == 1 else f"at most {most:.4g} for {config.holes} holes"
        )
        raise ConfigError("hole_radius", bound, config.hole_radius)


@dataset(classes=2, check=_room)
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
    spots of ``positive_radius`` around the holes' centres, shared evenly over them.
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
