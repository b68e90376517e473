"""Archimedean spirals, one arm a class: the longer the arms, the harder they are to part."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnprobe_core.datasets.declare import dataset
from nnprobe_core.datasets.sampling import Points, along, labelled, polar, stack, uniform_noise
from nnprobe_core.errors import ConfigError


def _rising(config: Any) -> None:
    if config.max_phi <= config.min_phi:
        raise ConfigError("max_phi", f"above min_phi ({config.min_phi:g})", config.max_phi)


@dataset(classes="arms", check=_rising)
def spiral(
    *,
    n: int,
    rng: np.random.Generator,
    test: bool,
    radius: float,
    min_phi: float,
    max_phi: float,
    noise: float,
    arms: int,
) -> Points:
    """``arms`` spiral arms of ``n`` points: (arms · n, 2) float32 and labels (arms · n,) uint8.

    Arm 0 is (Rφ cos φ, Rφ sin φ) for φ from ``min_phi`` to ``max_phi`` (radians), R being ``radius``, a factor and not
    the outer radius; arm k is arm 0 turned by 2πk/arms, which for two arms is the point reflection. ``noise``:
    U(−noise, +noise) on each coordinate. φ is evenly spaced to train on and drawn uniformly to test on, so the points
    are denser, per length, near the middle.
    """
    arms_xy = []
    for arm in range(arms):
        phi = along(min_phi, max_phi, n, rng, test=test)
        arms_xy.append(polar(radius * phi, phi + 2 * np.pi * arm / arms))
    return labelled(uniform_noise(stack(arms_xy), noise, rng), arms)
