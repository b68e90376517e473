"""Gaussian blobs evenly on a circle, one a class: several classes at once, parted by straight lines."""

from __future__ import annotations

import numpy as np

from nnprobe_core.datasets.declare import dataset
from nnprobe_core.datasets.sampling import Points, gaussian_noise, labelled, polar


@dataset(classes="classes")
def blobs(*, n: int, rng: np.random.Generator, classes: int, noise: float) -> Points:
    """``classes`` isotropic Gaussian blobs of ``n`` points: (classes · n, 2) float32, labels (classes · n,) uint8.

    Centres stand evenly on the unit circle, the first at (1, 0), so that every class is as hard as the others and no
    two can fall together; ``noise`` is the standard deviation of each coordinate (scikit-learn's ``cluster_std``).
    """
    centres = polar(1.0, 2 * np.pi * np.arange(classes) / classes)
    return labelled(gaussian_noise(np.repeat(centres, n, axis=0), noise, rng), classes)
