"""A disk inside an annulus: two units cannot part them at any depth, a third one can."""

from __future__ import annotations

import numpy as np

from nnprobe_core.datasets.declare import dataset
from nnprobe_core.datasets.sampling import Points, in_annulus, labelled, stack, uniform_noise

DISK = 0.5  #: radius of the disk, class 0
ANNULUS = (0.7, 1.0)  #: inner and outer radius of class 1


@dataset(classes=2)
def ring(*, n: int, rng: np.random.Generator, noise: float) -> Points:
    """A disk of radius .5 within an annulus from .7 to 1, ``n`` points a class: (2n, 2) float32, labels (2n,) uint8.

    Uniform in area, with U(−noise, +noise) on each coordinate. A network no layer of which is wider than its two
    inputs cannot enclose the disk (Johnson, "Deep, skinny neural networks are not universal approximators", 2019).
    """
    x = stack([in_annulus(0, DISK, n, rng), in_annulus(*ANNULUS, n, rng)])
    return labelled(uniform_noise(x, noise, rng), 2)
