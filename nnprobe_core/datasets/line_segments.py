"""Short straight lines strewn over a square, each of one of two classes: many small bends are needed."""

from __future__ import annotations

import numpy as np

from nnprobe_core.datasets.declare import dataset
from nnprobe_core.datasets.sampling import Points, labelled, polar, stack


@dataset(classes=2)
def line_segments(
    *, n: int, rng: np.random.Generator, layout: np.random.Generator, segments: int, line_length: float
) -> Points:
    """``segments`` segments for each of two classes, ``n`` points a class: (2n, 2) float32 and labels (2n,) uint8.

    A segment starts at U[−1, 1]² and runs ``line_length`` in a direction drawn uniformly; its points lie at
    U(0, line_length) along it. Starts, directions and which segment has which class come from ``layout``, so that
    training and test points lie on the *same* segments: the test says nothing of the gaps between. A class's points
    are shared evenly over its segments (one more on the first ones where ``n`` does not divide).
    """
    start = layout.uniform(-1, 1, (2 * segments, 2))
    direction = polar(1.0, layout.uniform(0, 2 * np.pi, 2 * segments))
    owner = layout.permutation(2 * segments).reshape(2, segments)
    classes = []
    for own in owner:
        segment = own[np.arange(n) % segments]
        place = rng.uniform(0, line_length, (n, 1))
        classes.append(start[segment] + place * direction[segment])
    return labelled(stack(classes), 2)
