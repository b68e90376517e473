"""Two circles, one within the other: a third dimension parts them with one plane."""

from __future__ import annotations

import numpy as np

from nnprobe_core.datasets.declare import dataset
from nnprobe_core.datasets.sampling import Points, along, gaussian_noise, labelled, polar, stack

FACTOR = 0.5  #: radius of the inner circle; the outer one has 1


@dataset(classes=2)
def circles(*, n: int, rng: np.random.Generator, test: bool, noise: float) -> Points:
    """Two concentric circles of ``n`` points each: (2n, 2) float32 and labels (2n,) uint8.

    The shapes, labels (0 outside) and noise (its standard deviation) of scikit-learn's ``make_circles`` with factor
    .5; angles are evenly spaced to train on and drawn uniformly to test on.
    """
    x = [polar(scale, along(0, 2 * np.pi, n, rng, test=test, endpoint=False)) for scale in (1.0, FACTOR)]
    return labelled(gaussian_noise(stack(x), noise, rng), 2)
