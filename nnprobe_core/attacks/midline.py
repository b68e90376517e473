"""The true midline between the arms of a spiral: a point pushed past it may rightly be called the other class."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from nnprobe_core.attacks.norms import norm_of

Array = np.ndarray

_PLACES = 2000  #: on each midline
_AT_ONCE = 200


class SpiralConfig(Protocol):
    """The fields of RunConfig that say where the arms are."""

    @property
    def data(self) -> str: ...
    @property
    def dataset(self) -> str: ...
    @property
    def radius(self) -> float: ...
    @property
    def max_phi(self) -> float: ...
    @property
    def arms(self) -> int: ...


def midline(config: SpiralConfig) -> Array | None:
    """Places on the curves halfway between neighbouring arms, (m, 2); None for a data set that has none.

    On every ray from the origin the arms of a spiral alternate at equal distances 2πR/arms, so halfway between them
    runs the same spiral turned by π/arms. It is followed from the origin to the angle where the arms end.
    """
    if config.data or config.dataset != "spiral":
        return None
    phi = np.linspace(0, config.max_phi, _PLACES)
    turns = np.pi * (2 * np.arange(config.arms)[:, None] + 1) / config.arms
    angle = phi + turns
    return np.stack([config.radius * phi * np.cos(angle), config.radius * phi * np.sin(angle)], axis=-1).reshape(-1, 2)


def distances(x: Array, curve: Array, norm: str = "linf") -> Array:
    """Per point of ``x`` (n, 2) the smallest ε (n,) whose ball, in this norm, reaches ``curve`` (m, 2)."""
    size, points = norm_of(norm).size, np.asarray(x, np.float64)
    found = np.empty(len(points))
    for at in range(0, len(points), _AT_ONCE):
        part = points[at : at + _AT_ONCE]
        between = (part[:, None] - curve).reshape(-1, 2)
        found[at : at + len(part)] = size(between).reshape(len(part), -1).min(axis=1)
    return found
