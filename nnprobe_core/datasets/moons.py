"""Two interleaved half circles: the simplest pair of classes that no straight line parts."""

from __future__ import annotations

import numpy as np

from nnprobe_core.datasets.declare import dataset
from nnprobe_core.datasets.sampling import Points, along, gaussian_noise, labelled, polar, stack


@dataset(classes=2)
def moons(*, n: int, rng: np.random.Generator, test: bool, noise: float) -> Points:
    """Two moons of ``n`` points each: (2n, 2) float32 and labels (2n,) uint8.

    The shapes, labels and noise (its standard deviation) of scikit-learn's ``make_moons``; angles are evenly spaced
    to train on and drawn uniformly to test on.
    """
    upper = polar(1.0, along(0, np.pi, n, rng, test=test))
    lower = np.array([1.0, 0.5]) - polar(1.0, along(0, np.pi, n, rng, test=test))
    return labelled(gaussian_noise(stack([upper, lower]), noise, rng), 2)
