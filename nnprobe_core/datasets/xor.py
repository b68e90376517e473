"""Four squares coloured crosswise: one hidden layer is needed, and two units can do."""

from __future__ import annotations

import numpy as np

from nnprobe_core.datasets.declare import dataset
from nnprobe_core.datasets.sampling import Points, labelled, stack, uniform_noise

GAP = 0.1  #: half the width of the empty cross between the squares


@dataset(classes=2)
def xor(*, n: int, rng: np.random.Generator, noise: float) -> Points:
    """The exclusive or of two signs, ``n`` points a class: (2n, 2) float32 and labels (2n,) uint8.

    Points are uniform in the four squares .1 < |x₁|, |x₂| < 1; class 0 where the coordinates' signs agree, class 1
    where they differ (Minsky and Papert, "Perceptrons", 1969). U(−noise, +noise) is added to each coordinate.
    """
    classes = []
    for sign in (1.0, -1.0):
        side = rng.choice((-1.0, 1.0), (n, 1))
        classes.append(side * rng.uniform(GAP, 1, (n, 2)) * np.array([1.0, sign]))
    return labelled(uniform_noise(stack(classes), noise, rng), 2)
